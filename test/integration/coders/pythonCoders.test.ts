import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { create } from '@bufbuild/protobuf';
import type {
  BeamValue,
  PaneInfo,
  PythonObjectValue,
} from '../../../server/src/beam/coders/beamValue.js';
import { coderFor, decodeElement } from '../../../server/src/beam/coders/coderFor.js';
import type { ElementCoder } from '../../../server/src/beam/coders/elementCoder.js';
import { formatValue } from '../../../server/src/beam/coders/formatValue.js';
import { toJson } from '../../../server/src/beam/coders/toJson.js';
import type { Coder } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { CoderSchema } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { decode, encode, fromHex } from '../../unit/coders/coderSpec.js';
import { testPython } from '../testPython.js';

// What the Python SDK really emits: vectors.py encodes values with the coders of real pipelines.

interface Vector {
  name: string;
  coderId: string;
  coders: Record<string, [urn: string, payload: string, components: string[]]>;
  nested: string;
  outer: string;
  value: Tagged;
}

/** A value as vectors.py tags it; integers are decimal text, bytes and doubles hex. */
type Tagged =
  | ['none']
  | ['bool', boolean]
  | ['text' | 'int' | 'float' | 'bytes' | 'date' | 'pickle', string]
  | ['list' | 'tuple' | 'set', Tagged[]]
  | ['map', [Tagged, Tagged][]]
  | ['kv', Tagged, Tagged]
  | ['row', [string, Tagged][]]
  | ['decimal' | 'timestamp', string, number]
  | TaggedPane
  | ['sharded', string, Tagged]
  | ['global window']
  | ['interval window', start: string, end: string]
  | ['windowed', Tagged, timestamp: string, windows: Tagged[]]
  | ['object', PythonObjectValue['form'], type: string, items: Tagged[], names: string[] | null]
  | ['opaque' | 'opaque bytes', coderClass: string, bytes: string];

type TaggedPane = [
  'pane',
  isFirst: boolean,
  isLast: boolean,
  timing: PaneInfo['timing'],
  index: string,
  onTimeIndex: string,
];

describe("Python's own encodings", () => {
  let vectors: Vector[];

  before(async () => {
    const script = fileURLToPath(new URL('vectors.py', import.meta.url));
    const { stdout } = await promisify(execFile)(await testPython(), [script]);
    vectors = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Vector);
  });

  it('are decoded to what was encoded', () => {
    assert.ok(vectors.length > 100, `only ${vectors.length} vectors`);
    for (const vector of vectors) {
      const decoded = decodeElement(coderOf(vector), fromHex(vector.outer));
      assert.deepEqual(described(decoded), expected(vector.value), vector.name);
      if (vector.value[0] === 'opaque') continue; // has no end of its own
      const nested = decode(coderOf(vector), fromHex(vector.nested), 'nested');
      assert.deepEqual(nested, decoded, `${vector.name}, nested`);
    }
  });

  it('are encoded to the same bytes', () => {
    for (const vector of vectors) {
      const coder = coderOf(vector);
      const decoded = decodeElement(coder, fromHex(vector.outer));
      // Python keeps lazy iterables apart from lists; they are shown as lists and written as such.
      if (vector.name.endsWith('of an iterable')) continue;
      assert.equal(encode(coder, decoded, 'outer'), vector.outer, vector.name);
      if (vector.value[0] === 'opaque') continue;
      assert.equal(encode(coder, decoded, 'nested'), vector.nested, `${vector.name}, nested`);
    }
  });

  it('are shown on one line and as JSON', () => {
    for (const vector of vectors) {
      const decoded = decodeElement(coderOf(vector), fromHex(vector.outer));
      assert.match(formatValue(decoded), /^[^\n]+$/, vector.name);
      assert.doesNotThrow(() => JSON.stringify(toJson(decoded)), vector.name);
    }
  });

  it('of Beam timestamps are read off their pickles', () => {
    const vector = vectors.find(({ name }) => name.startsWith('Create(timestamps)'))!;
    const decoded = decodeElement(coderOf(vector), fromHex(vector.outer));
    assert.equal(formatValue(decoded), '1970-01-01T00:00:01.500000Z');
  });
});

function coderOf({ coderId, coders }: Vector): ElementCoder {
  const protos = new Map<string, Coder>();
  for (const [id, [urn, payload, componentCoderIds]] of Object.entries(coders)) {
    const spec = { urn, payload: fromHex(payload) };
    protos.set(id, create(CoderSchema, { spec, componentCoderIds }));
  }
  return coderFor(coderId, Object.fromEntries(protos));
}

/** Pickles by their type name alone; encoding checks their bytes. */
function described(value: BeamValue): BeamValue {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
  if (value.kind !== 'pickle' || value.typeName === undefined) return value;
  return { kind: 'pickle', typeName: value.typeName, bytes: new Uint8Array() };
}

function expected(tagged: Tagged): BeamValue {
  switch (tagged[0]) {
    case 'none':
      return null;
    case 'bool':
    case 'text':
      return tagged[1];
    case 'int':
      return BigInt(tagged[1]);
    case 'float':
      return Buffer.from(tagged[1], 'hex').readDoubleBE();
    case 'bytes':
      return fromHex(tagged[1]);
    case 'list':
      return tagged[1].map(expected);
    case 'tuple':
    case 'set':
      return { kind: tagged[0], items: tagged[1].map(expected) };
    case 'map':
      return { kind: 'map', entries: tagged[1].map(([k, v]) => [expected(k), expected(v)]) };
    case 'kv':
      return { kind: 'kv', key: expected(tagged[1]), value: expected(tagged[2]) };
    case 'row':
      return { kind: 'row', fields: tagged[1].map(([name, value]) => [name, expected(value)]) };
    case 'decimal':
      return { kind: 'decimal', unscaled: BigInt(tagged[1]), scale: tagged[2] };
    case 'date':
      return { kind: 'date', days: BigInt(tagged[1]) };
    case 'timestamp':
      return { kind: 'timestamp', units: BigInt(tagged[1]), precision: tagged[2] };
    case 'pane':
      return pane(tagged);
    case 'sharded':
      return { kind: 'sharded key', shardId: fromHex(tagged[1]), key: expected(tagged[2]) };
    case 'global window':
      return { kind: tagged[0] };
    case 'interval window':
      return { kind: tagged[0], startMillis: BigInt(tagged[1]), endMillis: BigInt(tagged[2]) };
    case 'windowed':
      return {
        kind: 'windowed value',
        value: expected(tagged[1]),
        timestampMillis: BigInt(tagged[2]),
        windows: tagged[3].map(expected),
        pane: pane(['pane', true, true, 'UNKNOWN', '0', '0']),
      };
    case 'object': {
      const [, form, type, items, names] = tagged;
      return {
        kind: 'python object',
        form,
        type: fromHex(type),
        items: items.map(expected),
        ...(names && { names }),
      };
    }
    case 'pickle':
      return { kind: 'pickle', typeName: tagged[1], bytes: new Uint8Array() };
    case 'opaque':
    case 'opaque bytes':
      return {
        kind: 'opaque',
        coder: 'beam:coder:pickled_python:v1',
        coderClass: tagged[1],
        bytes: fromHex(tagged[2]),
      };
  }
}

function pane([, isFirst, isLast, timing, index, onTimeIndex]: TaggedPane): PaneInfo {
  return {
    kind: 'pane',
    isFirst,
    isLast,
    timing,
    index: BigInt(index),
    onTimeIndex: BigInt(onTimeIndex),
  };
}
