import { fromBinary } from '@bufbuild/protobuf';
import type { BeamValue } from '../beam/coders/beamValue.js';
import { isKinded } from '../beam/coders/expectValue.js';
import { coderOf } from '../beam/pipeline/recordedCoder.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import type { FieldType, LogicalType, Schema } from '../beam/proto/beam/schema_pb.js';
import { AtomicType, SchemaSchema } from '../beam/proto/beam/schema_pb.js';
import type { TestElement, TestOutput } from './recordedTest.js';

/** What a language that is typed has for the elements of an output. */
export type ElementType =
  | SimpleType
  | { kind: 'list'; item: ElementType }
  | { kind: 'map' | 'pair'; key: ElementType; value: ElementType }
  | { kind: 'nullable'; of: ElementType }
  | { kind: 'row'; fields: RowField[] };

const simpleKinds = [
  ...(['boolean', 'byte', 'int16', 'int32', 'int64', 'float', 'double', 'string'] as const),
  ...(['bytes', 'timestamp', 'decimal', 'date'] as const),
] as const;

/** A type that has no other within it. */
export interface SimpleType {
  kind: (typeof simpleKinds)[number];
}

export function isSimple(type: ElementType): type is SimpleType {
  return simpleKinds.some((kind) => kind === type.kind);
}

/** The digits of an integer, or the word of a boolean. */
export function plainText(value: BeamValue): string {
  return typeof value === 'bigint' || typeof value === 'boolean' ? String(value) : '0';
}

export interface RowField {
  name: string;
  type: ElementType;
}

/**
 * The type that all elements of an output have: by their coder, or where that takes any value (as Python's do), by what they
 * are. Undefined where there is none, and their bytes stand for them.
 */
export function elementType(
  { coderId, coders }: TestOutput,
  elements: TestElement[],
): ElementType | undefined {
  const values = elements.flatMap(({ value }) => (value === undefined ? [] : [value]));
  return values.length === elements.length ? typeOfCoder(coderId, coders, values) : undefined;
}

const simpleCoders: Record<string, ElementType> = {
  'beam:coder:bytes:v1': { kind: 'bytes' },
  'beam:coder:string_utf8:v1': { kind: 'string' },
  'beam:coder:bool:v1': { kind: 'boolean' },
  'beam:coder:varint:v1': { kind: 'int64' },
  'beam:coder:double:v1': { kind: 'double' },
};

function typeOfCoder(
  coderId: string,
  coders: Record<string, Coder>,
  values: BeamValue[],
): ElementType | undefined {
  const { spec, componentCoderIds } = coderOf(coders, coderId);
  const urn = spec?.urn ?? '';
  const [first = '', second = ''] = componentCoderIds;
  switch (urn) {
    case 'beam:coder:length_prefix:v1':
      return typeOfCoder(first, coders, values);
    case 'beam:coder:nullable:v1': {
      const of = typeOfCoder(first, coders, notNull(values));
      return of && { kind: 'nullable', of };
    }
    case 'beam:coder:iterable:v1': {
      const item = typeOfCoder(first, coders, itemsOf(values));
      return item && { kind: 'list', item };
    }
    case 'beam:coder:kv:v1': {
      const pairs = pairsOf(values);
      return pairOf(
        typeOfCoder(first, coders, pairs.keys),
        typeOfCoder(second, coders, pairs.values),
      );
    }
    case 'beam:coder:row:v1':
      return typeOfSchema(fromBinary(SchemaSchema, spec?.payload ?? new Uint8Array()), values);
    default:
      return simpleCoders[urn] ?? typeOfValues(values);
  }
}

/** The type that values have in common, who may be anything. */
function typeOfValues(values: BeamValue[]): ElementType | undefined {
  const some = notNull(values);
  const of = typeOfSome(some);
  return of && some.length < values.length ? { kind: 'nullable', of } : of;
}

function typeOfSome(values: BeamValue[]): ElementType | undefined {
  const [first] = values;
  const kind = kindOf(first);
  if (values.some((value) => kindOf(value) !== kind)) return undefined;
  switch (kind) {
    // What nobody has seen is as good as anything.
    case 'none':
      return { kind: 'string' };
    case 'boolean':
    case 'int64':
    case 'double':
    case 'string':
    case 'bytes':
    case 'timestamp':
    case 'decimal':
      return { kind };
    case 'list': {
      const item = typeOfValues(itemsOf(values));
      return item && { kind: 'list', item };
    }
    case 'pair': {
      const pairs = pairsOf(values);
      return pairOf(typeOfValues(pairs.keys), typeOfValues(pairs.values));
    }
    case 'map': {
      const entries = entriesOf(values);
      return mapOf(typeOfValues(entries.keys), typeOfValues(entries.values));
    }
    default:
      return undefined;
  }
}

function kindOf(value: BeamValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? 'int64' : 'big';
  if (typeof value === 'number') return 'double';
  if (typeof value === 'boolean' || typeof value === 'string') return typeof value;
  if (value instanceof Uint8Array) return 'bytes';
  if (!isKinded(value)) return 'list';
  if (value.kind === 'kv' || (value.kind === 'tuple' && value.items.length === 2)) return 'pair';
  if (value.kind === 'pickle') return value.timestamp ? 'timestamp' : value.kind;
  return value.kind;
}

