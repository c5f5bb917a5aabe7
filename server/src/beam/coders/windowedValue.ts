import {
  GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS,
  MAX_TIMESTAMP_MILLIS,
  MIN_TIMESTAMP_MILLIS,
} from '../urns.js';
import { CoderError } from './coderError.js';
import { varintBytes } from './varint.js';

// A windowed value in the global window, as it travels on the data plane:
//   0  timestamp, big-endian ms with the sign bit flipped
//   8  int32 count of windows; the global window itself has no bytes
//  12  pane: its high nibble tells how many varints follow
//   …  varint length, element
const windowCountAt = 8;
const paneAt = 12;
const shortestValue = 14;
/** First and last pane, timing unknown: what an element has that no trigger fired. */
const noFiringPane = 0x0f;

const namedExtremes = [
  MIN_TIMESTAMP_MILLIS,
  GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS,
  MAX_TIMESTAMP_MILLIS,
];

/**
 * Called for each windowed value. Offsets count from the start of the data: `paneOffset` is where the
 * pane begins ({@link readPane}), `elementStart` is behind the length.
 * @param timestampMillis the nearest double, exact within ±2^53; see {@link exactTimestampMillis}
 */
export type WindowedElementVisitor = (
  timestampMillis: number,
  paneOffset: number,
  elementStart: number,
  elementEnd: number,
) => void;

/** What {@link summarize} tells. Without elements the timestamps are Infinity and -Infinity. */
export interface WindowedElementsSummary {
  count: number;
  /** ms since the epoch; the nearest double, see {@link exactTimestampMillis}. */
  minTimestampMillis: number;
  maxTimestampMillis: number;
}

/**
 * Walks over concatenated windowed values of the global window whose elements are length-prefixed.
 * @throws CoderError that names the offset for data of any other form; what came before was visited.
 */
export function forEachWindowedElement(data: Uint8Array, visit: WindowedElementVisitor): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let offset = 0;
  while (offset < data.length) {
    const lengthOffset = endOfHeader(data, view, offset);
    const elementStart = endOfVarint(data, lengthOffset);
    const elementEnd = elementStart + elementLength(data, lengthOffset, elementStart);
    const timestampMillis = toMillis(view.getInt32(offset), view.getUint32(offset + 4));
    visit(timestampMillis, offset + paneAt, elementStart, elementEnd);
    offset = elementEnd;
  }
}

/** Offsets of a windowed pair: where its header begins and ends, and its value without the length. */
export type KeyedElementVisitor = (
  headerStart: number,
  headerEnd: number,
  valueStart: number,
  valueEnd: number,
) => void;

/**
 * Walks over concatenated windowed values of the global window that are pairs of bytes, both length-prefixed.
 * @throws CoderError as {@link forEachWindowedElement} does
 */
export function forEachKeyedElement(data: Uint8Array, visit: KeyedElementVisitor): void {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let offset = 0;
  while (offset < data.length) {
    const headerEnd = endOfHeader(data, view, offset);
    const keyStart = endOfVarint(data, headerEnd);
    const keyEnd = keyStart + elementLength(data, headerEnd, keyStart);
    const valueStart = endOfVarint(data, keyEnd);
    const valueEnd = valueStart + elementLength(data, keyEnd, valueStart);
    visit(offset, headerEnd, valueStart, valueEnd);
    offset = valueEnd;
  }
}

/** Counts windowed values and finds the span of their timestamps. Same data, same errors as above. */
export function summarize(data: Uint8Array): WindowedElementsSummary {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  let count = 0;
  let min = Infinity;
  let max = -Infinity;
  let offset = 0;
  while (offset < data.length) {
    const lengthOffset = endOfHeader(data, view, offset);
    const timestampMillis = toMillis(view.getInt32(offset), view.getUint32(offset + 4));
    if (timestampMillis < min) min = timestampMillis;
    if (timestampMillis > max) max = timestampMillis;
    count++;
    const elementStart = endOfVarint(data, lengthOffset);
    offset = elementStart + elementLength(data, lengthOffset, elementStart);
  }
  return { count, minTimestampMillis: min, maxTimestampMillis: max };
}

