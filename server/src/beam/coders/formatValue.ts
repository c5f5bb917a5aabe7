import type {
  BeamValue,
  OpaqueValue,
  PaneInfo,
  PickleValue,
  PythonObjectValue,
  TimerValue,
} from './beamValue.js';
import type { KindedValue } from './expectValue.js';
import { isKinded } from './expectValue.js';
import { formatDecimal, textOf, toHex } from './formatScalar.js';
import { formatDate, formatTimestamp } from './formatTime.js';

const defaultMaxLength = 1000;
const shownBytes = 32;

/**
 * A value on one line for people: `("user1", 3)`, `Row(id=7, price=1.50)`, `b"text"`, `0x00ff`,
 * `2020-08-13T14:14:14.123Z`, `<beam:coders:javasdk:0.1, 12 bytes: 0x…>`.
 * @param maxLength in characters; what is longer is cut and ends with …
 */
export function formatValue(value: BeamValue, maxLength = defaultMaxLength): string {
  const text = format(value, maxLength);
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}

/** The text of a value, of which no more than about `room` characters matter. */
function format(value: BeamValue, room: number): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return formatInteger(value);
  if (typeof value === 'number') return formatDouble(value);
  if (typeof value === 'string') return quote(value, room);
  if (value instanceof Uint8Array) return formatBytes(value, room);
  return isKinded(value) ? formatKinded(value, room) : list('[', value, ']', room);
}

function formatKinded(value: KindedValue, room: number): string {
  switch (value.kind) {
    case 'kv':
      return list('(', [value.key, value.value], ')', room);
    case 'tuple':
      return list('(', value.items, value.items.length === 1 ? ',)' : ')', room);
    case 'set':
      return list('{', value.items, '}', room);
    case 'map':
      return joined('{', value.entries, '}', room, ([key, entry], left) => {
        return `${format(key, left)}: ${format(entry, left)}`;
      });
    case 'row':
      return joined('Row(', value.fields, ')', room, ([name, field], left) => {
        return `${name}=${format(field, left)}`;
      });
    case 'timestamp':
      return formatTimestamp(value.units, value.precision);
    case 'date':
      return formatDate(value.days);
    case 'decimal':
      return formatDecimal(value);
    case 'global window':
      return 'global window';
    case 'interval window':
      return `[${formatMillis(value.startMillis)}, ${formatMillis(value.endMillis)})`;
    case 'custom window':
      return `window(${format(value.window, room)}, up to ${formatMillis(value.maxTimestampMillis)})`;
    case 'pane':
      return formatPane(value);
    case 'windowed value': {
      const time = formatMillis(value.timestampMillis);
      const windows = list('', value.windows, '', room);
      return `${format(value.value, room)} @ ${time} in ${windows}, ${formatPane(value.pane)}`;
    }
    case 'timer':
      return formatTimer(value, room);
    case 'sharded key':
      return `${format(value.key, room)} of shard ${formatBytes(value.shardId, room)}`;
    case 'state-backed':
      return `${list('[', value.items, '', room)} … rest in state ${formatBytes(value.token, room)}]`;
    case 'python object':
      return formatPythonObject(value, room);
    case 'pickle':
      return formatPickle(value);
    case 'opaque':
      return formatOpaque(value);
  }
}

function list(open: string, items: BeamValue[], close: string, room: number): string {
  return joined(open, items, close, room, format);
}

/** Items with commas between, up to where the room ends. */
function joined<T>(
  open: string,
  items: T[],
  close: string,
  room: number,
  formatItem: (item: T, room: number) => string,
): string {
  let text = open;
  for (const [index, item] of items.entries()) {
    if (text.length > room) return `${text}, …`;
    text += `${index > 0 ? ', ' : ''}${formatItem(item, room - text.length)}`;
  }
  return text + close;
}

/** Text on one line, in which nothing can change how the rest is shown. */
function quote(text: string, room: number): string {
  return JSON.stringify(text.slice(0, room + 1)).replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function formatBytes(bytes: Uint8Array, room: number): string {
  const text = textOf(bytes);
  return text === undefined ? formatHex(bytes) : `b${quote(text, room)}`;
}

function formatHex(bytes: Uint8Array): string {
  if (bytes.length <= shownBytes) return `0x${toHex(bytes)}`;
  return `0x${toHex(bytes.subarray(0, shownBytes))}… (${bytes.length} bytes)`;
}

function formatInteger(value: bigint): string {
  // The decimal digits of an integer of a million bits take long, and say nothing.
  const hex = value.toString(16);
  return hex.length > defaultMaxLength
    ? `${hex.slice(0, shownBytes)}… (hexadecimal)`
    : String(value);
}

function formatDouble(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
}

function formatMillis(millis: bigint): string {
  return formatTimestamp(millis, 3);
}

function formatPane({ timing, isFirst, isLast, index, onTimeIndex }: PaneInfo): string {
  const place = [isFirst && 'first', isLast && 'last'].filter(Boolean).join(' and ');
  return `${timing} pane ${index}/${onTimeIndex}${place && ` (${place})`}`;
}

function formatTimer(
  { userKey, dynamicTimerTag, windows, firing }: TimerValue,
  room: number,
): string {
  const name = `timer ${quote(dynamicTimerTag, room)} of ${format(userKey, room)}`;
  const place = list('in ', windows, '', room);
  if (!firing) return `${name} ${place}, cleared`;
  const { fireTimestampMillis, holdTimestampMillis, pane } = firing;
  const times = `fires ${formatMillis(fireTimestampMillis)}, holds ${formatMillis(holdTimestampMillis)}`;
  return `${name} ${place}, ${times}, ${formatPane(pane)}`;
}

function formatPythonObject(object: PythonObjectValue, room: number): string {
  const { form, typeName, items, names } = object;
  const open = `${typeName ?? `<${form} of a pickled type of ${object.type.length} bytes>`}(`;
  return joined(open, [...items.entries()], ')', room, ([index, item], left) => {
    const name = names?.[index];
    return `${name === undefined ? '' : `${name}=`}${format(item, left)}`;
  });
}

function formatPickle({ bytes, typeName, timestamp }: PickleValue): string {
  if (timestamp) return formatTimestamp(timestamp.units, timestamp.precision);
  return `<pickle${typeName ? ` of ${typeName}` : ''}, ${lengthAndHex(bytes)}>`;
}

function formatOpaque({ coder, coderClass, bytes }: OpaqueValue): string {
  return `<${coder}${coderClass ? ` ${coderClass}` : ''}, ${lengthAndHex(bytes)}>`;
}

function lengthAndHex(bytes: Uint8Array): string {
  const cut = bytes.length > shownBytes ? '…' : '';
  return `${bytes.length} bytes: 0x${toHex(bytes.subarray(0, shownBytes))}${cut}`;
}
