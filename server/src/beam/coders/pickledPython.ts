import { fromBinary } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import { inflateSync } from 'node:zlib';
import * as composites from './compositeCoders.js';
import { argumentsOf, attributesOf, describePickle, typeNameOf } from './describePickle.js';
import type { ElementCoder } from './elementCoder.js';
import { expectKind } from './expectValue.js';
import { fastPrimitivesCoder } from './fastPrimitives.js';
import { opaqueBytesCoder, opaqueCoder } from './opaqueCoder.js';
import { paneInfoCoder } from './pane.js';
import * as primitives from './primitiveCoders.js';
import type { PickleNode } from './readPickle.js';
import { isNodeObject, readPickle } from './readPickle.js';
import { rowCoderOfPayload } from './rowCoder.js';

export const pickledPythonUrn = 'beam:coder:pickled_python:v1';

/** No coder's pickle is nearly as large; a damaged one must not be inflated into the memory. */
const maxPickleBytes = 1 << 20;
const maxDepth = 50;
const beamCoders = 'apache_beam.coders.coders.';

/** Pickled elements, which are not loaded. */
const pickleCoder: ElementCoder = {
  endIsKnown: true,
  decode(input, context) {
    const bytes = context === 'outer' ? input.takeRest() : input.take(input.length());
    return { kind: 'pickle', bytes, ...describePickle(bytes) };
  },
  encode(value, output, context) {
    primitives.bytesCoder.encode(expectKind(value, 'pickle').bytes, output, context);
  },
};

/** The coders of apache_beam.coders.coders without components, by class. */
const simpleCoders = new Map<string, ElementCoder>([
  ['BigEndianShortCoder', primitives.int16Coder],
  ['BigIntegerCoder', primitives.bigIntegerCoder],
  ['BooleanCoder', primitives.boolCoder],
  ['ByteCoder', primitives.byteCoder],
  ['BytesCoder', primitives.bytesCoder],
  ['CloudpickleCoder', pickleCoder],
  ['DecimalCoder', primitives.decimalCoder],
  ['DeterministicFastPrimitivesCoder', fastPrimitivesCoder],
  ['DeterministicFastPrimitivesCoderV2', fastPrimitivesCoder],
  ['DeterministicProtoCoder', opaqueBytesCoder(pickledPythonUrn, 'DeterministicProtoCoder')],
  ['DillCoder', pickleCoder],
  ['FakeDeterministicFastPrimitivesCoder', fastPrimitivesCoder],
  ['FastPrimitivesCoder', fastPrimitivesCoder],
  ['FloatCoder', primitives.doubleCoder],
  ['PaneInfoCoder', paneInfoCoder],
  ['PickleCoder', pickleCoder],
  ['ProtoCoder', opaqueBytesCoder(pickledPythonUrn, 'ProtoCoder')],
  ['ProtoPlusCoder', opaqueBytesCoder(pickledPythonUrn, 'ProtoPlusCoder')],
  ['SinglePrecisionFloatCoder', primitives.floatCoder],
  ['StrUtf8Coder', primitives.stringUtf8Coder],
  ['TimestampCoder', primitives.timestampCoder],
  ['VarInt32Coder', primitives.varint32Coder],
  ['VarIntCoder', primitives.varintCoder],
  ['_MemoizingPickleCoder', pickleCoder],
]);

/**
 * The coder that a Python pipeline gives as a pickle, for which Python has no URN. The classes of Beam
 * itself are recognised by reading the pickle as data; it is never loaded. All others are opaque.
 * @param payload the coder's payload: a BytesValue of `ClassName$` and base64 of a deflated pickle
 */
export function pickledPythonCoder(payload: Uint8Array): ElementCoder {
  let coderClass: string | undefined;
  try {
    const pickle = readPickle(inflatedPickle(payload));
    coderClass = typeNameOf(pickle);
    const known = coderOf(pickle, 0);
    if (known) return known;
  } catch {
    // Whatever it is, its elements are shown as bytes.
  }
  return opaqueCoder(pickledPythonUrn, coderClass);
}

function inflatedPickle(payload: Uint8Array): Uint8Array {
  const { value } = fromBinary(BytesValueSchema, payload);
  const base64 = Buffer.from(value.subarray(value.indexOf(0x24) + 1)).toString('latin1');
  return inflateSync(Buffer.from(base64, 'base64'), { maxOutputLength: maxPickleBytes });
}

function coderOf(pickle: PickleNode | undefined, depth: number): ElementCoder | undefined {
  if (pickle === undefined || depth > maxDepth) return undefined;
  const name = typeNameOf(pickle) ?? '';
  if (name === 'apache_beam.coders.row_coder.RowCoder.from_payload') {
    const schema = argumentsOf(pickle)[0];
    return schema instanceof Uint8Array ? rowCoderOfPayload(schema) : undefined;
  }
  if (!name.startsWith(beamCoders)) return undefined;
  const attributes = attributesOf(pickle);
  const component = (attribute: string): ElementCoder | undefined =>
    coderOf(attributes.get(attribute), depth + 1);
  const className = name.slice(beamCoders.length);
  switch (className) {
    case 'IterableCoder':
    case 'ListCoder':
    case 'TupleSequenceCoder':
      return composed(composites.iterableCoder, component('_elem_coder'));
    case 'MapCoder':
    case 'DeterministicMapCoder':
      return composed(composites.mapCoder, component('_key_coder'), component('_value_coder'));
    case 'NullableCoder':
      return composed(composites.nullableCoder, component('_value_coder'));
    case 'TupleCoder': {
      const coders = attributes.get('_coders');
      if (!isNodeObject(coders) || coders.kind !== 'tuple') return undefined;
      const components = coders.items.map((item) => coderOf(item, depth + 1));
      return composed((...all) => composites.tupleCoder(all), ...components);
    }
    default:
      return simpleCoders.get(className);
  }
}

/** The coder made of components, if all of them are known. */
function composed(
  compose: (...components: ElementCoder[]) => ElementCoder,
  ...components: (ElementCoder | undefined)[]
): ElementCoder | undefined {
  const known = components.filter((component) => component !== undefined);
  return known.length === components.length ? compose(...known) : undefined;
}
