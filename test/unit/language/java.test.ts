import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { annotate, fixturesOf } from './fixtures.js';

const fixtures = fixturesOf('java', '.java', '//');

describe('Java sources of annotated files', () => {
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
    const files = await Promise.all(fixtures.map(({ name, text }) => analyzeText(name, text)));
    const sources = files.flatMap((file) => file.sources);
    assert.ok(sources.length >= 60, `${sources.length} sources`);
  });

  it('have ranges that are the arguments of apply, and statements around them', async () => {
    const text =
      'import org.apache.beam.sdk.*;\nimport org.apache.beam.sdk.io.GenerateSequence;\nclass A {\n  void a(Pipeline p) {\n    x =\n        p.apply("T", GenerateSequence.from(1));\n  }\n}\n';
    const { sources } = await analyzeText('A.java', text);
    assert.equal(sources.length, 1);
    assert.deepEqual(sources[0]!.range, {
      start: { line: 5, character: 16 },
      end: { line: 5, character: 45 },
    });
    assert.deepEqual(sources[0]!.statement, {
      start: { line: 4, character: 4 },
      end: { line: 5, character: 47 },
    });
  });

  it('stand in an outline of all that is applied', async () => {
    const { text } = fixtures.find(({ name }) => name === 'UserDefined.java')!;
    const document = await analyzerFor('java')!.open(text);
    const outline = document.transforms!().map(({ label }) => label);
    assert.deepEqual(outline.slice(0, 3), ['PubsubIO.Read', 'MapElements', 'Create.Values']);
    assert.ok(outline.includes('Tail') && outline.includes('Kafka'), String(outline));
    const clicks = document.transforms!().find(({ label }) => label === 'Clicks')!;
    assert.equal(clicks.transformName, 'ReadClicks');
    const { start, end } = clicks.selectionRange;
    assert.equal(text.split('\n')[start.line]!.slice(start.character, end.character), '"Clicks"');
  });
});

describe('Java sources in other files', () => {
  const FILES: Record<string, string> = {
    '/w/src/main/java/com/acme/Topics.java':
      'package com.acme;\npublic final class Topics {\n  public static final String CLICKS = "projects/p/topics/clicks";\n  public static class Inner { static final String VIEWS = CLICKS + "/views"; }\n}\n',
    '/w/src/main/java/com/acme/io/Reads.java':
      'package com.acme.io;\nimport com.acme.Topics;\nimport org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;\nimport org.apache.beam.sdk.transforms.*;\nimport org.apache.beam.sdk.values.*;\nimport org.apache.beam.sdk.Pipeline;\npublic class Reads extends PTransform<PBegin, PCollection<String>> {\n  public PCollection<String> expand(PBegin in) {\n    return in.apply(PubsubIO.readStrings().fromTopic(Topics.CLICKS));\n  }\n  public static PCollection<String> clicks(Pipeline p, String topic) {\n    return p.apply("In helper", PubsubIO.readStrings().fromTopic(topic));\n  }\n}\n',
    '/w/src/main/java/com/acme/ClickOptions.java':
      'package com.acme;\nimport org.apache.beam.sdk.options.*;\npublic interface ClickOptions extends PipelineOptions {\n  @Default.String("t") String getTopic();\n}\n',
  };
  const MAIN =
    'package com.acme;\nimport static com.acme.Topics.CLICKS;\nimport com.acme.io.Reads;\nimport org.apache.beam.sdk.Pipeline;\nimport org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;\nclass Main {\n  public static void main(ClickOptions options) {\n    Pipeline p = Pipeline.create();\n    p.apply("Constant", PubsubIO.readStrings().fromTopic(CLICKS));\n    p.apply("Nested", PubsubIO.readStrings().fromTopic(Topics.Inner.VIEWS));\n    p.apply("Own", new Reads());\n    Reads.clicks(p, "x");\n    p.apply("Option", PubsubIO.readStrings().fromTopic(options.getTopic()));\n  }\n}\n';

  async function open(files: Record<string, string>, args?: string[]) {
    const path = '/w/src/main/java/com/acme/Main.java';
    const read = (name: string): string | undefined => files[name];
    return analyzerFor('java')!.open(MAIN, { path, folders: ['/w'], read, ...(args && { args }) });
  }

  it('are followed through imports and packages', async () => {
    const document = await open(FILES);
    const { sources } = document.file();
    assert.deepEqual(
      sources.map(({ label, range, signature }) => [
        label,
        range.start.line,
        signature.transform.split('.').at(-1),
        signature.arguments,
        Object.keys(signature.definitions),
      ]),
      [
        ['Constant', 8, 'readStrings', { fromTopic: '"projects/p/topics/clicks"' }, []],
        ['Nested', 9, 'readStrings', { fromTopic: '"projects/p/topics/clicks/views"' }, []],
        ['Own', 10, 'Reads', {}, ['Reads']],
        ['In helper', 11, 'readStrings', { fromTopic: '"x"' }, []],
        ['Option', 12, 'readStrings', { fromTopic: '--topic (default "t")' }, []],
      ],
    );
    const read = document.dependencies!();
    for (const path of Object.keys(FILES)) assert.ok(read.has(path), path);
  });

  it('are analysed again when such a file changes', async () => {
    const files = { ...FILES };
    const document = await open(files);
    const before = document.file().sources.map(({ signature }) => signature.hash);
    const topics = '/w/src/main/java/com/acme/Topics.java';
    files[topics] = files[topics]!.replace('clicks"', 'other"');
    document.dependencyChanged!(topics);
    const after = document.file().sources;
    assert.deepEqual(
      after
        .filter(({ signature }, index) => signature.hash !== before[index])
        .map((one) => one.label),
      ['Constant', 'Nested', 'Own'],
    );
  });

  it('take options from the arguments of the program', async () => {
    const document = await open(FILES, ['--topic=projects/p/topics/given']);
    const option = document.file().sources.find(({ label }) => label === 'Option')!;
    assert.deepEqual(option.signature.arguments, { fromTopic: '"projects/p/topics/given"' });
  });
});
