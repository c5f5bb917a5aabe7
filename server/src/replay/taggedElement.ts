import { encodeVarint } from '../beam/coders/varint.js';

/**
 * What the elements of a test stream of several outputs say: `varint output number`, a byte for the kind, then
 * an element's bytes, or a watermark as a big-endian int64 of ms, or nothing for a checkpoint.
 */
const kinds = { element: 0, watermark: 1, checkpoint: 2 };

/** An element of an output, as the test stream carries it. */
export function tagElement(output: number, element: Uint8Array): Uint8Array {
  return Buffer.concat([encodeVarint(output), Uint8Array.of(kinds.element), element]);
}

/** The new watermark of an output, ms since the epoch, as the test stream carries it. */
export function tagWatermark(output: number, watermarkMillis: bigint): Uint8Array {
  const watermark = Buffer.alloc(8);
  watermark.writeBigInt64BE(watermarkMillis);
  return Buffer.concat([encodeVarint(output), Uint8Array.of(kinds.watermark), watermark]);
}

/** Asks the route DoFn to give it back to the runner once. */
export const checkpoint = Uint8Array.of(0, kinds.checkpoint);

/** True where a kind stands that says: this is a {@link checkpoint}. */
export function isCheckpoint(bytes: Uint8Array, kindAt: number): boolean {
  return bytes[kindAt] === kinds.checkpoint;
}

/** The output a tagged element is for, and where its kind stands. */
export function readTag(bytes: Uint8Array, offset: number): { output: number; kindAt: number } {
  let output = 0;
  let at = offset;
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[at++] ?? 0;
    output += (byte & 0x7f) * scale;
    if (byte < 0x80) return { output, kindAt: at };
  }
}

/** True where a kind stands that says: the rest is a watermark. */
export function isWatermark(bytes: Uint8Array, kindAt: number): boolean {
  return bytes[kindAt] === kinds.watermark;
}

/** The watermark behind a kind, ms since the epoch. */
export function readWatermark(bytes: Uint8Array, kindAt: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigInt64(kindAt + 1);
}
