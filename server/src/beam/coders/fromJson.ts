import { fromBinary } from '@bufbuild/protobuf';
import type { Coder } from '../proto/beam/pipeline_pb.js';
import type { FieldType, Schema } from '../proto/beam/schema_pb.js';
import { AtomicType, SchemaSchema } from '../proto/beam/schema_pb.js';
import type { BeamValue } from './beamValue.js';
import { CoderError } from './coderError.js';
import { coderFor } from './coderFor.js';
import { coderAtDepth } from './coderUrnTree.js';
import { fastPrimitivesCoder } from './fastPrimitives.js';

/** Makes of plain JSON data a value that a coder can encode. @throws CoderError for data that is not of the coder. */
export type JsonDecoder = (json: unknown) => BeamValue;

/**
 * The counterpart of toJson for the elements of a coder. JSON tells fewer types apart than Beam does, so what it
 * answers need not be what toJson was given: whoever needs the same bytes compares them.
 * Throws CoderError for every value of a coder that has no JSON form: times, pickles, all that is opaque.
 */
export function jsonDecoderFor(coderId: string, coders: Record<string, Coder>): JsonDecoder {
  return decoderAt(coderId, coders, 0);
}

function decoderAt(coderId: string, coders: Record<string, Coder>, depth: number): JsonDecoder {
  const { spec, componentCoderIds } = coderAtDepth(coderId, coders, depth);
  const urn = spec?.urn ?? '';
  const component = (index: number): JsonDecoder => {
    const id = componentCoderIds[index];
    return id === undefined ? noJsonForm(coderId) : decoderAt(id, coders, depth + 1);
  };
  switch (urn) {
    case 'beam:coder:bytes:v1':
      return toBytes;
    case 'beam:coder:string_utf8:v1':
      return toText;
    case 'beam:coder:bool:v1':
      return toBoolean;
    case 'beam:coder:varint:v1':
      return toInteger;
    case 'beam:coder:double:v1':
      return toDouble;
    case 'beam:coder:length_prefix:v1':
      return component(0);
    case 'beam:coder:nullable:v1':
      return nullable(component(0));
    case 'beam:coder:iterable:v1':
      return listOf(component(0));
    case 'beam:coder:kv:v1': {
      const [key, value] = [component(0), component(1)];
      return (json) => {
        const pair = objectOf(json);
        return { kind: 'kv', key: key(pair['key']), value: value(pair['value']) };
      };
    }
    case 'beam:coder:tuple:v1': {
      const components = componentCoderIds.map((_, index) => component(index));
      return (json) => {
        const items = arrayOf(json);
        return { kind: 'tuple', items: components.map((decode, index) => decode(items[index])) };
      };
    }
    case 'beam:coder:row:v1':
      return rowOf(fromBinary(SchemaSchema, spec?.payload ?? new Uint8Array()));
    default:
      return coderFor(coderId, coders) === fastPrimitivesCoder ? toPythonValue : noJsonForm(urn);
  }
}

function noJsonForm(what: string): JsonDecoder {
  return () => {
    throw new CoderError(`Elements of ${what} cannot be made of JSON`);
  };
}

const toText: JsonDecoder = (json) => (typeof json === 'string' ? json : refuse(json, 'a text'));

const toBoolean: JsonDecoder = (json) =>
  typeof json === 'boolean' ? json : refuse(json, 'true or false');

const toInteger: JsonDecoder = (json) => {
  if (Number.isSafeInteger(json)) return BigInt(json as number);
  if (typeof json === 'string' && /^-?\d{1,20}$/.test(json)) return BigInt(json);
  return refuse(json, 'an integer');
};

const toDouble: JsonDecoder = (json) => {
  if (typeof json === 'number') return json;
  if (json === 'NaN' || json === 'Infinity' || json === '-Infinity') return Number(json);
  return refuse(json, 'a number');
};

