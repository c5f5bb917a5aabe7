import type { BeamValue, PickleValue, RowValue } from '../../beam/coders/beamValue.js';
import { CoderError } from '../../beam/coders/coderError.js';

/** Opcodes of pickle's protocol 3, which Lib/pickletools.py of Python documents. */
const opcodes = {
  protocol: [0x80, 3],
  global: [0x63],
  mark: [0x28],
  tuple: [0x74],
  call: [0x52],
  stop: [0x2e],
  none: [0x4e],
  true: [0x88],
  false: [0x89],
  longInteger: [0x8a],
  float: [0x47],
  text: [0x58],
  bytes: [0x42],
  list: [0x5d],
  appendAll: [0x65],
  dict: [0x7d],
  setAll: [0x75],
};

/**
 * A value with its rows as Python has them in Interactive Beam's cache: pickles of `beam.Row`, since FastPrimitivesCoder
 * has no other form for them. They call nothing but what makes a `beam.Row` and the values in it.
 * @throws CoderError for a row with a field of which Python has no plain value
 */
export function withPickledRows(value: BeamValue): BeamValue {
  if (Array.isArray(value)) return value.map(withPickledRows);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (value.kind === 'row') return pickled(value);
  if (value.kind !== 'kv') return value;
  return { ...value, key: withPickledRows(value.key), value: withPickledRows(value.value) };
}

function pickled(row: RowValue): PickleValue {
  const pickle = new Pickle().op('protocol').value(row).op('stop');
  return { kind: 'pickle', bytes: Buffer.concat(pickle.parts) };
}

class Pickle {
  readonly parts: Uint8Array[] = [];

  op(name: keyof typeof opcodes, ...operands: Uint8Array[]): this {
    this.parts.push(Uint8Array.from(opcodes[name]), ...operands);
    return this;
  }

  value(value: BeamValue): this {
    if (value === null) return this.op('none');
    if (typeof value === 'boolean') return this.op(value ? 'true' : 'false');
    if (typeof value === 'bigint') return this.integer(value);
    if (typeof value === 'number') {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value);
      return this.op('float', bytes);
    }
    if (typeof value === 'string') return this.withLength('text', Buffer.from(value));
    if (value instanceof Uint8Array) return this.withLength('bytes', value);
    if (Array.isArray(value)) {
      this.op('list').op('mark');
      for (const item of value) this.value(item);
      return this.op('appendAll');
    }
    if (value.kind === 'row') {
      return this.call('apache_beam.pvalue', '_make_Row', () => {
        for (const [name, field] of value.fields)
          this.op('mark').value(name).value(field).op('tuple');
      });
    }
    if (value.kind === 'map') {
      this.op('dict').op('mark');
      for (const [key, item] of value.entries) this.value(key).value(item);
      return this.op('setAll');
    }
    if (value.kind === 'kv') return this.op('mark').value(value.key).value(value.value).op('tuple');
    if (value.kind === 'timestamp' && value.precision <= 6) {
      return this.call('apache_beam.utils.timestamp', 'Timestamp', () => {
        this.integer(0n).integer(value.units * 10n ** BigInt(6 - value.precision));
      });
    }
    if (value.kind === 'decimal') {
      return this.call('decimal', 'Decimal', () => {
        this.value(`${value.unscaled}e${-value.scale}`);
      });
    }
    throw new CoderError(`a field of kind ${value.kind} has no plain value in Python`);
  }

  private call(module: string, name: string, pushArguments: () => void): this {
    this.op('global', Buffer.from(`${module}\n${name}\n`)).op('mark');
    pushArguments();
    return this.op('tuple').op('call');
  }

  /** Two's complement, least significant byte first. */
  private integer(value: bigint): this {
    const bytes: number[] = [];
    for (let rest = value; bytes.length === 0 || (rest !== 0n && rest !== -1n); rest >>= 8n)
      bytes.push(Number(rest & 0xffn));
    // The sign is that of the last byte.
    const isNegative = (bytes.at(-1) ?? 0) > 0x7f;
    if (isNegative !== value < 0n) bytes.push(value < 0n ? 0xff : 0);
    return this.op('longInteger', Uint8Array.of(bytes.length, ...bytes));
  }

  private withLength(name: 'text' | 'bytes', bytes: Uint8Array): this {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return this.op(name, length, bytes);
  }
}
