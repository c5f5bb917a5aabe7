import type { BeamValue, PaneInfo } from './beamValue.js';
import type { KindedValue } from './expectValue.js';
import { isKinded } from './expectValue.js';
import { formatDecimal, textOf, toHex } from './formatScalar.js';
import { formatDate, formatTimestamp } from './formatTime.js';

/**
 * A value as plain JSON data:
 * - integers are numbers, those beyond ±2^53 their digits as text; NaN and infinities are their names;
 * - bytes that are readable UTF-8 (no control characters but tabs and line ends) are text, others
 *   `{"bytes": base64}`;
 * - times and dates are ISO 8601 text, decimals their digits as text;
 * - pairs are `{"key", "value"}`, rows and maps with text keys objects, other maps lists of such pairs;
 *   lists, tuples and sets are arrays;
 * - what only its SDK understands has `length` in bytes and all bytes as `hex`.
 */
export function toJson(value: BeamValue): unknown {
  if (typeof value === 'bigint') return safeInteger(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return textOf(value) ?? { bytes: base64(value) };
  if (Array.isArray(value)) return value.map(toJson);
  return isKinded(value) ? kindedToJson(value) : value;
}

function kindedToJson(value: KindedValue): unknown {
  switch (value.kind) {
    case 'kv':
      return { key: toJson(value.key), value: toJson(value.value) };
    case 'tuple':
    case 'set':
      return value.items.map(toJson);
    case 'map':
      return mapToJson(value.entries);
    case 'row':
      return Object.fromEntries(value.fields.map(([name, field]) => [name, toJson(field)]));
    case 'timestamp':
      return formatTimestamp(value.units, value.precision);
    case 'date':
      return formatDate(value.days);
    case 'decimal':
      return formatDecimal(value);
    case 'global window':
      return 'global';
    case 'interval window':
      return { start: isoMillis(value.startMillis), end: isoMillis(value.endMillis) };
    case 'custom window':
      return { maxTimestamp: isoMillis(value.maxTimestampMillis), window: toJson(value.window) };
    case 'pane':
      return paneToJson(value);
    case 'windowed value':
      return {
        value: toJson(value.value),
        timestamp: isoMillis(value.timestampMillis),
        windows: value.windows.map(toJson),
        pane: paneToJson(value.pane),
      };
    case 'timer':
      return {
        userKey: toJson(value.userKey),
        dynamicTimerTag: value.dynamicTimerTag,
        windows: value.windows.map(toJson),
        clearBit: value.firing === undefined,
        ...(value.firing && {
          fireTimestamp: isoMillis(value.firing.fireTimestampMillis),
          holdTimestamp: isoMillis(value.firing.holdTimestampMillis),
          pane: paneToJson(value.firing.pane),
        }),
      };
    case 'sharded key':
      return { shardId: toJson(value.shardId), key: toJson(value.key) };
    case 'state-backed':
      return { items: value.items.map(toJson), stateToken: toJson(value.token) };
    case 'python object': {
      const { form, typeName, items, names } = value;
      return {
        form,
        type: typeName ?? bytesToJson(value.type),
        items: items.map(toJson),
        ...(names && { names }),
      };
    }
    case 'pickle': {
      if (value.timestamp) return toJson(value.timestamp);
      return { pickle: value.typeName ?? null, ...bytesToJson(value.bytes) };
    }
    case 'opaque': {
      const { coder, coderClass, bytes } = value;
      return { coder, ...(coderClass && { coderClass }), ...bytesToJson(bytes) };
    }
  }
}

function mapToJson(entries: [BeamValue, BeamValue][]): unknown {
  const byText = entries.filter(
    (entry): entry is [string, BeamValue] => typeof entry[0] === 'string',
  );
  if (byText.length === entries.length) {
    return Object.fromEntries(byText.map(([key, entry]) => [key, toJson(entry)]));
  }
  return entries.map(([key, entry]) => ({ key: toJson(key), value: toJson(entry) }));
}

/** A pane's members. */
export function paneToJson({ kind: _, index, onTimeIndex, ...flags }: PaneInfo): unknown {
  return { ...flags, index: safeInteger(index), onTimeIndex: safeInteger(onTimeIndex) };
}

function bytesToJson(bytes: Uint8Array): { length: number; hex: string } {
  return { length: bytes.length, hex: toHex(bytes) };
}

function safeInteger(value: bigint): number | string {
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function isoMillis(millis: bigint): string {
  return formatTimestamp(millis, 3);
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
