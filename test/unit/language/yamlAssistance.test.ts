import assert from 'node:assert/strict';
import { analyzerFor, type CompletionProposal } from '../../../server/src/language/language.js';

const yaml = analyzerFor('yaml')!;

/** The text without its cursor mark `|`, and where that is. */
function cursor(marked: string): { text: string; position: { line: number; character: number } } {
  const offset = marked.indexOf('‸');
  const lines = marked.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)!.length };
  return { text: marked.replace('‸', ''), position };
}

async function proposals(marked: string): Promise<CompletionProposal[]> {
  const { text, position } = cursor(marked);
  return (await yaml.open(text)).complete!(position);
}

async function labels(marked: string): Promise<string[]> {
  return (await proposals(marked)).map(({ label }) => label);
}

const HEAD = `providers:
  - type: python
    config: {}
    transforms: {Mine: a.b}
pipeline:
  transforms:
    - type: ReadFromText
      name: Lines
      config:
        path: a
`;

describe('Completion in Beam YAML', () => {
  const EXPECTED: Record<string, [string, string[]]> = {
    'top-level keys that are absent': [
      'pipeline:\n  transforms: []\nopt‸',
      ['providers', 'options', 'tests'],
    ],
    'keys of a pipeline': [
      'pipeline:\n  transforms: []\n  ‸',
      ['type', 'windowing', 'resource_hints', 'source', 'sink', 'extra_transforms'],
    ],
    'keys of a pipeline that begins': [
      'pipeline:\n  ‸',
      ['type', 'windowing', 'resource_hints', 'transforms', 'source', 'sink', 'extra_transforms'],
    ],
    'types of a pipeline': ['pipeline:\n  type: ‸\n  transforms: []\n', ['chain', 'composite']],
    'keys of a transform': [
      `${HEAD}    - type: Flatten\n      ‸`,
      ['name', 'input', 'output', 'windowing', 'resource_hints', 'config', 'output_schema'],
    ],
    'names for an input': [`${HEAD}    - type: Flatten\n      input: ‸`, ['Lines']],
    'names in a list of inputs': [
      `${HEAD}    - type: Flatten\n      input:\n        - ‸\n    - type: Create\n`,
      ['Lines', 'Create'],
    ],
    'keys of a config, the required first': [
      `${HEAD}    - type: WriteToPubSub\n      input: Lines\n      config:\n        schema: RAW\n        ‸`,
      [
        ...['topic', 'format', 'attributes', 'attributes_map', 'id_attribute'],
        ...['timestamp_attribute', 'error_handling', 'dependencies', 'output_schema'],
      ],
    ],
    'values of a key': [
      `${HEAD}    - type: ReadFromPubSub\n      config:\n        format: ‸`,
      ['RAW', 'STRING', 'JSON', 'AVRO', 'PROTO'],
    ],
    'true and false': [
      `${HEAD}    - type: Create\n      config:\n        reshuffle: ‸`,
      ['true', 'false'],
    ],
    'types of windows': [
      `${HEAD}      windowing:\n        type: ‸`,
      ['global', 'fixed', 'sliding', 'sessions'],
    ],
    'types of providers': [
      'providers:\n  - type: ‸\npipeline: {transforms: []}\n',
      ['python', 'pythonPackage', 'javaJar', 'mavenJar', 'beamJar', 'remote', 'renaming', 'yaml'],
    ],
    'nothing in a comment': [`${HEAD}      # ‸`, []],
    'nothing in a file of something else': ['jobs:\n  - type: ‸', []],
  };
  for (const [name, [text, expected]] of Object.entries(EXPECTED)) {
    it(name, async () => {
      assert.deepEqual(await labels(text), expected);
    });
  }

  it('types, those of the providers of the file first', async () => {
    const types = await labels(`${HEAD}    - type: Rea‸`);
    assert.equal(types[0], 'Mine');
    assert.ok(types.includes('ReadFromKafka'));
    assert.ok(types.length > 70);
  });

  it('a type brings the keys its config needs', async () => {
    const all = await proposals(`${HEAD}    - type: ReadFromT‸`);
    const text = all.find(({ label }) => label === 'ReadFromText')!;
    assert.equal(text.isSnippet, true);
    assert.equal(text.newText, 'ReadFromText\n  config:\n    path: $1');
    assert.deepEqual(text.range, {
      start: { line: 10, character: 12 },
      end: { line: 10, character: 21 },
    });
    assert.match(text.documentation!, /Bounded/);
  });
});

describe('Descriptions in Beam YAML', () => {
  async function describe(marked: string): Promise<string | undefined> {
    const { text, position } = cursor(marked);
    return (await yaml.open(text)).describe!(position)?.text;
  }

  it('tell of a transform', async () => {
    const text = await describe('pipeline:\n  transforms:\n    - type: ReadFrom‸Kafka\n');
    assert.match(text!, /^\*\*ReadFromKafka\*\* · Beam YAML transform, in Java/);
    assert.match(text!, /Unbounded without `max_read_time_seconds`/);
  });

  it('tell of a key', async () => {
    const text = await describe(
      'pipeline:\n  transforms:\n    - type: ReadFromText\n      config: {pa‸th: a}\n',
    );
    assert.equal(text, '**path** · a string, required\n\nA file, or a pattern of files.');
  });

  it('tell nothing elsewhere', async () => {
    assert.equal(await describe('pipeline:\n  transforms:\n    - type: Mi‸ne\n'), undefined);
    assert.equal(await describe('other: a‸\n'), undefined);
  });
});
