import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import type { CoderContext } from '../../../server/src/beam/coders/elementCoder.js';
import { coderOf, decode, encode, fromHex } from '../../unit/coders/coderSpec.js';
import { testPython } from '../testPython.js';
import type { StandardCoder } from './standardValue.js';
import { latin1, toSpec, toValue, withState } from './standardValue.js';

// Beam's own conformance cases, which every SDK runs: apache_beam/portability/api/standard_coders.yaml.

/** One document of the file. */
interface StandardCase {
  coder: StandardCoder;
  /** Absent: both contexts. */
  nested?: boolean;
  /** Encoded bytes as Latin-1 text, and what they mean. */
  examples: Map<string, unknown>;
}

const urns = [
  'bytes',
  'bool',
  'string_utf8',
  'varint',
  'kv',
  'interval_window',
  'iterable',
  'timer',
  'global_window',
  'windowed_value',
  'param_windowed_value',
  'double',
  'row',
  'sharded_key',
  'state_backed_iterable',
  'custom_window',
  'nullable',
].map((name) => `beam:coder:${name}:v1`);

describe("Beam's standard_coders.yaml", () => {
  let cases: StandardCase[];

  before(async () => {
    cases = await loadCases();
  });

  it('has no coder that is not tested here', () => {
    assert.deepEqual([...new Set(cases.map(({ coder }) => coder.urn))].sort(), [...urns].sort());
  });

  for (const urn of urns) {
    it(`decodes and encodes every example of ${urn}`, () => {
      for (const one of cases.filter(({ coder }) => coder.urn === urn)) checkCase(one);
    });
  }
});

function checkCase({ coder, nested, examples }: StandardCase): void {
  const elementCoder = coderOf(toSpec(coder));
  const contexts: CoderContext[] =
    nested === undefined ? ['nested', 'outer'] : [nested ? 'nested' : 'outer'];
  assert.ok(examples.size > 0);
  for (const context of contexts) {
    for (const [text, example] of examples) {
      const bytes = latin1(text);
      const what = `${JSON.stringify(text)}, ${context}`;
      const value = toValue(coder, example);
      const decoded = decode(elementCoder, bytes, context);
      assert.deepEqual(withState(coder, decoded), value, `decoding ${what}`);
      const encoded = encode(elementCoder, decoded, context);
      if (coder.non_deterministic) {
        // How these are written is left open: what is written must mean the same.
        const again = decode(elementCoder, fromHex(encoded), context);
        assert.deepEqual(again, decoded, `encoding ${what}`);
      } else {
        assert.equal(encode(elementCoder, value, context), encoded);
        assert.equal(encoded, Buffer.from(bytes).toString('hex'), `encoding ${what}`);
      }
    }
  }
}

async function loadCases(): Promise<StandardCase[]> {
  const find =
    'import os, apache_beam.portability.api as api; print(os.path.dirname(api.__file__))';
  const { stdout } = await promisify(execFile)(await testPython(), ['-c', find]);
  const text = await readFile(`${stdout.trim()}/standard_coders.yaml`, 'utf8');
  return parseAllDocuments(text, { intAsBigInt: true, version: '1.1' }).map((document) => {
    assert.deepEqual(document.errors, []);
    const parts = document.toJS({ mapAsMap: true }) as Map<string, unknown>;
    const nested = parts.get('nested') as boolean | undefined;
    return {
      coder: toObject(parts.get('coder')) as StandardCoder,
      ...(nested !== undefined && { nested }),
      examples: parts.get('examples') as Map<string, unknown>,
    };
  });
}

/** Maps as objects, all the way down. */
function toObject(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(toObject);
  if (!(node instanceof Map)) return node;
  return Object.fromEntries([...node].map(([key, value]) => [String(key), toObject(value)]));
}