function typeOfSchema({ fields }: Schema, rows: BeamValue[]): ElementType | undefined {
  const typed = fields.map(({ name, type }, index) => {
    const values = rows.flatMap((row) =>
      isKinded(row) && row.kind === 'row' ? [row.fields[index]?.[1] ?? null] : [],
    );
    const fieldType = typeOfField(type, values);
    return fieldType ? [{ name, type: fieldType }] : [];
  });
  if (typed.some(({ length }) => length === 0)) return undefined;
  return { kind: 'row', fields: typed.flat() };
}

function typeOfField(type: FieldType | undefined, values: BeamValue[]): ElementType | undefined {
  const of = type && typeOfNonNull(type, notNull(values));
  return of && type.nullable ? { kind: 'nullable', of } : of;
}

const atomicTypes: Partial<Record<AtomicType, ElementType>> = {
  [AtomicType.BYTE]: { kind: 'byte' },
  [AtomicType.INT16]: { kind: 'int16' },
  [AtomicType.INT32]: { kind: 'int32' },
  [AtomicType.INT64]: { kind: 'int64' },
  [AtomicType.FLOAT]: { kind: 'float' },
  [AtomicType.DOUBLE]: { kind: 'double' },
  [AtomicType.STRING]: { kind: 'string' },
  [AtomicType.BOOLEAN]: { kind: 'boolean' },
  [AtomicType.BYTES]: { kind: 'bytes' },
};

function typeOfNonNull({ typeInfo }: FieldType, values: BeamValue[]): ElementType | undefined {
  switch (typeInfo.case) {
    case 'atomicType':
      return atomicTypes[typeInfo.value];
    case 'arrayType':
    case 'iterableType': {
      const item = typeOfField(typeInfo.value.elementType, itemsOf(values));
      return item && { kind: 'list', item };
    }
    case 'mapType': {
      const entries = entriesOf(values);
      return mapOf(
        typeOfField(typeInfo.value.keyType, entries.keys),
        typeOfField(typeInfo.value.valueType, entries.values),
      );
    }
    case 'rowType':
      return typeInfo.value.schema && typeOfSchema(typeInfo.value.schema, values);
    case 'logicalType':
      return typeOfLogical(typeInfo.value, values);
    case undefined:
      return undefined;
  }
}

function typeOfLogical(type: LogicalType, values: BeamValue[]): ElementType | undefined {
  switch (type.urn) {
    case 'beam:logical_type:millis_instant:v1':
    case 'beam:logical_type:micros_instant:v1':
    case 'beam:logical_type:timestamp:v1':
      return { kind: 'timestamp' };
    case 'beam:logical_type:decimal:v1':
      return { kind: 'decimal' };
    case 'beam:logical_type:date:v1':
      return { kind: 'date' };
    case 'beam:logical:pythonsdk_any:v1':
      return typeOfValues(values);
    default:
      return typeOfField(type.representation, values);
  }
}

function notNull(values: BeamValue[]): BeamValue[] {
  return values.filter((value) => value !== null);
}

function itemsOf(values: BeamValue[]): BeamValue[] {
  return values.flatMap((value) => (Array.isArray(value) ? value : []));
}

/** The halves of pairs, be they Beam's or tuples. */
export function halvesOf(value: BeamValue): [BeamValue, BeamValue] {
  if (isKinded(value) && value.kind === 'kv') return [value.key, value.value];
  if (isKinded(value) && value.kind === 'tuple') {
    return [value.items[0] ?? null, value.items[1] ?? null];
  }
  return [null, null];
}

function pairsOf(values: BeamValue[]): { keys: BeamValue[]; values: BeamValue[] } {
  const halves = values.map(halvesOf);
  return { keys: halves.map(([key]) => key), values: halves.map(([, value]) => value) };
}

/** The entries of a map. */
export function mapEntries(value: BeamValue): [BeamValue, BeamValue][] {
  return isKinded(value) && value.kind === 'map' ? value.entries : [];
}

function entriesOf(values: BeamValue[]): { keys: BeamValue[]; values: BeamValue[] } {
  const entries = values.flatMap(mapEntries);
  return { keys: entries.map(([key]) => key), values: entries.map(([, value]) => value) };
}

function pairOf(key: ElementType | undefined, value: ElementType | undefined) {
  return key && value && ({ kind: 'pair', key, value } satisfies ElementType);
}

function mapOf(key: ElementType | undefined, value: ElementType | undefined) {
  return key && value && ({ kind: 'map', key, value } satisfies ElementType);
}

/** A timestamp in whole ms, and whether it was finer. Python pickles those of its own. */
export function millisOf(value: BeamValue): { millis: bigint; isTruncated: boolean } {
  if (isKinded(value) && value.kind === 'pickle' && value.timestamp) {
    return millisOf(value.timestamp);
  }
  if (!isKinded(value) || value.kind !== 'timestamp') return { millis: 0n, isTruncated: false };
  const { units, precision } = value;
  if (precision <= 3) return { millis: units * 10n ** BigInt(3 - precision), isTruncated: false };
  const finer = 10n ** BigInt(precision - 3);
  const rest = ((units % finer) + finer) % finer;
  return { millis: (units - rest) / finer, isTruncated: rest !== 0n };
}
