import type { SchemaElement } from 'hyparquet-writer';
import type { BeamValue } from '../beam/coders/beamValue.js';
import { CoderError } from '../beam/coders/coderError.js';
import { expectKind } from '../beam/coders/expectValue.js';
import { formatDecimal } from '../beam/coders/formatScalar.js';
import { precisionOf } from '../beam/coders/logicalTypes.js';
import { toJson } from '../beam/coders/toJson.js';
import type { FieldType, LogicalType, Schema } from '../beam/proto/beam/schema_pb.js';
import { AtomicType } from '../beam/proto/beam/schema_pb.js';
import type { Column } from './columns.js';

/** How values of a type stand in a Parquet file. */
export interface ParquetType {
  /** The column's own element, then those within it. */
  schema: SchemaElement[];
  /** The value as the library takes it. Never given null. */
  convert: (value: BeamValue) => unknown;
}

/** The type of a column. */
export function parquetTypeOf(name: string, type: Column['type']): ParquetType {
  if ('field' in type) return fieldType(name, type.field);
  switch (type.coderUrn) {
    case 'beam:coder:bytes:v1':
      return scalar(name, { type: 'BYTE_ARRAY' }, false);
    case 'beam:coder:string_utf8:v1':
      return scalar(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, false);
    case 'beam:coder:bool:v1':
      return scalar(name, { type: 'BOOLEAN' }, false);
    case 'beam:coder:varint:v1':
      return scalar(name, { type: 'INT64' }, false);
    case 'beam:coder:double:v1':
      return scalar(name, { type: 'DOUBLE' }, false);
    default:
      return jsonType(name, true);
  }
}

const timeUnits: Partial<Record<number, 'MILLIS' | 'MICROS' | 'NANOS'>> = {
  3: 'MILLIS',
  6: 'MICROS',
  9: 'NANOS',
};

/** Instants in UTC. @param precision decimal digits of a second: 3, 6 or 9; others come in the next finer of these */
export function timestampType(name: string, precision: number, nullable: boolean): ParquetType {
  const finer = [3, 6, 9].find((digits) => digits >= precision) ?? 9;
  const unit = timeUnits[finer] ?? 'NANOS';
  return {
    schema: [
      {
        name,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit },
        ...repetition(nullable),
      },
    ],
    convert(value) {
      const timestamp = expectKind(value, 'timestamp');
      return timestamp.units * 10n ** BigInt(finer - timestamp.precision);
    },
  };
}

function repetition(nullable: boolean): Pick<SchemaElement, 'repetition_type'> {
  return { repetition_type: nullable ? 'OPTIONAL' : 'REQUIRED' };
}

function scalar(
  name: string,
  element: Omit<SchemaElement, 'name'>,
  nullable: boolean,
  convert: ParquetType['convert'] = (value) => value,
): ParquetType {
  return { schema: [{ name, ...element, ...repetition(nullable) }], convert };
}

function jsonType(name: string, nullable: boolean): ParquetType {
  return scalar(name, { type: 'BYTE_ARRAY', converted_type: 'JSON' }, nullable, toJson);
}

function fieldType(name: string, type: FieldType | undefined): ParquetType {
  if (!type) throw new CoderError(`"${name}" has no type`);
  const { nullable, typeInfo } = type;
  switch (typeInfo.case) {
    case 'atomicType':
      return atomic(name, typeInfo.value, nullable);
    case 'arrayType':
    case 'iterableType':
      return list(name, fieldType('element', typeInfo.value.elementType), nullable);
    case 'mapType':
      return map(
        name,
        fieldType('key', typeInfo.value.keyType),
        fieldType('value', typeInfo.value.valueType),
        nullable,
      );
    case 'rowType':
      return group(name, typeInfo.value.schema, nullable);
    case 'logicalType':
      return logical(name, typeInfo.value, nullable);
    case undefined:
      return jsonType(name, nullable);
  }
}

const toNumber = (value: BeamValue): unknown => Number(value);

