import type { BeamValue } from '../../beam/coders/beamValue.js';
import { isKinded } from '../../beam/coders/expectValue.js';
import { formatDecimal, textOf } from '../../beam/coders/formatScalar.js';
import { formatDate } from '../../beam/coders/formatTime.js';
import type { ElementType, SimpleType } from '../elementType.js';
import { halvesOf, isSimple, mapEntries, millisOf, plainText } from '../elementType.js';
import { distinctIdentifiers, pascalCase } from '../identifiers.js';
import { hex, quotedBytes, quotedText } from '../literals.js';

/** A struct that the test declares. */
interface Struct {
  name: string;
  /** In the order of the type's. */
  fields: { name: string; goType: string; tag: string }[];
}

const simpleTypes: Record<SimpleType['kind'], string> = {
  boolean: 'bool',
  // Beam's Go has its byte without a sign.
  byte: 'int16',
  int16: 'int16',
  int32: 'int32',
  int64: 'int64',
  float: 'float32',
  double: 'float64',
  string: 'string',
  bytes: '[]byte',
  timestamp: 'int64',
  decimal: 'string',
  date: 'string',
};

/** Expressions of values, by their types, and what they use. */
export class GoValues {
  readonly structs: Struct[] = [];
  usesRef = false;
  usesMath = false;
  /** Times stand in elements as ms. */
  hasTimes = false;
  isTruncated = false;
  private readonly structOf = new Map<ElementType, Struct>();

  /** @param refName of the function that answers a pointer, which no other test of the package has */
  constructor(readonly refName: string) {}

  /** The type of a variable, its structs declared; undefined for what has none in Go. @param name of a struct for it */
  goType(type: ElementType, name: string): string | undefined {
    if (isSimple(type)) {
      this.hasTimes ||= type.kind === 'timestamp';
      return simpleTypes[type.kind];
    }
    switch (type.kind) {
      case 'list': {
        const item = this.goType(type.item, `${name}Item`);
        return item && `[]${item}`;
      }
      case 'map': {
        const key = isHashable(type.key) ? this.goType(type.key, `${name}Key`) : undefined;
        const value = this.goType(type.value, `${name}Value`);
        return key && value && `map[${key}]${value}`;
      }
      case 'nullable': {
        const of = this.goType(type.of, name);
        return of && (of.startsWith('[]') || of.startsWith('map[') ? of : `*${of}`);
      }
      case 'pair':
        return this.struct(type, name, [
          { name: 'key', type: type.key },
          { name: 'value', type: type.value },
        ]);
      case 'row':
        return this.struct(type, name, type.fields);
    }
  }

  /** Declares a struct with one field, for a type that cannot be an element of its own. */
  wrapped(type: ElementType, name: string): string | undefined {
    return this.struct({ kind: 'row', fields: [] }, name, [{ name: 'value', type }]);
  }

