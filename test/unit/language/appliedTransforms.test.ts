import assert from 'node:assert/strict';
import { analyzerFor } from '../../../server/src/language/language.js';

const GO = `package main

import (
	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/pubsubio"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/transforms/stats"
)

func count(s beam.Scope, words beam.PCollection) beam.PCollection {
	s = s.Scope("Count")
	return stats.Count(s, beam.ParDo(s, extract, words))
}

func main() {
	p, s := beam.NewPipelineWithRoot()
	clicks := pubsubio.Read(s.Scope("Clicks"), "project", nil)
	counted := count(s, clicks)
	beam.ParDo0(s, func(int) {}, counted)
	beam.GroupByKey(s, counted)
}
`;

const TYPESCRIPT = `import * as beam from 'apache-beam';
import { readFromPubSub } from 'apache-beam/io/pubsub';

function count(words) {
  return words.apply(beam.withName('Count', beam.countPerElement()));
}

runner.run(async (root) => {
  const clicks = await root.applyAsync(beam.withName('Clicks', readFromPubSub({ topic: 't' })));
  clicks.map(print).apply(beam.groupBy('k'));
  clicks.apply(count);
  clicks.flatMap((x) => [x]).apply(function shout(words) { return words.map(up); });
});
`;

async function outlineOf(language: string, text: string): Promise<string[]> {
  const document = await analyzerFor(language)?.open(text);
  assert.ok(document);
  const before = document.file();
  const transforms = document.transforms?.() ?? [];
  assert.equal(document.file(), before, 'the sources are not analysed again');
  document.dispose();
  return transforms.map(
    ({ range, pipeline, label, transformName }) =>
      `${range.start.line + 1} ${pipeline} '${label}' ${transformName}`,
  );
}

describe('transforms of an outline', () => {
  it('are those that Go applies, by their scopes and functions', async () => {
    assert.deepEqual(await outlineOf('go', GO), [
      "11 main.p 'Count/stats.Count' stats.Count",
      "11 main.p 'Count/main.extract' beam.ParDo",
      "16 main.p 'Clicks/pubsubio.Read' pubsubio.Read",
      "18 main.p 'ParDo0' beam.ParDo0",
      "19 main.p 'CoGBK' beam.GroupByKey",
    ]);
  });

  it('are those that TypeScript applies, by withName or as Beam names them', async () => {
    assert.deepEqual(await outlineOf('typescript', TYPESCRIPT), [
      "5 root 'Count' countPerElement",
      "9 root 'Clicks' readFromPubSub",
      "10 root 'map(print)' map",
      "10 root 'groupBy(k)' groupBy",
      "11 root 'count' count",
      "12 root 'flatMap' flatMap",
      "12 root 'shout' shout",
      "12 root 'map(up)' map",
    ]);
  });

  it('belong to two pipelines of one name', async () => {
    const run = 'runner.run((root) => { root.apply(beam.create([1])); });\n';
    const text = `import * as beam from 'apache-beam';\n${run}${run}`;
    assert.deepEqual(await outlineOf('typescript', text), [
      "2 root 'create' create",
      "3 root#2 'create' create",
    ]);
  });

  it('are none without Beam', async () => {
    assert.deepEqual(await outlineOf('go', 'package main\n'), []);
    assert.deepEqual(await outlineOf('typescript', 'root.apply(x);\n'), []);
  });
});