function atomic(name: string, type: AtomicType, nullable: boolean): ParquetType {
  switch (type) {
    case AtomicType.BYTE:
      return scalar(name, { type: 'INT32', converted_type: 'INT_8' }, nullable, toNumber);
    case AtomicType.INT16:
      return scalar(name, { type: 'INT32', converted_type: 'INT_16' }, nullable, toNumber);
    case AtomicType.INT32:
      return scalar(name, { type: 'INT32' }, nullable, toNumber);
    case AtomicType.INT64:
      return scalar(name, { type: 'INT64' }, nullable);
    case AtomicType.FLOAT:
      return scalar(name, { type: 'FLOAT' }, nullable);
    case AtomicType.DOUBLE:
      return scalar(name, { type: 'DOUBLE' }, nullable);
    case AtomicType.STRING:
      return scalar(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, nullable);
    case AtomicType.BOOLEAN:
      return scalar(name, { type: 'BOOLEAN' }, nullable);
    case AtomicType.BYTES:
      return scalar(name, { type: 'BYTE_ARRAY' }, nullable);
    case AtomicType.UNSPECIFIED:
      return jsonType(name, nullable);
  }
}

function logical(name: string, type: LogicalType, nullable: boolean): ParquetType {
  switch (type.urn) {
    case 'beam:logical_type:millis_instant:v1':
      return timestampType(name, 3, nullable);
    case 'beam:logical_type:micros_instant:v1':
      return timestampType(name, 6, nullable);
    case 'beam:logical_type:timestamp:v1':
      return timestampType(name, precisionOf(type), nullable);
    case 'beam:logical_type:date:v1':
      return scalar(name, { type: 'INT32', converted_type: 'DATE' }, nullable, (value) =>
        Number(expectKind(value, 'date').days),
      );
    // Its precision is not in the schema: digits lose nothing.
    case 'beam:logical_type:decimal:v1':
      return scalar(name, { type: 'BYTE_ARRAY', converted_type: 'UTF8' }, nullable, (value) =>
        formatDecimal(expectKind(value, 'decimal')),
      );
    case 'beam:logical:pythonsdk_any:v1':
      return jsonType(name, nullable);
    default:
      if (!type.representation) return jsonType(name, nullable);
      // What comes out is the representation: a decimal in it, for one, is JSON's to write.
      return fieldType(name, { ...type.representation, nullable });
  }
}

function convertOrNull({ convert }: ParquetType): (value: BeamValue) => unknown {
  return (value) => (value === null ? null : convert(value));
}

function list(name: string, element: ParquetType, nullable: boolean): ParquetType {
  const convert = convertOrNull(element);
  return {
    schema: [
      { name, converted_type: 'LIST', num_children: 1, ...repetition(nullable) },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...element.schema,
    ],
    convert: (value) => (Array.isArray(value) ? value.map(convert) : []),
  };
}

function map(name: string, key: ParquetType, value: ParquetType, nullable: boolean): ParquetType {
  const [convertKey, convertValue] = [convertOrNull(key), convertOrNull(value)];
  return {
    schema: [
      { name, converted_type: 'MAP', num_children: 1, ...repetition(nullable) },
      { name: 'key_value', repetition_type: 'REPEATED', num_children: 2 },
      ...key.schema,
      ...value.schema,
    ],
    convert: (entries) =>
      expectKind(entries, 'map').entries.map(([k, v]) => [convertKey(k), convertValue(v)]),
  };
}

function group(name: string, schema: Schema | undefined, nullable: boolean): ParquetType {
  const fields = schema?.fields.map((field) => fieldType(field.name, field.type)) ?? [];
  // Parquet has no group without members.
  if (fields.length === 0) return jsonType(name, nullable);
  const converts = fields.map(convertOrNull);
  return {
    schema: [
      { name, num_children: fields.length, ...repetition(nullable) },
      ...fields.flatMap((field) => field.schema),
    ],
    convert: (row) =>
      Object.fromEntries(
        expectKind(row, 'row').fields.map(([field, value], index) => [
          field,
          converts[index]?.(value) ?? null,
        ]),
      ),
  };
}