  private struct(
    type: ElementType,
    wanted: string,
    fields: { name: string; type: ElementType }[],
  ): string | undefined {
    const taken = this.structs.map(({ name }) => name);
    const [name = ''] = distinctIdentifiers([wanted], (one) => one, taken);
    const struct: Struct = { name, fields: [] };
    // Before its fields: a struct of the same name may be among them.
    this.structs.push(struct);
    const names = distinctIdentifiers(
      fields.map((field) => field.name),
      (field) => pascalCase(field, 'Field'),
      [],
    );
    for (const [index, field] of fields.entries()) {
      const fieldName = names[index] ?? '';
      const goType = this.goType(field.type, `${wanted}${fieldName}`);
      if (goType === undefined || !/^[^`",]*$/.test(field.name)) return undefined;
      struct.fields.push({ name: fieldName, goType, tag: field.name });
    }
    this.structOf.set(type, struct);
    return name;
  }

  /** The expression of a value. */
  of(value: BeamValue, type: ElementType): string {
    switch (type.kind) {
      case 'boolean':
      case 'byte':
      case 'int16':
      case 'int32':
      case 'int64':
        return plainText(value);
      case 'float':
      case 'double':
        return this.number(value as number, type.kind === 'float');
      case 'string':
        return goText(value as string);
      case 'bytes':
        return goBytes(value as Uint8Array);
      case 'timestamp': {
        const { millis, isTruncated } = millisOf(value);
        this.isTruncated ||= isTruncated;
        return String(millis);
      }
      case 'decimal':
        return `"${isKinded(value) && value.kind === 'decimal' ? formatDecimal(value) : ''}"`;
      case 'date':
        return `"${isKinded(value) && value.kind === 'date' ? formatDate(value.days) : ''}"`;
      case 'nullable':
        return this.nullable(value, type.of);
      case 'list': {
        const items = (value as BeamValue[]).map((item) => this.of(item, type.item));
        return `${this.nameOf(type)}{${items.join(', ')}}`;
      }
      case 'map': {
        const entries = mapEntries(value).map(
          ([key, entry]) => `${this.of(key, type.key)}: ${this.of(entry, type.value)}`,
        );
        return `${this.nameOf(type)}{${entries.join(', ')}}`;
      }
      case 'pair': {
        const [key, half] = halvesOf(value);
        return this.literal(type, [this.of(key, type.key), this.of(half, type.value)]);
      }
      case 'row': {
        const fields = isKinded(value) && value.kind === 'row' ? value.fields : [];
        const values = type.fields.map((field, index) =>
          this.of(fields[index]?.[1] ?? null, field.type),
        );
        return this.literal(type, values);
      }
    }
  }

  private nullable(value: BeamValue, of: ElementType): string {
    if (value === null) return 'nil';
    const goType = this.nameOf(of);
    const expression = this.of(value, of);
    if (goType.startsWith('[]') || goType.startsWith('map[')) return expression;
    this.usesRef = true;
    return `${this.refName}[${goType}](${expression})`;
  }

  private literal(type: ElementType, values: string[]): string {
    const struct = this.structOf.get(type);
    const fields = values.map((value, index) => `${struct?.fields[index]?.name ?? ''}: ${value}`);
    return `${struct?.name ?? ''}{${fields.join(', ')}}`;
  }

  /** The type of a variable whose structs are declared. */
  private nameOf(type: ElementType): string {
    if (isSimple(type)) return simpleTypes[type.kind];
    switch (type.kind) {
      case 'list':
        return `[]${this.nameOf(type.item)}`;
      case 'map':
        return `map[${this.nameOf(type.key)}]${this.nameOf(type.value)}`;
      case 'nullable': {
        const of = this.nameOf(type.of);
        return of.startsWith('[]') || of.startsWith('map[') ? of : `*${of}`;
      }
      case 'pair':
      case 'row':
        return this.structOf.get(type)?.name ?? '';
    }
  }

  private number(value: number, isFloat: boolean): string {
    const typed = (expression: string) => {
      this.usesMath = true;
      return isFloat ? `float32(${expression})` : expression;
    };
    if (Number.isNaN(value)) return typed('math.NaN()');
    if (!Number.isFinite(value)) return typed(`math.Inf(${value > 0 ? 1 : -1})`);
    // Go has no negative zero among its constants.
    if (Object.is(value, -0)) return typed('math.Copysign(0, -1)');
    return Number.isInteger(value) && Math.abs(value) < 1e21 ? `${value}.0` : String(value);
  }
}

/** Whether Go's elements of a type compare: entries of a map have no order in their encoded form. */
export function hasMap(type: ElementType): boolean {
  if (isSimple(type)) return false;
  switch (type.kind) {
    case 'map':
      return true;
    case 'list':
      return hasMap(type.item);
    case 'nullable':
      return hasMap(type.of);
    case 'pair':
      return hasMap(type.key) || hasMap(type.value);
    case 'row':
      return type.fields.some((field) => hasMap(field.type));
  }
}

function isHashable({ kind }: ElementType): boolean {
  return ['boolean', 'int16', 'int32', 'int64', 'double', 'float', 'string'].includes(kind);
}

export function goText(text: string): string {
  return quotedText(text, (codePoint) => {
    if (codePoint < 0x80) return `\\x${hex(codePoint, 2)}`;
    return codePoint < 0x10000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`;
  });
}

/** Bytes: as text where they are text. */
export function goBytes(bytes: Uint8Array): string {
  const text = textOf(bytes);
  return `[]byte(${text === undefined ? quotedBytes(bytes) : goText(text)})`;
}
