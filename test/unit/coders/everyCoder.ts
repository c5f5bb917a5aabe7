import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import type { Arbitrary } from 'fast-check';
import fc from 'fast-check';
import type { BeamValue, PaneInfo } from '../../../server/src/beam/coders/beamValue.js';
import { describePickle } from '../../../server/src/beam/coders/describePickle.js';
import type { FieldTypeSchema } from '../../../server/src/beam/proto/beam/schema_pb.js';
import { AtomicType, SchemaSchema } from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { CoderSpec } from './coderSpec.js';
import { fromHex, spec, utf8 } from './coderSpec.js';

/** A coder with values of it. */
export interface GeneratedCoder {
  name: string;
  spec: CoderSpec;
  values: Arbitrary<BeamValue>;
}

/** `FastPrimitivesCoder()` as Python pickles it. */
export const fastPrimitivesSpec = pickledSpec(
  'FastPrimitivesCoder$eNprYJ2axgABPZKJBYnJGanxSamJuXrJ+SmpRcVQakqPsFticUlAUWZuZklm' +
    'WWqxM0h4yuQpmo1Taqf08MenJebkJCUmZ8eD1U/JYOjhDshMzs5JRVGYVJykBwDOwCqZ',
);

/** `MapCoder(StrUtf8Coder(), NullableCoder(BytesCoder()))` as Python pickles it. */
export const pickledMapSpec = pickledSpec(
  'MapCoder$eNprYJ06mwECeiQTCxKTM1Ljk1ITc/WS81NSi4qh1JQeDt/EAmcQe8rkKZqNU2qnaPRwxWe' +
    'nVsaDFUzJYOjhCS4pCi1Js0BRldTDE1+WmFOailDH61eak5OYlJOKojCDCyjF5VRZklqMakBxUmmSHgD' +
    'Chj+O',
);

/** A coder as a Python pipeline holds those without a URN: class, `$` and a compressed pickle. */
export function pickledSpec(pickle: string): CoderSpec {
  const payload = toBinary(BytesValueSchema, create(BytesValueSchema, { value: utf8(pickle) }));
  return { urn: 'beam:coder:pickled_python:v1', payload };
}

type FieldTypeInit = MessageInitShape<typeof FieldTypeSchema>;

/** A field type; `nullable` unless said otherwise. */
export function fieldType(
  typeInfo: NonNullable<FieldTypeInit['typeInfo']>,
  nullable = false,
): FieldTypeInit {
  return { nullable, typeInfo };
}

export function atomic(value: AtomicType, nullable = false): FieldTypeInit {
  return fieldType({ case: 'atomicType', value }, nullable);
}

/** The row coder of some fields. */
export function rowSpec(fields: Record<string, FieldTypeInit>): CoderSpec {
  const schema = create(SchemaSchema, {
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
  });
  return { urn: 'beam:coder:row:v1', payload: toBinary(SchemaSchema, schema) };
}

/** Plain objects, as decoders make them. */
function record<T>(model: { [K in keyof T]: Arbitrary<T[K]> }): Arbitrary<T> {
  return fc.record(model, { noNullPrototype: true });
}

const int64 = fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n });
const millis = fc.bigInt({ min: -9223372036854775n, max: 9223372036854775n });
const text = fc.string({ unit: 'binary', maxLength: 200 });
const bytes = fc.uint8Array({ maxLength: 200 });

function listOf(item: Arbitrary<BeamValue>): Arbitrary<BeamValue[]> {
  return fc.array(item, { maxLength: 5 });
}

function mapOf(key: Arbitrary<BeamValue>, value: Arbitrary<BeamValue>): Arbitrary<BeamValue> {
  return record({
    kind: fc.constant('map'),
    entries: fc.array(fc.tuple(key, value), { maxLength: 5 }),
  });
}

const globalWindow: BeamValue = { kind: 'global window' };
const intervalWindow: Arbitrary<BeamValue> = fc
  .tuple(millis, fc.bigInt({ min: 0n, max: 1n << 40n }))
  .map(([endMillis, span]) => ({
    kind: 'interval window',
    startMillis: endMillis - span,
    endMillis,
  }));

const index = fc.bigInt({ min: 0n, max: 1n << 40n });
const pane: Arbitrary<PaneInfo> = record({
  flags: fc.tuple(fc.boolean(), fc.boolean()),
  indices: fc.oneof(
    fc.constant({ timing: 'UNKNOWN' as const, index: 0n, onTimeIndex: 0n }),
    index.map((early) => ({ timing: 'EARLY' as const, index: early, onTimeIndex: -1n })),
    record({
      timing: fc.constantFrom('ON_TIME' as const, 'LATE' as const),
      index,
      onTimeIndex: index,
    }),
  ),
}).map(({ flags: [isFirst, isLast], indices }) => ({ kind: 'pane', isFirst, isLast, ...indices }));

