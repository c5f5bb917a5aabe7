import type { BeamValue } from '../../beam/coders/beamValue.js';
import { ByteWriter } from '../../beam/coders/byteWriter.js';
import type { KindedValue } from '../../beam/coders/expectValue.js';
import { fastPrimitivesCoder } from '../../beam/coders/fastPrimitives.js';
import { formatDate } from '../../beam/coders/formatTime.js';
import { formatDecimal } from '../../beam/coders/formatScalar.js';
import { hex, quotedBytes, quotedText } from '../literals.js';

/** Names that the literals of a test need, each with how it is imported. */
export const pythonImports = {
  Decimal: 'from decimal import Decimal',
  datetime: 'import datetime',
  IntervalWindow: 'from apache_beam.transforms.window import IntervalWindow',
  GlobalWindow: 'from apache_beam.transforms.window import GlobalWindow',
  FastPrimitivesCoder: 'from apache_beam.coders import FastPrimitivesCoder',
} as const;

/** Beyond, Python's tokenizer has too many parentheses. */
const maxDepth = 50;
/** Beyond, Python reads no decimal digits. */
const maxDigits = 4000;

/** Words that no field of `beam.Row(…)` can be called. */
export const pythonKeywords = new Set(
  (
    'False None True and as assert async await break class continue def del elif else except finally for from global if ' +
    'import in is lambda nonlocal not or pass raise return try while with yield match case type'
  ).split(' '),
);

/** A literal of a value, and what it uses. */
export class PythonLiterals {
  /** Keys of {@link pythonImports}. */
  readonly used = new Set<keyof typeof pythonImports>();
  /** A time was finer than Beam's Python has it. */
  isTruncated = false;
  /** A value is not equal to itself. */
  hasNaN = false;
  private depth = 0;

  /** The literal of a value; undefined for one that Python has none for. */
  of(value: BeamValue): string | undefined {
    if (this.depth >= maxDepth) return undefined;
    this.depth++;
    try {
      return this.literal(value);
    } finally {
      this.depth--;
    }
  }

  private literal(value: BeamValue): string | undefined {
    if (value === null) return 'None';
    if (typeof value === 'boolean') return value ? 'True' : 'False';
    if (typeof value === 'bigint') return integer(value);
    if (typeof value === 'number') return this.float(value);
    if (typeof value === 'string') return pythonText(value);
    if (value instanceof Uint8Array) return `b${quotedBytes(value)}`;
    if (Array.isArray(value)) return this.all('[', value, ']');
    return this.kinded(value);
  }

  private float(value: number): string {
    if (Number.isNaN(value)) this.hasNaN = true;
    if (!Number.isFinite(value)) return `float("${String(value).toLowerCase()}")`;
    if (Object.is(value, -0)) return '-0.0';
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
  }

  private kinded(value: KindedValue): string | undefined {
    switch (value.kind) {
      case 'kv':
        return this.all('(', [value.key, value.value], ')');
      case 'tuple':
        return this.all('(', value.items, value.items.length === 1 ? ',)' : ')');
      case 'set':
        return value.items.length === 0 ? 'set()' : this.all('{', value.items, '}');
      case 'map': {
        const entries = value.entries.map(([key, entry]) => joined([this.of(key), this.of(entry)]));
        return wrapped('{', entries, '}');
      }
      case 'row':
        return this.row(value.fields);
      case 'timestamp':
        return this.timestamp(value.units, value.precision);
      case 'date': {
        this.used.add('datetime');
        const [year = '', month, day] = formatDate(value.days).split('-');
        return /^(?!0000)\d{4}$/.test(year)
          ? `datetime.date(${Number(year)}, ${Number(month)}, ${Number(day)})`
          : undefined;
      }
      case 'decimal':
        this.used.add('Decimal');
        return `Decimal("${formatDecimal(value)}")`;
      case 'global window':
        this.used.add('GlobalWindow');
        return 'GlobalWindow()';
      case 'interval window':
        this.used.add('IntervalWindow');
        return `IntervalWindow(at(${value.startMillis}), at(${value.endMillis}))`;
      case 'pickle':
        return value.timestamp ? this.of(value.timestamp) : this.decoded(value);
      case 'python object':
        return this.decoded(value);
      case 'custom window':
      case 'pane':
      case 'windowed value':
      case 'timer':
      case 'sharded key':
      case 'state-backed':
      case 'opaque':
        return undefined;
    }
  }

  /** What only Python can make: the test has its bytes, and decodes them. */
  private decoded(value: BeamValue): string {
    this.used.add('FastPrimitivesCoder');
    const output = new ByteWriter();
    fastPrimitivesCoder.encode(value, output, 'outer');
    return `decoded(b${quotedBytes(output.bytes)})`;
  }

  private timestamp(units: bigint, precision: number): string {
    if (precision <= 3) return `at(${units * 10n ** BigInt(3 - precision)})`;
    if (precision <= 6) return `Timestamp(micros=${units * 10n ** BigInt(6 - precision)})`;
    const finer = 10n ** BigInt(precision - 6);
    if (units % finer !== 0n) this.isTruncated = true;
    return `Timestamp(micros=${units / finer})`;
  }

  private row(fields: [string, BeamValue][]): string | undefined {
    const isName = (name: string) => /^[A-Za-z_]\w*$/.test(name) && !pythonKeywords.has(name);
    if (fields.every(([name]) => isName(name))) {
      const named = fields.map(([name, value]) => joined([name, this.of(value)], '='));
      return wrapped('beam.Row(', named, ')');
    }
    const named = fields.map(([name, value]) => joined([pythonText(name), this.of(value)]));
    return wrapped('beam.Row(**{', named, '})');
  }

  private all(open: string, items: BeamValue[], close: string): string | undefined {
    return wrapped(
      open,
      items.map((item) => this.of(item)),
      close,
    );
  }
}

/** Text as a Python literal. */
export function pythonText(text: string): string {
  return quotedText(text, (codePoint) => {
    if (codePoint < 0x100) return `\\x${hex(codePoint, 2)}`;
    return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
  });
}

function integer(value: bigint): string {
  const digits = String(value);
  if (digits.length <= maxDigits) return digits;
  return `${value < 0n ? '-' : ''}0x${(value < 0n ? -value : value).toString(16)}`;
}

function joined(parts: (string | undefined)[], separator = ': '): string | undefined {
  return parts.includes(undefined) ? undefined : parts.join(separator);
}

function wrapped(open: string, items: (string | undefined)[], close: string): string | undefined {
  const inner = joined(items, ', ');
  return inner === undefined ? undefined : open + inner + close;
}
