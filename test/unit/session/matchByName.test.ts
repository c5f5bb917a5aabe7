import assert from 'node:assert/strict';
import type { UnboundedSource } from '../../../server/src/beam/pipeline/unboundedSources.js';
import { analyzeText } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import {
  areMatchedByName,
  isNamedInText,
  matchByName,
} from '../../../server/src/session/matchByName.js';

/** The sources of a Go program whose main function has these statements. */
async function goSources(...statements: string[]): Promise<PipelineSource[]> {
  const lines = [
    'package main',
    'import (',
    '"github.com/apache/beam/sdks/v2/go/pkg/beam"',
    '"github.com/apache/beam/sdks/v2/go/pkg/beam/io/xlang/kafkaio"',
    ')',
    'func main() {',
    'p, s := beam.NewPipelineWithRoot()',
    ...statements,
    '_ = p',
    '}',
  ];
  return (await analyzeText('main.go', lines.join('\n'))).sources;
}

const read = (scope: string, topic: string): string =>
  `kafkaio.Read(${scope}, "", "localhost:9092", []string{"${topic}"})`;

function submitted(...names: string[]): UnboundedSource[] {
  return names.map((uniqueName) => ({ transformId: uniqueName, uniqueName, outputs: [] }));
}

function labels(names: string[], texts: PipelineSource[]): (string | undefined)[] {
  return matchByName(submitted(...names), texts).map(({ text }) => text?.label);
}

describe('matching by name', () => {
  it('is for SDKs that do not tell the lines of a program', async () => {
    assert.ok(areMatchedByName(await goSources(read('s', 'a'))));
    const python = await analyzeText(
      'a.py',
      "import apache_beam as beam\nwith beam.Pipeline() as p:\n  p | 'A' >> beam.io.ReadFromPubSub(topic='a')\n",
    );
    assert.ok(python.sources.length === 1 && !areMatchedByName(python.sources));
  });

  it('finds a transform of the name of a source, and what is inside of it', async () => {
    const texts = await goSources(read('s.Scope("Orders")', 'a'), read('s', 'b'));
    const names = ['kafkaio.Read', 'Orders/kafkaio.Read/External'];
    assert.deepEqual(labels(names, texts), ['kafkaio.Read', 'Orders/kafkaio.Read']);
    assert.deepEqual(labels(['Imported/pubsubio.Read'], texts), [undefined]);
  });

  it('sees that the SDK has numbered a scope', async () => {
    const texts = await goSources(read('s.Scope("Orders")', 'a'));
    assert.deepEqual(labels(["Orders'1/kafkaio.Read"], texts), ['Orders/kafkaio.Read']);
  });

  it('sees that the Java SDK has numbered a name, and takes a numbered name for itself first', async () => {
    const { sources } = await analyzeText(
      'Main.java',
      `import org.apache.beam.sdk.Pipeline;
      import org.apache.beam.sdk.io.GenerateSequence;
      class Main {
        public static void main(String[] args) {
          Pipeline p = Pipeline.create();
          p.apply("Ticks", GenerateSequence.from(0));
          p.apply("Ticks2", GenerateSequence.from(5));
        }
      }`,
    );
    assert.deepEqual(labels(['Ticks2', 'Ticks'], sources), ['Ticks2', 'Ticks']);
    assert.deepEqual(labels(['Ticks3'], sources), ['Ticks']);
  });

  it('finds a source in a scope that the text does not show', async () => {
    const texts = await goSources(read('s', 'a'));
    assert.deepEqual(labels(['Ingest/kafkaio.Read'], texts), ['kafkaio.Read']);
    assert.deepEqual(labels(['Ingest/otherkafkaio.Read'], texts), [undefined]);
  });

  it('refuses to guess between two texts, or two transforms', async () => {
    const two = await goSources(read('s', 'a'), read('s', 'b'));
    assert.throws(
      () => labels(["kafkaio.Read'1"], two),
      /2 sources of this file are named "kafkaio\.Read" \(lines 8 and 9\).*s\.Scope\("Orders"\)/,
    );
    const one = await goSources(read('s', 'a'));
    assert.throws(
      () => labels(['kafkaio.Read', "kafkaio.Read'1"], one),
      /applies "kafkaio\.Read" \(line 8\) 2 times/,
    );
  });

  it('takes all that a loop makes for its one source', async () => {
    const texts = await goSources(
      'for _, topic := range topics {',
      read('s.Scope(topic)', 'a'),
      '}',
    );
    const [label] = texts.map((text) => text.label);
    assert.deepEqual(labels(['clicks/kafkaio.Read', 'views/kafkaio.Read'], texts), [label, label]);
  });

  it('tells which transform is a source, not what is inside of it', async () => {
    const texts = await goSources(read('s.Scope("Orders")', 'a'));
    assert.ok(isNamedInText(texts, 'Orders/kafkaio.Read'));
    assert.ok(!isNamedInText(texts, 'Orders'));
    assert.ok(!isNamedInText(texts, 'Orders/kafkaio.Read/External'));
  });
});
