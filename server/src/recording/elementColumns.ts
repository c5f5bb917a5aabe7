// docs/recording-format.md describes the columns. They take less than the windowed values of which they are made, and
// deflate to less, in less time.

/** Timestamp and number of windows, which is 1: the global window has no bytes itself. */
const beforePane = 12;
/** The first four bytes of a timestamp of 0, as Beam encodes it. */
const zeroHigh = 0x80000000;

/**
 * Windowed values in columns; no longer than they are.
 * @param data windowed values in the global window with length-prefixed elements, found to be whole
 * @param count how many there are
 */
export function toColumns(data: Uint8Array, count: number): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const columns = Buffer.allocUnsafe(data.length);
  const panes = new Uint32Array(count);
  const lengths = new Uint32Array(count);
  const elements = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let to = 0;
  let high = zeroHigh;
  let low = 0;
  for (let index = 0, at = 0; index < count; index++) {
    const nextHigh = view.getUint32(at);
    const nextLow = view.getUint32(at + 4);
    to = writeSigned(columns, to, nextHigh - high - (nextLow < low ? 1 : 0), nextLow - low);
    high = nextHigh;
    low = nextLow;
    panes[index] = at + beforePane;
    const length = endOfPane(data, at + beforePane);
    lengths[index] = length;
    const element = endOfVarint(data, length);
    elements[index] = element;
    at = element + varint(data, length, element);
    ends[index] = at;
  }
  const copy = (starts: Uint32Array, stops: Uint32Array): void => {
    for (let index = 0; index < count; index++)
      to = copyBytes(data, starts[index] ?? 0, stops[index] ?? 0, columns, to);
  };
  copy(panes, lengths);
  copy(lengths, elements);
  copy(elements, ends);
  return columns.subarray(0, to);
}

/**
 * The windowed values of which columns were made.
 * @throws RangeError if they are no columns of so many values
 */
export function fromColumns(columns: Uint8Array, count: number): Uint8Array {
  if (count > columns.length)
    throw new RangeError(`${columns.length} bytes hold less than ${count} values`);
  const highs = new Uint32Array(count);
  const lows = new Uint32Array(count);
  let at = 0;
  let high = zeroHigh;
  let low = 0;
  for (let index = 0; index < count; index++) {
    const end = endOfVarint(columns, at);
    const [deltaHigh, deltaLow] = readSigned(columns, at, end);
    const sum = low + deltaLow;
    high = (high + deltaHigh + (sum > 0xffffffff ? 1 : 0)) >>> 0;
    low = sum >>> 0;
    highs[index] = high;
    lows[index] = low;
    at = end;
  }
  const windowed = Buffer.allocUnsafe(columns.length - at + count * beforePane);
  const view = new DataView(windowed.buffer, windowed.byteOffset, windowed.length);
  let pane = at;
  for (let index = 0; index < count; index++) at = endOfPane(columns, at);
  let length = at;
  for (let index = 0; index < count; index++) at = endOfVarint(columns, at);
  let to = 0;
  for (let index = 0; index < count; index++) {
    const paneEnd = endOfPane(columns, pane);
    const lengthEnd = endOfVarint(columns, length);
    const end = at + varint(columns, length, lengthEnd);
    if (end > columns.length) throw new RangeError(`Value ${index + 1} is cut off`);
    view.setUint32(to, highs[index] ?? 0);
    view.setUint32(to + 4, lows[index] ?? 0);
    view.setUint32(to + 8, 1);
    to = copyBytes(columns, pane, paneEnd, windowed, to + beforePane);
    to = copyBytes(columns, length, lengthEnd, windowed, to);
    to = copyBytes(columns, at, end, windowed, to);
    pane = paneEnd;
    length = lengthEnd;
    at = end;
  }
  if (at !== columns.length) throw new RangeError(`${columns.length - at} bytes are left over`);
  return windowed;
}

/** The high nibble of a pane's first byte tells how many varints follow. */
function endOfPane(bytes: Uint8Array, pane: number): number {
  let end = pane + 1;
  for (let indices = (bytes[pane] ?? 0) >> 4; indices > 0; indices--) end = endOfVarint(bytes, end);
  return end;
}

function endOfVarint(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) > 0x7f) end++;
  return end + 1;
}

function varint(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  for (let last = end - 1; last >= at; last--) value = value * 0x80 + ((bytes[last] ?? 0) & 0x7f);
  return value;
}

/** Writes a number of 64 bits, given in halves, as a varint of its zigzag code; answers where that ends. */
function writeSigned(to: Uint8Array, start: number, high: number, low: number): number {
  const sign = (high | 0) >> 31;
  let restHigh = ((high << 1) | (low >>> 31)) ^ sign;
  let rest = (low << 1) ^ sign;
  let at = start;
  while (restHigh !== 0 || rest >>> 0 > 0x7f) {
    to[at++] = (rest & 0x7f) | 0x80;
    rest = (rest >>> 7) | (restHigh << 25);
    restHigh >>>= 7;
  }
  to[at++] = rest;
  return at;
}

/** The halves of a number of 64 bits. */
function readSigned(bytes: Uint8Array, start: number, end: number): [high: number, low: number] {
  let high = 0;
  let low = 0;
  for (let at = end - 1; at >= start; at--) {
    high = (high << 7) | (low >>> 25);
    low = (low << 7) | ((bytes[at] ?? 0) & 0x7f);
  }
  const sign = -(low & 1);
  return [(high >>> 1) ^ sign, (((low >>> 1) | (high << 31)) ^ sign) >>> 0];
}

/** Copies bytes and answers where they end. Few are copied faster one by one. */
function copyBytes(
  from: Uint8Array,
  start: number,
  end: number,
  to: Uint8Array,
  at: number,
): number {
  if (end - start > 16) {
    to.set(from.subarray(start, end), at);
    return at + end - start;
  }
  for (let next = start; next < end; next++) to[at++] = from[next] ?? 0;
  return at;
}