/** Text is its UTF-8; `{"bytes": base64}` stands for all else. */
const toBytes: JsonDecoder = (json) => {
  if (typeof json === 'string') return Buffer.from(json);
  const base64 = objectOf(json)['bytes'];
  return typeof base64 === 'string' ? Buffer.from(base64, 'base64') : refuse(json, 'bytes');
};

/** Integers are int, lists list, objects dict: what Python's own json makes of them. */
const toPythonValue: JsonDecoder = (json) => {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return Number.isSafeInteger(json) ? BigInt(json) : json;
  if (Array.isArray(json)) return json.map(toPythonValue);
  const entries = Object.entries(objectOf(json));
  return { kind: 'map', entries: entries.map(([key, value]) => [key, toPythonValue(value)]) };
};

function nullable(decode: JsonDecoder): JsonDecoder {
  return (json) => (json === null ? null : decode(json));
}

function listOf(decode: JsonDecoder): JsonDecoder {
  return (json) => arrayOf(json).map((item) => decode(item));
}

function rowOf(schema: Schema): JsonDecoder {
  const fields = schema.fields.map(({ name, type }) => ({ name, decode: fieldDecoder(type) }));
  return (json) => {
    const object = objectOf(json);
    return { kind: 'row', fields: fields.map(({ name, decode }) => [name, decode(object[name])]) };
  };
}

function fieldDecoder(type: FieldType | undefined): JsonDecoder {
  if (!type) return noJsonForm('a field without a type');
  const decode = nonNullDecoder(type);
  return type.nullable ? nullable(decode) : decode;
}

function nonNullDecoder({ typeInfo }: FieldType): JsonDecoder {
  switch (typeInfo.case) {
    case 'atomicType':
      return atomicDecoders[typeInfo.value];
    case 'arrayType':
    case 'iterableType':
      return listOf(fieldDecoder(typeInfo.value.elementType));
    case 'mapType': {
      const [key, value] = [typeInfo.value.keyType, typeInfo.value.valueType].map(fieldDecoder);
      return key && value ? mapOf(key, value) : noJsonForm('a map');
    }
    case 'rowType':
      return typeInfo.value.schema ? rowOf(typeInfo.value.schema) : noJsonForm('a row');
    case 'logicalType':
      return noJsonForm(typeInfo.value.urn);
    case undefined:
      return noJsonForm('a field of an unknown type');
  }
}

const atomicDecoders: Record<AtomicType, JsonDecoder> = {
  [AtomicType.UNSPECIFIED]: noJsonForm('a field of an unknown type'),
  [AtomicType.BYTE]: toInteger,
  [AtomicType.INT16]: toInteger,
  [AtomicType.INT32]: toInteger,
  [AtomicType.INT64]: toInteger,
  [AtomicType.FLOAT]: toDouble,
  [AtomicType.DOUBLE]: toDouble,
  [AtomicType.STRING]: toText,
  [AtomicType.BOOLEAN]: toBoolean,
  [AtomicType.BYTES]: toBytes,
};

/** Maps whose keys are texts are objects, others lists of pairs. */
function mapOf(key: JsonDecoder, value: JsonDecoder): JsonDecoder {
  return (json) => {
    const entries = Array.isArray(json)
      ? json.map((item) => objectOf(item)).map((pair) => [pair['key'], pair['value']] as const)
      : Object.entries(objectOf(json));
    return { kind: 'map', entries: entries.map(([k, v]) => [key(k), value(v)]) };
  };
}

function objectOf(json: unknown): Record<string, unknown> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Record<string, unknown>;
  }
  return refuse(json, 'an object');
}

function arrayOf(json: unknown): unknown[] {
  return Array.isArray(json) ? (json as unknown[]) : refuse(json, 'a list');
}

function refuse(json: unknown, expected: string): never {
  const found = json === undefined ? 'nothing' : json === null ? 'null' : typeof json;
  throw new CoderError(`Expected ${expected}, got ${Array.isArray(json) ? 'a list' : found}`);
}
