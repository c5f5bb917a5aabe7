import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { analyzeText } from '../../../server/src/language/language.js';
import { READS } from '../../../server/src/language/yaml/catalogue.js';
import { runPython } from './python.js';

interface Built {
  label?: string;
  bounded?: boolean;
  error?: string;
}

interface Case {
  type: string;
  config: Record<string, unknown>;
  /** What the analysis calls it, where Beam calls it otherwise. */
  bounded?: boolean;
}

const TOPIC = 'projects/some-project/topics/some-topic';
const PERIODIC = 'apache_beam.transforms.periodicsequence.PeriodicImpulse';
const MATCH = 'apache_beam.io.fileio.MatchContinuously';

/** Configs with which a read can be built without a service to talk to. */
const BUILT: readonly Case[] = [
  { type: 'ReadFromPubSub', config: { topic: TOPIC, format: 'RAW' } },
  {
    type: 'ReadFromPubSub',
    config: { subscription: 'projects/some-project/subscriptions/s', format: 'RAW' },
  },
  { type: 'ReadFromText', config: { path: '{folder}/a.txt' } },
  { type: 'ReadFromCsv', config: { path: '{folder}/a.txt' } },
  { type: 'ReadFromJson', config: { path: '{folder}/a.json' } },
  { type: 'ReadFromAvro', config: { path: '{folder}/a.avro' } },
  { type: 'ReadFromParquet', config: { path: '{folder}/a.parquet' } },
  { type: 'ReadFromTFRecord', config: { file_pattern: '{folder}/a.txt' } },
  {
    type: 'ReadFromMongoDB',
    config: {
      ...{ uri: 'mongodb://localhost:1', database: 'd', collection: 'c' },
      schema: { type: 'object', properties: { a: { type: 'string' } } },
    },
  },
  { type: 'Create', config: { elements: [1] } },
  // Those of Python's catalogue, with and without what ends them.
  { type: 'PyTransform', config: { constructor: PERIODIC, kwargs: { fire_interval: 1 } } },
  {
    // Its end does not make it bounded for Beam.
    type: 'PyTransform',
    config: { constructor: PERIODIC, kwargs: { fire_interval: 1, stop_timestamp: 1 } },
    bounded: true,
  },
  { type: 'PyTransform', config: { constructor: MATCH, kwargs: { file_pattern: '/tmp/*' } } },
  {
    type: 'PyTransform',
    config: {
      constructor: MATCH,
      kwargs: { file_pattern: '/tmp/*', start_timestamp: 0, stop_timestamp: 1 },
    },
    bounded: true,
  },
  {
    type: 'PyTransform',
    config: { constructor: 'apache_beam.io.ReadFromText', args: ['{folder}/a.txt'] },
  },
  {
    type: 'PyTransform',
    config: { constructor: 'apache_beam.io.ReadFromPubSub', kwargs: { topic: TOPIC } },
  },
];

/** Of those that are built in Java by an expansion service, only the keys are compared (yamlTransforms.test.ts). */
const NEEDS_JAVA = /java not found|no expansion service/;

/** Those that need a package which the tests' Python has not. */
const NEEDS_PACKAGE = /isinstance\(\) arg 2 must be a type|apitools|google\.cloud/;

function nameOf({ type, config }: Case): string {
  const { constructor, kwargs = {} } = config as { constructor?: unknown; kwargs?: object };
  if (typeof constructor !== 'string') return `${type} of ${Object.keys(config).join(', ')}`;
  return `${constructor} with ${Object.keys(kwargs).join(', ')}`;
}

describe('The catalogue of Beam YAML reads', () => {
  const elsewhere = READS.filter(({ type }) => !BUILT.some((one) => one.type === type));
  let built: Built[];

  before(async function () {
    this.timeout(180_000);
    const script = fileURLToPath(new URL('yamlCatalogue.py', import.meta.url));
    const cases = [
      ...BUILT,
      ...elsewhere.map(({ type }) => ({ type, config: { table: 'p:d.t' } })),
    ];
    built = JSON.parse(await runPython([script], JSON.stringify(cases))) as Built[];
  });

  BUILT.forEach(({ type, config, bounded }, index) => {
    it(`${nameOf({ type, config })} is labelled and bounded as Beam builds it`, async () => {
      const found = built[index] ?? {};
      assert.equal(found.error, undefined);
      const spec = { type, config, ...(type === 'PyTransform' && { input: {} }) };
      const text = JSON.stringify({ pipeline: { type: 'composite', transforms: [spec] } });
      const { sources } = await analyzeText('a.yaml', text);
      assert.equal(sources.length, 1);
      assert.equal(sources[0]!.label, found.label);
      if (bounded !== undefined) assert.equal(found.bounded, !bounded);
      assert.equal(sources[0]!.bounded, bounded ?? found.bounded);
    });
  });

  it('has no other that can be built here', () => {
    elsewhere.forEach(({ type }, index) => {
      const { error = 'is built' } = built[BUILT.length + index] ?? {};
      const reason = type === 'ReadFromBigQuery' ? NEEDS_PACKAGE : NEEDS_JAVA;
      assert.match(error, reason, type);
    });
  });
});
