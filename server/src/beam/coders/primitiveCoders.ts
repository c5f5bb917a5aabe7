import type { BeamValue } from './beamValue.js';
import type { ByteReader } from './byteReader.js';
import type { ByteWriter } from './byteWriter.js';
import { CoderError } from './coderError.js';
import type { ElementCoder } from './elementCoder.js';
import { expectInteger, expectKind, unexpected } from './expectValue.js';

const utf8 = new TextEncoder();

export const bytesCoder: ElementCoder = {
  endIsKnown: true,
  decode: (input, context) => (context === 'outer' ? input.takeRest() : input.take(input.length())),
  encode(value, output, context) {
    if (!(value instanceof Uint8Array)) throw unexpected(value, 'bytes');
    if (context === 'nested') output.varint(value.length);
    output.write(value);
  },
};

export const stringUtf8Coder: ElementCoder = {
  endIsKnown: true,
  decode: (input, context) => input.text(context === 'outer' ? input.remaining : input.length()),
  encode(value, output, context) {
    if (typeof value !== 'string') throw unexpected(value, 'text');
    bytesCoder.encode(utf8.encode(value), output, context);
  },
};

export const boolCoder = sameInAllContexts(
  (input) => decodeFlag(input, 'boolean'),
  (value, output) => {
    if (typeof value !== 'boolean') throw unexpected(value, 'a boolean');
    output.byte(value ? 1 : 0);
  },
);

/** Reads a byte that must be 0 or 1. */
export function decodeFlag(input: ByteReader, what: string): boolean {
  const offset = input.offset;
  const byte = input.byte();
  if (byte > 1) throw new CoderError(`Expected 0 or 1 for a ${what}, got ${byte}`, offset);
  return byte === 1;
}

/** Signed 64-bit integers. */
export const varintCoder = sameInAllContexts(
  (input) => input.varint(),
  (value, output) => {
    output.varint(expectInteger(value, -(1n << 63n), (1n << 63n) - 1n));
  },
);

/** Signed 32-bit integers, of which negative ones are written as their unsigned counterpart. */
export const varint32Coder = sameInAllContexts(
  (input) => {
    const offset = input.offset;
    const unsigned = input.varint();
    if (unsigned < 0n || unsigned >> 32n !== 0n) {
      throw new CoderError('Varint of more than 32 bits', offset);
    }
    return BigInt.asIntN(32, unsigned);
  },
  (value, output) => {
    output.varint(BigInt.asUintN(32, expectInteger(value, -(1n << 31n), (1n << 31n) - 1n)));
  },
);

export const int16Coder = sameInAllContexts(
  (input) => BigInt(input.int16()),
  (value, output) => {
    output.int16(Number(expectInteger(value, -32768n, 32767n)));
  },
);

export const byteCoder = sameInAllContexts(
  (input) => BigInt(input.int8()),
  (value, output) => {
    output.byte(Number(expectInteger(value, -128n, 127n)));
  },
);

export const doubleCoder = sameInAllContexts(
  (input) => input.double(),
  (value, output) => {
    if (typeof value !== 'number') throw unexpected(value, 'a floating point number');
    output.double(value);
  },
);

/** Single precision. The decoded number is the shortest that stands for the same single: 0.1, not 0.10000000149011612. */
export const floatCoder = sameInAllContexts(
  (input) => {
    const single = input.float();
    for (let digits = 1; digits < 9; digits++) {
      const shorter = Number(single.toPrecision(digits));
      if (Object.is(Math.fround(shorter), single)) return shorter;
    }
    return single;
  },
  (value, output) => {
    if (typeof value !== 'number') throw unexpected(value, 'a floating point number');
    output.float(value);
  },
);

/** Beam's InstantCoder (Java) and TimestampCoder (Python). */
export const timestampCoder = sameInAllContexts(
  (input) => ({ kind: 'timestamp', units: input.timestampMillis(), precision: 3 }),
  (value, output) => {
    const { units, precision } = expectKind(value, 'timestamp');
    if (precision !== 3) throw new CoderError('Expected a timestamp of ms precision');
    output.timestampMillis(units);
  },
);

/** Big-endian two's complement of any size, in as few bytes as possible. */
export const bigIntegerCoder: ElementCoder = {
  endIsKnown: true,
  decode(input, context) {
    const bytes = context === 'outer' ? input.takeRest() : input.take(input.length());
    if (bytes.length === 0) return 0n;
    return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
  },
  encode(value, output, context) {
    if (typeof value !== 'bigint') throw unexpected(value, 'an integer');
    const magnitude = value < 0n ? ~value : value;
    let bytes = Math.ceil(magnitude.toString(16).length / 2);
    if (magnitude >> BigInt(bytes * 8 - 1) !== 0n) bytes++; // the sign needs a bit, too
    const hex = BigInt.asUintN(bytes * 8, value)
      .toString(16)
      .padStart(bytes * 2, '0');
    bytesCoder.encode(Buffer.from(hex, 'hex'), output, context);
  },
};

/** Beam's BigDecimalCoder (Java) and DecimalCoder (Python): the scale, then the unscaled integer. */
export const decimalCoder: ElementCoder = {
  endIsKnown: true,
  decode(input, context) {
    const offset = input.offset;
    // Java writes the scale as 32 bits, Python as 64; they differ for negative ones.
    const written = input.varint();
    const scale = written >> 31n === 1n ? BigInt.asIntN(32, written) : written;
    if (BigInt.asIntN(32, scale) !== scale) throw new CoderError(`Decimal scale ${scale}`, offset);
    const unscaled = bigIntegerCoder.decode(input, context) as bigint;
    return { kind: 'decimal', unscaled, scale: Number(scale) };
  },
  encode(value, output, context) {
    const { unscaled, scale } = expectKind(value, 'decimal');
    output.varint(scale);
    bigIntegerCoder.encode(unscaled, output, context);
  },
};

/** A coder whose encoding marks its own end, and is therefore the same nested or not. */
export function sameInAllContexts(
  decode: (input: ByteReader) => BeamValue,
  encode: (value: BeamValue, output: ByteWriter) => void,
): ElementCoder {
  return { endIsKnown: true, decode, encode };
}