/**
 * Whatever FastPrimitivesCoder writes without a pickle, and pickles. Random bytes may be a pickle that says
 * what it is, as an object or as an object's type: two bytes are an empty set.
 */
const { python } = fc.letrec<{ python: BeamValue }>((tie) => ({
  python: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constant(null), int64, fc.double(), bytes, text, fc.boolean()),
    listOf(tie('python')),
    record({
      kind: fc.constantFrom('tuple' as const, 'set' as const),
      items: listOf(tie('python')),
    }),
    mapOf(tie('python'), tie('python')),
    bytes.map((pickle): BeamValue => ({
      kind: 'pickle',
      bytes: pickle,
      ...describePickle(pickle),
    })),
    record({
      form: fc.constantFrom('dataclass' as const, 'named tuple' as const),
      type: bytes,
      items: listOf(tie('python')),
    }).map(({ form, type, items }): BeamValue => {
      const { typeName } = describePickle(type);
      return { kind: 'python object', form, type, ...(typeName && { typeName }), items };
    }),
  ),
}));

/** Singles whose shortest digits are their own. */
const singles = fc.oneof(
  fc.constantFrom(0, -0, 0.1, 3.1415, 1e-45, 3.4028235e38, NaN, Infinity, -Infinity),
  fc.integer({ min: -9999, max: 9999 }).map((eighths) => eighths / 8),
);

function timestamps(units: Arbitrary<bigint>, precision: number): Arbitrary<BeamValue> {
  return units.map((value) => ({ kind: 'timestamp', units: value, precision }));
}

const seconds = fieldType({
  case: 'rowType',
  value: {
    schema: {
      fields: [
        { name: 'seconds', type: atomic(AtomicType.INT64) },
        { name: 'micros', type: atomic(AtomicType.INT64) },
      ],
    },
  },
});

const rowFields: Record<string, [FieldTypeInit, Arbitrary<BeamValue>]> = {
  byte: [atomic(AtomicType.BYTE), fc.bigInt({ min: -128n, max: 127n })],
  int16: [atomic(AtomicType.INT16), fc.bigInt({ min: -32768n, max: 32767n })],
  int32: [atomic(AtomicType.INT32, true), fc.option(fc.integer().map(BigInt))],
  int64: [atomic(AtomicType.INT64), int64],
  float: [atomic(AtomicType.FLOAT), singles],
  double: [atomic(AtomicType.DOUBLE), fc.double()],
  text: [atomic(AtomicType.STRING, true), fc.option(text)],
  boolean: [atomic(AtomicType.BOOLEAN), fc.boolean()],
  bytes: [atomic(AtomicType.BYTES, true), fc.option(bytes)],
  list: [
    fieldType({ case: 'arrayType', value: { elementType: atomic(AtomicType.INT64, true) } }),
    listOf(fc.option(int64)),
  ],
  iterable: [
    fieldType({ case: 'iterableType', value: { elementType: atomic(AtomicType.STRING) } }, true),
    fc.option(listOf(text)),
  ],
  map: [
    fieldType({
      case: 'mapType',
      value: { keyType: atomic(AtomicType.STRING), valueType: atomic(AtomicType.DOUBLE, true) },
    }),
    mapOf(text, fc.option(fc.double())),
  ],
  inner: [
    fieldType({
      case: 'rowType',
      value: { schema: { fields: [{ name: 'x', type: atomic(AtomicType.INT64, true) }] } },
    }),
    fc.option(int64).map((x) => ({ kind: 'row', fields: [['x', x]] })),
  ],
  micros: [logical('beam:logical_type:micros_instant:v1', seconds), timestamps(millis, 6)],
  millis: [
    logical('beam:logical_type:millis_instant:v1', atomic(AtomicType.INT64)),
    timestamps(int64, 3),
  ],
  decimal: [
    logical('beam:logical_type:decimal:v1', atomic(AtomicType.BYTES)),
    record({
      kind: fc.constant('decimal'),
      unscaled: fc.bigInt(),
      scale: fc.integer({ min: -2000, max: 2000 }),
    }),
  ],
  date: [
    logical('beam:logical_type:date:v1', atomic(AtomicType.INT64)),
    int64.map((days) => ({ kind: 'date', days })),
  ],
  any: [logical('beam:logical:pythonsdk_any:v1', undefined, true), python],
  other: [logical('example:logical_type:other:v1', atomic(AtomicType.STRING)), text],
};

function logical(
  urn: string,
  representation: FieldTypeInit | undefined,
  nullable = false,
): FieldTypeInit {
  const value = { urn, ...(representation && { representation }) };
  return fieldType({ case: 'logicalType', value }, nullable);
}

const rowValues: Arbitrary<BeamValue> = record(
  Object.fromEntries(Object.entries(rowFields).map(([name, [, value]]) => [name, value])),
).map((fields) => ({
  kind: 'row',
  fields: Object.keys(rowFields).map((name) => [name, fields[name] ?? null]),
}));

