import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { analyzeText, analyzerFor } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { annotate, yamlFixtures as fixtures } from './fixtures.js';

const yaml = analyzerFor('yaml')!;

async function sourcesOf(text: string): Promise<PipelineSource[]> {
  return (await analyzeText('pipeline.yaml', text)).sources;
}

describe('Beam YAML sources of annotated files', () => {
  for (const fixture of fixtures) {
    const { name, path, text } = fixture;
    it(name, async () => {
      const file = await analyzeText(name, text);
      assert.deepEqual(file.syntaxErrors, []);
      const annotated = annotate(fixture, file);
      if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(path, annotated);
      else assert.equal(annotated, text);
    });
  }

  it('are enough to mean something', async () => {
    const sources = await Promise.all(fixtures.map(({ text }) => sourcesOf(text)));
    assert.ok(sources.flat().length >= 40, `${sources.flat().length} sources`);
  });

  it('have ranges that are the transform, without what follows it', async () => {
    const text =
      'pipeline:\n  transforms:\n    - type: ReadFromPubSub\n      config:\n        topic: t # note\n\n    # next\n    - type: LogForTesting\n';
    const [source] = await sourcesOf(text);
    const range = { start: { line: 2, character: 6 }, end: { line: 4, character: 16 } };
    assert.deepEqual(source?.range, range);
    assert.deepEqual(source.statement, range);
  });

  it('of an alias are where the alias stands', async () => {
    const text =
      '.read: &read {type: ReadFromPubSub, config: {topic: t, format: RAW}}\npipeline:\n  transforms:\n    - *read\n';
    const [source] = await sourcesOf(text);
    assert.equal(source?.range.start.line, 3);
  });
});

describe('A YAML file that is no Beam pipeline', () => {
  const OTHERS: Record<string, string> = {
    empty: '',
    'a list': '- a\n- b\n',
    'a CI pipeline': 'pipeline:\n  build:\n    image: node\n    commands: [npm test]\n',
    'stages of a CI': 'pipeline:\n  - stage: build\n    script: make\n',
    'a pipeline by name only': 'pipeline: main\n',
    'a word in a comment': '# a pipeline\nservices: {web: {image: x}}\n',
    broken: 'pipeline:\n  build: [\n',
    'a workflow': 'on: push\njobs:\n  a:\n    steps:\n      - run: pipeline\n',
  };
  for (const [name, text] of Object.entries(OTHERS)) {
    it(`has nothing to say: ${name}`, async () => {
      const document = await yaml.open(text);
      assert.deepEqual(document.file(), { sources: [], syntaxErrors: [] });
      assert.deepEqual(document.transforms!(), []);
    });
  }
});

describe('Pipelines in YAML', () => {
  it('are one for each document', async () => {
    const one = 'pipeline:\n  transforms:\n    - {type: Create, name: A, config: {elements: []}}\n';
    const sources = await sourcesOf(`%YAML 1.1\n---\n${one}...\n---\nother: 1\n--- # two\n${one}`);
    assert.deepEqual(
      sources.map(({ pipeline }) => pipeline),
      ['pipeline', 'pipeline#2'],
    );
  });

  it('are in flow style, too', async () => {
    const sources = await sourcesOf('{"pipeline": {"transforms": [{"type": "ReadFromPubSub"}]}}');
    assert.equal(sources.length, 1);
  });

  it('may be indented, or a list', async () => {
    const list =
      '  pipeline:\n  - type: ReadFromPubSub\n  - type: LogForTesting\n    input: ReadFromPubSub\n';
    assert.equal((await sourcesOf(list)).length, 1);
  });

  it('have no sources but what reads by itself', async () => {
    const chain = (transforms: string): string =>
      `pipeline:\n  type: chain\n  transforms: [${transforms}]\n`;
    const read = '{type: ReadFromPubSub}';
    assert.equal((await sourcesOf(chain(`${read}, {type: LogForTesting}`))).length, 1);
    assert.equal((await sourcesOf(chain(`${read}, {type: ReadFromPubSub}`))).length, 1);
    assert.equal((await sourcesOf(chain('{type: LogForTesting}'))).length, 0);
  });

  it('have an outline with the labels of composites', async () => {
    const { text } = fixtures.find(({ name }) => name === 'structure.yaml')!;
    const document = await yaml.open(text);
    const labels = document.transforms!().map(({ label }) => label);
    assert.deepEqual(labels.slice(0, 5), [
      'Ingest',
      'Ingest/In',
      'Ingest/LogForTesting',
      'Log orders',
      'Log orders/ReadFromKafka',
    ]);
    assert.ok(labels.includes('Chain/ReadFromKafka'));
    const [ingest] = document.transforms!();
    const line = text.split('\n')[ingest!.selectionRange.start.line]!;
    assert.match(line, /name: Ingest/);
  });
});

describe('Providers in other files', () => {
  const PROVIDERS =
    '- type: python\n  config: {}\n  transforms:\n    Ticks: apache_beam.transforms.periodicsequence.PeriodicImpulse\n';
  const TEXT =
    'providers:\n  - include: shared/providers.yaml\npipeline:\n  transforms:\n    - type: Ticks\n      input: {}\n';

  it('are read, and a change of them is noticed', async () => {
    let shared: string | undefined = PROVIDERS;
    const document = await yaml.open(TEXT, {
      path: '/w/a.yaml',
      folders: [],
      read: (path) => (path === '/w/shared/providers.yaml' ? shared : undefined),
    });
    assert.deepEqual([...document.dependencies!()], ['/w/shared/providers.yaml']);
    const [source] = document.file().sources;
    assert.equal(source?.boundedReason, 'no stop_timestamp');
    shared = PROVIDERS.replace('PeriodicImpulse', 'PeriodicSequence');
    document.dependencyChanged!('/w/shared/providers.yaml');
    assert.match(document.file().sources[0]!.boundedReason, /^not known .*PeriodicSequence$/);
    shared = undefined;
    document.dependencyChanged!('/w/shared/providers.yaml');
    assert.deepEqual(document.file().sources, []);
  });

  it('that include one another end', async () => {
    const document = await yaml.open(TEXT, {
      path: '/w/a.yaml',
      folders: [],
      read: () => '- include: providers.yaml\n',
    });
    assert.deepEqual(document.file().sources, []);
  });
});