/** Cuts windowed values between elements into parts of so many bytes, or of one element that is larger. Same data, same errors as above. */
export function splitWindowedValues(data: Uint8Array, maxBytes: number): Uint8Array[] {
  if (data.length <= maxBytes) return [data];
  const parts: Uint8Array[] = [];
  let start = 0;
  let end = 0;
  forEachWindowedElement(data, (_timestamp, _pane, _elementStart, elementEnd) => {
    if (elementEnd - start > maxBytes && end > start) {
      parts.push(data.subarray(start, end));
      start = end;
    }
    end = elementEnd;
  });
  return [...parts, data.subarray(start)];
}

/**
 * The timestamp that a double stands for. Doubles are exact within ±2^53. Beyond, where Beam's start and
 * end of time and the end of its global window lie, every second number has no double: these three come
 * out exactly, any other at most 1 ms off.
 * @throws RangeError for NaN, infinities and fractions.
 */
export function exactTimestampMillis(timestampMillis: number): bigint {
  if (!Number.isSafeInteger(timestampMillis)) {
    for (const extreme of namedExtremes) {
      if (Number(extreme) === timestampMillis) return extreme;
    }
  }
  return BigInt(timestampMillis);
}

/** A pair of a key, shorter than 128 bytes, and nothing, in the global window. */
export function encodeWindowedKey(timestampMillis: bigint, key: string): Uint8Array {
  const keyed = encodeWindowedElement(timestampMillis, Buffer.from(key));
  return Buffer.concat([keyed, Uint8Array.of(0)]);
}

/** A windowed value in the global window and no pane in particular, with its element length-prefixed. */
export function encodeWindowedElement(
  timestampMillis: number | bigint,
  element: Uint8Array,
): Uint8Array {
  const exact =
    typeof timestampMillis === 'bigint' ? timestampMillis : exactTimestampMillis(timestampMillis);
  const lengthBytes = varintBytes(element.length);
  const encoded = new Uint8Array(paneAt + 1 + lengthBytes + element.length);
  const view = new DataView(encoded.buffer);
  view.setBigInt64(0, exact ^ (-1n << 63n));
  view.setInt32(windowCountAt, 1);
  encoded[paneAt] = noFiringPane;
  let rest = element.length;
  for (let at = paneAt + 1; at < paneAt + 1 + lengthBytes; at++) {
    encoded[at] = rest > 0x7f ? (rest & 0x7f) | 0x80 : rest;
    rest >>>= 7;
  }
  encoded.set(element, paneAt + 1 + lengthBytes);
  return encoded;
}

/** From the two halves of an encoded timestamp: the flipped sign bit is flipped back. */
function toMillis(high: number, low: number): number {
  return (high ^ 0x80000000) * 0x100000000 + low;
}

/** Checks the windows and the pane of the value at an offset; answers where its length begins. */
function endOfHeader(data: Uint8Array, view: DataView, offset: number): number {
  if (data.length - offset < shortestValue) {
    throw new CoderError(`Windowed value cut off: ${data.length - offset} bytes left`, offset);
  }
  const windows = view.getInt32(offset + windowCountAt);
  if (windows !== 1) {
    throw new CoderError(`Expected 1 global window, found ${windows} windows`, offset);
  }
  const pane = offset + paneAt;
  const indices = (data[pane] ?? 0) >> 4;
  if (indices === 0) return pane + 1;
  if (indices > 2) throw new CoderError(`Unknown pane encoding ${indices}`, pane);
  const end = endOfVarint(data, pane + 1);
  return indices === 1 ? end : endOfVarint(data, end);
}

function endOfVarint(data: Uint8Array, offset: number): number {
  let end = offset;
  while ((data[end] ?? 0) > 0x7f) end++;
  if (end >= data.length) throw new CoderError('Varint cut off', offset);
  if (end - offset > 9) throw new CoderError('Varint longer than 10 bytes', offset);
  return end + 1;
}

function elementLength(data: Uint8Array, offset: number, end: number): number {
  let length = data[end - 1] ?? 0;
  for (let at = end - 2; at >= offset; at--) length = length * 0x80 + ((data[at] ?? 0) & 0x7f);
  if (length > data.length - end) {
    throw new CoderError(`Element of ${length} bytes, but ${data.length - end} are left`, offset);
  }
  return length;
}