const kvSpec = spec('kv', spec('string_utf8'), spec('varint'));
const kvValues: Arbitrary<BeamValue> = record({
  kind: fc.constant('kv'),
  key: text,
  value: int64,
});

const windowedValues = (
  value: Arbitrary<BeamValue>,
  window: Arbitrary<BeamValue>,
): Arbitrary<BeamValue> =>
  record({
    kind: fc.constant('windowed value'),
    value,
    timestampMillis: millis,
    windows: fc.array(window, { minLength: 1, maxLength: 3 }),
    pane,
  });

/** Every coder there is, with values of all that it can hold. */
export const everyCoder: GeneratedCoder[] = [
  { name: 'bytes', spec: spec('bytes'), values: bytes },
  { name: 'string_utf8', spec: spec('string_utf8'), values: text },
  { name: 'bool', spec: spec('bool'), values: fc.boolean() },
  { name: 'varint', spec: spec('varint'), values: int64 },
  { name: 'double', spec: spec('double'), values: fc.double() },
  { name: 'global_window', spec: spec('global_window'), values: fc.constant(globalWindow) },
  { name: 'interval_window', spec: spec('interval_window'), values: intervalWindow },
  {
    name: 'custom_window',
    spec: spec('custom_window', spec('bytes')),
    values: record({
      kind: fc.constant('custom window'),
      maxTimestampMillis: millis,
      window: bytes,
    }),
  },
  {
    name: 'opaque window of Python',
    spec: spec('beam:timestamp_prefixed_opaque_window_coder:v1'),
    values: record({
      kind: fc.constant('custom window'),
      maxTimestampMillis: millis,
      window: bytes,
    }),
  },
  { name: 'kv', spec: kvSpec, values: kvValues },
  {
    name: 'kv of kv',
    spec: spec('kv', kvSpec, spec('bytes')),
    values: record({ kind: fc.constant('kv'), key: kvValues, value: bytes }),
  },
  {
    name: 'tuple',
    spec: spec('tuple', spec('bytes'), spec('double'), spec('string_utf8')),
    values: fc.tuple(bytes, fc.double(), text).map((items) => ({ kind: 'tuple', items })),
  },
  { name: 'iterable', spec: spec('iterable', spec('bytes')), values: listOf(bytes) },
  {
    name: 'state_backed_iterable',
    spec: spec('state_backed_iterable', spec('string_utf8')),
    values: fc.oneof(
      listOf(text),
      record({ kind: fc.constant('state-backed' as const), items: listOf(text), token: bytes }),
    ),
  },
  { name: 'nullable', spec: spec('nullable', spec('bytes')), values: fc.option(bytes) },
  { name: 'length_prefix', spec: spec('length_prefix', kvSpec), values: kvValues },
  {
    name: 'length_prefix of a coder nobody knows',
    spec: spec('length_prefix', spec('example:coder:own:v1')),
    values: bytes.map((own) => ({ kind: 'opaque', coder: 'example:coder:own:v1', bytes: own })),
  },
  {
    name: 'sharded_key',
    spec: spec('sharded_key', spec('string_utf8')),
    values: record({ kind: fc.constant('sharded key'), shardId: bytes, key: text }),
  },
  {
    name: 'windowed_value',
    spec: spec('windowed_value', spec('bytes'), spec('interval_window')),
    values: windowedValues(bytes, intervalWindow),
  },
  {
    name: 'param_windowed_value',
    spec: {
      ...spec('param_windowed_value', spec('string_utf8'), spec('global_window')),
      payload: fromHex('8000000000000005 00000001 0f'),
    },
    values: text.map((value) => ({
      kind: 'windowed value',
      value,
      timestampMillis: 5n,
      windows: [globalWindow],
      pane: {
        kind: 'pane',
        isFirst: true,
        isLast: true,
        timing: 'UNKNOWN',
        index: 0n,
        onTimeIndex: 0n,
      },
    })),
  },
  {
    name: 'timer',
    spec: spec('timer', spec('string_utf8'), spec('global_window')),
    values: record({
      userKey: text,
      dynamicTimerTag: text,
      firing: fc.option(record({ fireTimestampMillis: millis, holdTimestampMillis: millis, pane })),
    }).map(({ firing, ...timer }) => ({
      kind: 'timer',
      ...timer,
      windows: [globalWindow],
      ...(firing && { firing }),
    })),
  },
  {
    name: 'row',
    spec: rowSpec(
      Object.fromEntries(Object.entries(rowFields).map(([name, [type]]) => [name, type])),
    ),
    values: rowValues,
  },
  { name: "Python's FastPrimitivesCoder", spec: fastPrimitivesSpec, values: python },
  { name: "Python's MapCoder", spec: pickledMapSpec, values: mapOf(text, fc.option(bytes)) },
];
