/** Writes the primitives of Beam's encodings; the counterpart of ByteReader. */
export class ByteWriter {
  #bytes = new Uint8Array(64);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** What was written so far; valid until the next write. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  write(bytes: Uint8Array): void {
    const start = this.#advance(bytes.length);
    this.#bytes.set(bytes, start);
  }

  byte(value: number): void {
    const start = this.#advance(1);
    this.#view.setUint8(start, value);
  }

  int16(value: number): void {
    const start = this.#advance(2);
    this.#view.setInt16(start, value);
  }

  int32(value: number): void {
    const start = this.#advance(4);
    this.#view.setInt32(start, value);
  }

  float(value: number): void {
    const start = this.#advance(4);
    this.#view.setFloat32(start, value);
  }

  double(value: number): void {
    const start = this.#advance(8);
    this.#view.setFloat64(start, value);
  }

  /** ms since the epoch, big-endian with the sign bit flipped. */
  timestampMillis(value: bigint): void {
    const start = this.#advance(8);
    this.#view.setBigInt64(start, value ^ (-1n << 63n));
  }

  /** The low 64 bits of an integer as a varint. */
  varint(value: bigint | number): void {
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    this.byte(Number(rest));
  }

  #advance(length: number): number {
    const start = this.#length;
    this.#length += length;
    if (this.#length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    return start;
  }
}
