import { CoderError } from './coderError.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the primitives of Beam's encodings from a part of some bytes. Whatever does not fit throws a
 * CoderError that names the offset.
 */
export class ByteReader {
  readonly #view: DataView;
  #offset: number;

  /** Reads `bytes` from `start` up to `end`; offsets count from the start of `bytes`. */
  constructor(
    readonly bytes: Uint8Array,
    start = 0,
    readonly end = bytes.length,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#offset = start;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.end - this.#offset;
  }

  /** The next bytes, not copied. */
  take(length: number): Uint8Array {
    const start = this.#advance(length);
    return this.bytes.subarray(start, start + length);
  }

  /** All that is left, not copied. */
  takeRest(): Uint8Array {
    return this.take(this.remaining);
  }

  /** A reader of the next bytes alone. */
  part(length: number): ByteReader {
    const start = this.#advance(length);
    return new ByteReader(this.bytes, start, start + length);
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1));
  }

  int16(): number {
    return this.#view.getInt16(this.#advance(2));
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4));
  }

  float(): number {
    return this.#view.getFloat32(this.#advance(4));
  }

  double(): number {
    return this.#view.getFloat64(this.#advance(8));
  }

  /** A big-endian timestamp with the sign bit flipped, ms since the epoch. */
  timestampMillis(): bigint {
    return this.#view.getBigInt64(this.#advance(8)) ^ (-1n << 63n);
  }

  /** A varint as a signed 64-bit integer. */
  varint(): bigint {
    const start = this.#offset;
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      if (shift === 63n && byte > 1) throw new CoderError('Varint of more than 64 bits', start);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
  }

  /** A varint that counts bytes which must follow. */
  length(): number {
    const start = this.#offset;
    const length = this.varint();
    if (length < 0n || length > BigInt(this.remaining)) {
      throw new CoderError(`Length ${length}, but ${this.remaining} bytes are left`, start);
    }
    return Number(length);
  }

  /** The next bytes as text. */
  text(length: number): string {
    const start = this.#offset;
    try {
      return utf8.decode(this.take(length));
    } catch (error) {
      if (error instanceof CoderError) throw error;
      throw new CoderError('Text that is not UTF-8', start);
    }
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (length > this.remaining) {
      throw new CoderError(`Cut off: ${length} bytes needed, ${this.remaining} left`, start);
    }
    this.#offset = start + length;
    return start;
  }
}
