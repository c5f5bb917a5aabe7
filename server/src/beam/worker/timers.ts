/** A timer that fired. */
export interface FiredTimer {
  dynamicTag: string;
  /** ms since the epoch. */
  fireTimestamp: bigint;
}

/** Reads the timestamp of a windowed value or timer: big-endian ms with the sign bit flipped. */
export function decodeTimestamp(bytes: Uint8Array, offset: number): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return BigInt.asIntN(64, view.getBigUint64(offset) ^ (1n << 63n));
}

/**
 * A timer in Beam's timer coder with a bytes key, in the global window (beam_runner_api.proto,
 * StandardCoders.TIMER): key, tag, windows, clear bit, fire and hold timestamp, pane.
 * @param key and tag shorter than 128 bytes
 * @param holdMillis where the timer holds its stage's output watermark until it fires
 */
export function encodeTimer(
  key: string,
  dynamicTag: string,
  fireMillis: bigint,
  holdMillis = fireMillis,
): Uint8Array {
  return Buffer.concat([
    timerStart(key, dynamicTag),
    Uint8Array.of(0), // not a clearing timer
    encodeTimestamp(fireMillis),
    encodeTimestamp(holdMillis),
    Uint8Array.of(0x0f), // PaneInfo.NO_FIRING
  ]);
}

/** Takes back a timer of the same key and tag, and its hold. */
export function encodeClearTimer(key: string, dynamicTag: string): Uint8Array {
  return Buffer.concat([timerStart(key, dynamicTag), Uint8Array.of(1)]);
}

function timerStart(key: string, dynamicTag: string): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(key.length),
    Buffer.from(key),
    Uint8Array.of(dynamicTag.length),
    Buffer.from(dynamicTag),
    Uint8Array.of(0, 0, 0, 1), // one window, and the global window has no bytes
  ]);
}

function encodeTimestamp(millis: bigint): Uint8Array {
  const timestamp = Buffer.alloc(8);
  timestamp.writeBigUInt64BE(BigInt.asUintN(64, millis) ^ (1n << 63n));
  return timestamp;
}

/** Reads concatenated timers in the form that {@link encodeTimer} writes. @throws if they are cut off. */
export function readTimers(bytes: Uint8Array): FiredTimer[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const timers: FiredTimer[] = [];
  let offset = 0;
  while (offset < bytes.length) {
    offset += 1 + view.getUint8(offset); // key
    const tagLength = view.getUint8(offset);
    const dynamicTag = new TextDecoder().decode(bytes.subarray(offset + 1, offset + 1 + tagLength));
    offset += 1 + tagLength + 4; // windows: a count, and nothing for global windows
    const isClear = view.getUint8(offset) !== 0;
    offset += 1;
    if (isClear) continue;
    timers.push({ dynamicTag, fireTimestamp: decodeTimestamp(bytes, offset) });
    offset = skipPane(view, offset + 16);
  }
  return timers;
}

/** The high nibble of a pane's first byte tells how many varints follow. */
function skipPane(view: DataView, offset: number): number {
  let end = offset + 1;
  for (let varints = view.getUint8(offset) >> 4; varints > 0; varints--) {
    while ((view.getUint8(end) & 0x80) !== 0) end++;
    end++;
  }
  return end;
}
