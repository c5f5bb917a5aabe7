import { fromBinary } from '@bufbuild/protobuf';
import type { BeamValue } from './beamValue.js';
import type { ByteReader } from './byteReader.js';
import { CoderError } from './coderError.js';
import { iterableCoder, mapCoder, nullableCoder } from './compositeCoders.js';
import type { CoderContext, ElementCoder } from './elementCoder.js';
import { expectKind } from './expectValue.js';
import { logicalTypeCoder } from './logicalTypes.js';
import * as primitives from './primitiveCoders.js';
import type { FieldType, Schema } from '../proto/beam/schema_pb.js';
import { AtomicType, SchemaSchema } from '../proto/beam/schema_pb.js';

const staticEncodingOption = 'beam:option:row:static_encoding';

interface RowField {
  name: string;
  nullable: boolean;
  /** Without the nullable wrapping: the row's own bitmap tells which fields are null. */
  coder: ElementCoder;
  /** Position in the schema. */
  index: number;
}

/** The coder of a serialized schema. @throws CoderError */
export function rowCoderOfPayload(payload: Uint8Array): ElementCoder {
  return rowCoder(fromBinary(SchemaSchema, payload));
}

/**
 * Rows of a schema: the number of fields, a bitmap of those that are null, then the others. Fields that
 * the schema gained since are null, those that it lost are skipped where nothing follows.
 * @throws CoderError for a schema with a field whose encoding only its SDK knows, or with a type this
 * version does not know.
 */
export function rowCoder(schema: Schema): ElementCoder {
  const fields = schema.fields.map(({ name, type }, index): RowField => {
    if (!type) throw new CoderError(`Field "${name}" of the schema has no type`);
    return { name, nullable: type.nullable, coder: nonNullCoder(type), index };
  });
  const encoded = inEncodingOrder(schema, fields);
  if (isStaticEncoding(schema)) return staticRowCoder(fields, encoded);
  return {
    endIsKnown: true,
    decode: (input, context) => decodeRow(input, context, fields, encoded),
    encode(value, output) {
      const values = fieldValues(fields, value);
      output.varint(fields.length);
      const bitmap = new Uint8Array(Math.ceil(fields.length / 8));
      values.forEach((fieldValue, index) => {
        if (fieldValue === null)
          bitmap[index >> 3] = (bitmap[index >> 3] ?? 0) | (1 << (index & 7));
      });
      primitives.bytesCoder.encode(
        bitmap.some((byte) => byte !== 0) ? bitmap : new Uint8Array(),
        output,
        'nested',
      );
      for (const field of encoded) {
        const fieldValue = values[field.index] ?? null;
        if (fieldValue !== null) field.coder.encode(fieldValue, output, 'nested');
        else if (!field.nullable) throw new CoderError(`Field "${field.name}" must not be null`);
      }
    },
  };
}

function decodeRow(
  input: ByteReader,
  context: CoderContext,
  fields: RowField[],
  encoded: RowField[],
): BeamValue {
  const offset = input.offset;
  const count = input.varint();
  const bitmap = input.take(input.length());
  const values: BeamValue[] = fields.map(() => null);
  const isNull = (bit: number): boolean => (((bitmap[bit >> 3] ?? 0) >> (bit & 7)) & 1) !== 0;
  // Where fields are encoded out of order, Python counts the bitmap's bits in the order of the schema,
  // Java in that of the encoding. A null where none may be is a sign of Java.
  const countsAsJava = encoded.some(({ nullable, index }) => isNull(index) && !nullable);
  for (const [position, field] of encoded.slice(0, Number(count)).entries()) {
    if (isNull(countsAsJava ? position : field.index)) continue;
    values[field.index] = field.coder.decode(input, 'nested');
  }
  if (count < 0n || count > BigInt(fields.length)) {
    if (count < 0n || context === 'nested') {
      throw new CoderError(`A row of ${count} fields, but the schema has ${fields.length}`, offset);
    }
    input.takeRest();
  }
  return rowOf(fields, values);
}

/** Rows of a fixed form, without count and bitmap. */
function staticRowCoder(fields: RowField[], encoded: RowField[]): ElementCoder {
  return primitives.sameInAllContexts(
    (input) => {
      const values: BeamValue[] = [];
      for (const { index, coder } of encoded) values[index] = coder.decode(input, 'nested');
      return rowOf(fields, values);
    },
    (value, output) => {
      const values = fieldValues(fields, value);
      for (const { index, coder } of encoded) coder.encode(values[index] ?? null, output, 'nested');
    },
  );
}

function rowOf(fields: RowField[], values: BeamValue[]): BeamValue {
  return { kind: 'row', fields: fields.map(({ name, index }) => [name, values[index] ?? null]) };
}

/** A row's values in the order of the schema. */
function fieldValues(fields: RowField[], row: BeamValue): BeamValue[] {
  const values = new Map(expectKind(row, 'row').fields);
  return fields.map(({ name }) => values.get(name) ?? null);
}

function inEncodingOrder(schema: Schema, fields: RowField[]): RowField[] {
  if (!schema.encodingPositionsSet) return fields;
  const position = (field: RowField): number => schema.fields[field.index]?.encodingPosition ?? 0;
  return fields.toSorted((a, b) => position(a) - position(b));
}

function isStaticEncoding(schema: Schema): boolean {
  const option = schema.options.find(({ name }) => name === staticEncodingOption);
  const value = option?.value?.fieldValue;
  return (
    value?.case === 'atomicValue' && value.value.value.case === 'boolean' && value.value.value.value
  );
}

/** The coder of a type inside of a container. */
function fieldTypeCoder(type: FieldType | undefined): ElementCoder {
  if (!type) throw new CoderError('A container of the schema has no element type');
  return type.nullable ? nullableCoder(nonNullCoder(type)) : nonNullCoder(type);
}

const atomicCoders: Record<AtomicType, ElementCoder | undefined> = {
  [AtomicType.UNSPECIFIED]: undefined,
  [AtomicType.BYTE]: primitives.byteCoder,
  [AtomicType.INT16]: primitives.int16Coder,
  [AtomicType.INT32]: primitives.varint32Coder,
  [AtomicType.INT64]: primitives.varintCoder,
  [AtomicType.FLOAT]: primitives.floatCoder,
  [AtomicType.DOUBLE]: primitives.doubleCoder,
  [AtomicType.STRING]: primitives.stringUtf8Coder,
  [AtomicType.BOOLEAN]: primitives.boolCoder,
  [AtomicType.BYTES]: primitives.bytesCoder,
};

function nonNullCoder({ typeInfo }: FieldType): ElementCoder {
  switch (typeInfo.case) {
    case 'atomicType': {
      const coder = atomicCoders[typeInfo.value];
      if (!coder) throw new CoderError(`Unknown atomic type ${typeInfo.value} in the schema`);
      return coder;
    }
    case 'arrayType':
    case 'iterableType':
      return iterableCoder(fieldTypeCoder(typeInfo.value.elementType));
    case 'mapType':
      return mapCoder(
        fieldTypeCoder(typeInfo.value.keyType),
        fieldTypeCoder(typeInfo.value.valueType),
      );
    case 'rowType':
      if (!typeInfo.value.schema) throw new CoderError('A row of the schema has no schema');
      return rowCoder(typeInfo.value.schema);
    case 'logicalType':
      return logicalTypeCoder(typeInfo.value, fieldTypeCoder);
    case undefined:
      throw new CoderError('A field of the schema has a type this version does not know');
  }
}
