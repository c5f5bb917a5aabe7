import type { BeamValue, PythonObjectValue } from './beamValue.js';
import type { ByteReader } from './byteReader.js';
import type { ByteWriter } from './byteWriter.js';
import { CoderError } from './coderError.js';
import { iterableCoder, stateBackedIterableCoder } from './compositeCoders.js';
import type { CoderContext, ElementCoder } from './elementCoder.js';
import type { KindedValue } from './expectValue.js';
import { expectInteger, isKinded, unexpected } from './expectValue.js';
import { describePickle } from './describePickle.js';
import { boolCoder, bytesCoder, stringUtf8Coder } from './primitiveCoders.js';

/** Type tags of Python's FastPrimitivesCoderImpl. */
const tags = {
  none: 0,
  int: 1,
  float: 2,
  bytes: 3,
  text: 4,
  list: 5,
  tuple: 6,
  dict: 7,
  set: 8,
  bool: 9,
  iterable: 10,
  proto: 100,
  dataclass: 101,
  'named tuple': 102,
  enum: 103,
  state: 104,
  'dataclass with names': 105,
  pickle: 255,
} as const;

const objectForms = new Map<number, PythonObjectValue['form']>(
  (['proto', 'dataclass', 'dataclass with names', 'named tuple', 'enum', 'state'] as const).map(
    (form) => [tags[form], form],
  ),
);

/** Python refuses to nest its own calls deeper than about this; damaged data could go much deeper. */
const maxDepth = 500;

/**
 * Python's FastPrimitivesCoder, which writes a type tag before each value and pickles what has none.
 * Pickles are not loaded.
 */
export const fastPrimitivesCoder: ElementCoder = coderAtDepth(0);

function coderAtDepth(depth: number): ElementCoder {
  return {
    endIsKnown: true,
    decode: (input, context) => decodeTagged(input, context, depth),
    encode(value, output, context) {
      encodeTagged(value, output, context);
    },
  };
}

function decodeTagged(input: ByteReader, context: CoderContext, depth: number): BeamValue {
  const offset = input.offset;
  if (depth > maxDepth) throw new CoderError(`Values nested deeper than ${maxDepth}`, offset);
  const tag = input.byte();
  const nested = (): BeamValue => decodeTagged(input, 'nested', depth + 1);
  switch (tag) {
    case tags.none:
      return null;
    case tags.int:
      return input.varint();
    case tags.float:
      return input.double();
    case tags.bytes:
      return bytesCoder.decode(input, context);
    case tags.text:
      return stringUtf8Coder.decode(input, context);
    case tags.bool:
      return boolCoder.decode(input, context);
    case tags.list:
      return counted(input, nested);
    case tags.tuple:
      return { kind: 'tuple', items: counted(input, nested) };
    case tags.set:
      return { kind: 'set', items: counted(input, nested) };
    case tags.dict:
      return { kind: 'map', entries: counted(input, () => [nested(), nested()]) };
    case tags.iterable:
      return stateBackedIterableCoder(coderAtDepth(depth + 1)).decode(input, context);
    case tags.pickle: {
      const bytes = context === 'outer' ? input.takeRest() : input.take(input.length());
      return { kind: 'pickle', bytes, ...describePickle(bytes) };
    }
    default: {
      const form = objectForms.get(tag);
      if (!form) throw new CoderError(`Unknown type tag ${tag} of FastPrimitivesCoder`, offset);
      return decodeObject(input, form, depth + 1);
    }
  }
}

function counted<T>(input: ByteReader, decode: () => T): T[] {
  const offset = input.offset;
  const count = input.varint();
  // Every value has at least its tag.
  if (count < 0n || count > BigInt(input.remaining)) {
    throw new CoderError(`${count} values, but ${input.remaining} bytes are left`, offset);
  }
  return Array.from({ length: Number(count) }, decode);
}

function decodeObject(
  input: ByteReader,
  form: PythonObjectValue['form'],
  depth: number,
): PythonObjectValue {
  const type = input.take(input.length());
  const { typeName } = describePickle(type);
  const object = { kind: 'python object' as const, form, type, ...(typeName && { typeName }) };
  switch (form) {
    case 'proto':
      return { ...object, items: [input.take(input.length())] };
    case 'enum':
    case 'state':
      return { ...object, items: [decodeTagged(input, 'nested', depth)] };
    case 'dataclass':
    case 'named tuple':
      return {
        ...object,
        items: iterableCoder(coderAtDepth(depth)).decode(input, 'nested') as BeamValue[],
      };
    case 'dataclass with names': {
      const named = counted(input, (): [string, BeamValue] => [
        input.text(input.length()),
        decodeTagged(input, 'nested', depth),
      ]);
      return {
        ...object,
        names: named.map(([name]) => name),
        items: named.map(([, value]) => value),
      };
    }
  }
}

function encodeTagged(value: BeamValue, output: ByteWriter, context: CoderContext): void {
  if (value === null) {
    output.byte(tags.none);
  } else if (typeof value === 'bigint') {
    output.byte(tags.int);
    output.varint(expectInteger(value, -(1n << 63n), (1n << 63n) - 1n));
  } else if (typeof value === 'number') {
    output.byte(tags.float);
    output.double(value);
  } else if (typeof value === 'string') {
    output.byte(tags.text);
    stringUtf8Coder.encode(value, output, context);
  } else if (typeof value === 'boolean') {
    output.byte(tags.bool);
    boolCoder.encode(value, output, context);
  } else if (value instanceof Uint8Array) {
    output.byte(tags.bytes);
    bytesCoder.encode(value, output, context);
  } else if (isKinded(value)) {
    encodeKinded(value, output, context);
  } else {
    encodeCounted(tags.list, value, output);
  }
}

function encodeKinded(value: KindedValue, output: ByteWriter, context: CoderContext): void {
  if (value.kind === 'tuple' || value.kind === 'set') {
    encodeCounted(tags[value.kind], value.items, output);
  } else if (value.kind === 'kv') {
    encodeCounted(tags.tuple, [value.key, value.value], output);
  } else if (value.kind === 'map') {
    encodeCounted(tags.dict, value.entries.flat(), output, value.entries.length);
  } else if (value.kind === 'state-backed') {
    output.byte(tags.iterable);
    stateBackedIterableCoder(fastPrimitivesCoder).encode(value, output, context);
  } else if (value.kind === 'pickle') {
    output.byte(tags.pickle);
    bytesCoder.encode(value.bytes, output, context);
  } else if (value.kind === 'python object') {
    output.byte(tags[value.form]);
    bytesCoder.encode(value.type, output, 'nested');
    encodeObject(value, output);
  } else {
    throw unexpected(value, 'a Python value');
  }
}

function encodeObject({ form, items, names }: PythonObjectValue, output: ByteWriter): void {
  const only = items[0] ?? null;
  switch (form) {
    case 'proto':
      bytesCoder.encode(only, output, 'nested');
      return;
    case 'enum':
    case 'state':
      encodeTagged(only, output, 'nested');
      return;
    case 'dataclass':
    case 'named tuple':
      iterableCoder(fastPrimitivesCoder).encode(items, output, 'nested');
      return;
    case 'dataclass with names':
      output.varint(items.length);
      items.forEach((item, index) => {
        stringUtf8Coder.encode(names?.[index] ?? '', output, 'nested');
        encodeTagged(item, output, 'nested');
      });
  }
}

function encodeCounted(
  tag: number,
  values: BeamValue[],
  output: ByteWriter,
  count = values.length,
): void {
  output.byte(tag);
  output.varint(count);
  for (const value of values) encodeTagged(value, output, 'nested');
}
