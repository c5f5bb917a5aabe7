import { fromBinary } from '@bufbuild/protobuf';
import type { Coder } from '../proto/beam/pipeline_pb.js';
import { SchemaCoderPayloadSchema } from '../proto/beam/schema_pb.js';
import type { BeamValue } from './beamValue.js';
import { ByteReader } from './byteReader.js';
import { CoderError } from './coderError.js';
import { coderAtDepth, coderUrnTree } from './coderUrnTree.js';
import * as composites from './compositeCoders.js';
import type { ElementCoder } from './elementCoder.js';
import { opaqueCoder } from './opaqueCoder.js';
import { pickledPythonCoder, pickledPythonUrn } from './pickledPython.js';
import * as primitives from './primitiveCoders.js';
import { rowCoder, rowCoderOfPayload } from './rowCoder.js';
import * as windows from './windowCoders.js';

/** How the coder of a URN is made. */
interface CoderKind {
  /** How many components it has; any number if absent. */
  arity?: number;
  /** Whether more comes behind a component, even where nothing comes behind the whole. */
  isFollowed: (component: number, arity: number) => boolean;
  build: (components: ElementCoder[], payload: Uint8Array) => ElementCoder;
}

const always = (): boolean => true;
const never = (): boolean => false;

const coderKinds = new Map<string, CoderKind>([
  ['beam:coder:bytes:v1', leaf(() => primitives.bytesCoder)],
  ['beam:coder:string_utf8:v1', leaf(() => primitives.stringUtf8Coder)],
  ['beam:coder:bool:v1', leaf(() => primitives.boolCoder)],
  ['beam:coder:varint:v1', leaf(() => primitives.varintCoder)],
  ['beam:coder:double:v1', leaf(() => primitives.doubleCoder)],
  ['beam:coder:global_window:v1', leaf(() => windows.globalWindowCoder)],
  ['beam:coder:interval_window:v1', leaf(() => windows.intervalWindowCoder)],
  ['beam:timestamp_prefixed_opaque_window_coder:v1', leaf(() => windows.opaqueWindowCoder)],
  ['beam:coder:row:v1', leaf(rowCoderOfPayload)],
  ['beam:coder:schema:v1', leaf(schemaCoderOfPayload)],
  [pickledPythonUrn, leaf(pickledPythonCoder)],
  ['beam:coder:nullable:v1', one(composites.nullableCoder, never)],
  ['beam:coder:length_prefix:v1', one(composites.lengthPrefixCoder, never)],
  ['beam:coder:custom_window:v1', one(windows.customWindowCoder, never)],
  ['beam:coder:iterable:v1', one(composites.iterableCoder, always)],
  ['beam:coder:state_backed_iterable:v1', one(composites.stateBackedIterableCoder, always)],
  ['beam:coder:sharded_key:v1', one(composites.shardedKeyCoder, always)],
  ['beam:coder:kv:v1', two(composites.kvCoder, (component) => component === 0)],
  ['beam:coder:timer:v1', two(windows.timerCoder, always)],
  ['beam:coder:windowed_value:v1', two(windows.windowedValueCoder, (component) => component === 1)],
  [
    'beam:coder:param_windowed_value:v1',
    two(windows.paramWindowedValueCoder, (component) => component === 1),
  ],
  [
    'beam:coder:tuple:v1',
    { isFollowed: (component, arity) => component < arity - 1, build: composites.tupleCoder },
  ],
]);

function leaf(build: (payload: Uint8Array) => ElementCoder): CoderKind {
  return { arity: 0, isFollowed: never, build: (_, payload) => build(payload) };
}

function one(
  build: (component: ElementCoder) => ElementCoder,
  isFollowed: CoderKind['isFollowed'],
): CoderKind {
  return { arity: 1, isFollowed, build: ([component]) => build(given(component)) };
}

function two(
  build: (first: ElementCoder, second: ElementCoder, payload: Uint8Array) => ElementCoder,
  isFollowed: CoderKind['isFollowed'],
): CoderKind {
  return {
    arity: 2,
    isFollowed,
    build: ([first, second], payload) => build(given(first), given(second), payload),
  };
}

/** A component, of which there are as many as the kind has. */
function given(component: ElementCoder | undefined): ElementCoder {
  if (!component) throw new CoderError('A component is missing');
  return component;
}

function schemaCoderOfPayload(payload: Uint8Array): ElementCoder {
  const { schema } = fromBinary(SchemaCoderPayloadSchema, payload);
  if (!schema) throw new CoderError('A schema coder without a schema');
  return rowCoder(schema);
}

/**
 * The coder of an id, made of the coders it refers to. Opaque, that is decoding to an OpaqueValue, are
 * coders that only their own SDK understands, those with a payload that cannot be read here (a schema
 * with a new kind of type), and those that have such a coder where the end of a value must be found.
 * @throws Error if a coder is missing, contains itself, or has the wrong number of components.
 */
export function coderFor(coderId: string, coders: Record<string, Coder>): ElementCoder {
  const made = new Map<string, ElementCoder>();
  const make = (id: string, depth: number): ElementCoder => {
    const known = made.get(id);
    if (known) return known;
    const { spec, componentCoderIds } = coderAtDepth(id, coders, depth);
    const components = componentCoderIds.map((component) => make(component, depth + 1));
    const kind = coderKinds.get(spec?.urn ?? '');
    if (kind?.arity !== undefined && kind.arity !== components.length) {
      throw new CoderError(
        `Coder "${id}" has ${components.length} components, but its URN has ${kind.arity}`,
      );
    }
    const coder =
      (kind && build(kind, components, spec?.payload)) ?? opaqueCoder(coderUrnTree(id, coders));
    made.set(id, coder);
    return coder;
  };
  return make(coderId, 0);
}

function build(
  kind: CoderKind,
  components: ElementCoder[],
  payload: Uint8Array = new Uint8Array(),
): ElementCoder | undefined {
  const endsAreKnown = components.every(
    ({ endIsKnown }, index) => endIsKnown || !kind.isFollowed(index, components.length),
  );
  if (!endsAreKnown) return undefined;
  try {
    return kind.build(components, payload);
  } catch {
    return undefined;
  }
}

/**
 * Decodes the bytes of one whole element.
 * @throws CoderError if they are not of the coder, or if bytes are left.
 */
export function decodeElement(coder: ElementCoder, bytes: Uint8Array): BeamValue {
  return composites.decodeWhole(coder, new ByteReader(bytes));
}
