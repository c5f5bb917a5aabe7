import assert from 'node:assert/strict';
import { analyzerFor, analyzeText, languageOf } from '../../../server/src/language/language.js';
import { explainDifference, makeSignature } from '../../../server/src/language/signature.js';
import type { SourceSignature } from '../../../server/src/language/source.js';

const HEAD = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
p = beam.Pipeline()
`;

async function signature(code: string): Promise<SourceSignature> {
  const { sources } = await analyzeText('a.py', HEAD + code);
  assert.equal(sources.length, 1);
  return sources[0]!.signature;
}

async function explain(before: string, after: string): Promise<string> {
  return explainDifference(await signature(before), await signature(after));
}

describe('The difference of two signatures', () => {
  it('is empty when they are equal', async () => {
    assert.equal(
      await explain('p | PeriodicImpulse(1)', 'p | PeriodicImpulse(start_timestamp=1)'),
      '',
    );
  });

  it('names the argument with its values', async () => {
    assert.equal(
      await explain(
        'p | PeriodicImpulse(fire_interval=10)',
        'p | PeriodicImpulse(fire_interval=20)',
      ),
      'fire_interval: 10 → 20',
    );
  });

  it('names arguments that come and go', async () => {
    assert.equal(
      await explain(
        'p | PeriodicImpulse(start_timestamp=1)',
        'p | PeriodicImpulse(fire_interval=20)',
      ),
      'fire_interval: added 20; start_timestamp: removed 1',
    );
  });

  it('shows of long values what differs', async () => {
    const topic = (name: string): string =>
      `p | beam.io.ReadFromPubSub('projects/a-project-with-a-name-that-is-longer/topics/${name}')`;
    assert.equal(
      await explain(topic('first'), topic('second')),
      'topic: …topics/first" → …topics/second"',
    );
  });

  it('names the transform and the label', async () => {
    assert.equal(
      await explain("p | 'A' >> PeriodicImpulse()", "p | 'B' >> beam.Create()"),
      'transform: PeriodicImpulse → Create; label: A → B',
    );
  });

  it('names the definition and the constant', async () => {
    const tick = (step: string, n: number): string =>
      `N = ${n}\nclass Tick(beam.DoFn):\n    @beam.DoFn.unbounded_per_element()\n    def process(self, e):\n        yield e + ${step} + N\np | beam.Create([0]) | beam.ParDo(Tick())`;
    assert.equal(await explain(tick('1', 1), tick('2', 1)), 'definition of Tick changed');
    assert.equal(await explain(tick('1', 1), tick('1', 5)), 'N: 1 → 5');
  });

  it('says of code in any language that it changed, and of a constant how', async () => {
    const GO = 'package main\nimport "github.com/apache/beam/sdks/v2/go/pkg/beam"\n';
    const JAVA = 'import org.apache.beam.sdk.Pipeline;\nimport org.apache.beam.sdk.io.kafka.*;\n';
    const CASES: [string, string, string, string, string][] = [
      [
        'a.go',
        `${GO}func f(x int) int { return x + 1 }\nfunc main() { p, s := beam.NewPipelineWithRoot(); beam.ParDo(s, f, beam.Impulse(s)); beam.Create(s, f) }\n`,
        'x + 1',
        'x + 2',
        'definition of f changed',
      ],
      [
        'A.java',
        `${JAVA}class A { static Instant at(Object o) { Object r = o.a(); return r; } void f(Pipeline p) { p.apply(KafkaIO.readBytes().withTimestampFn(A::at)); } }\n`,
        'o.a()',
        'o.b()',
        'definition of A.at changed',
      ],
      [
        'A.java',
        `${JAVA}class Fn implements SerializableFunction { Object apply(Object o) { return o.a(); } }\nclass A { void f(Pipeline p) { p.apply(KafkaIO.readBytes().withTimestampFn(new Fn())); } }\n`,
        'o.a()',
        'o.b()',
        'definition of Fn changed',
      ],
      [
        'a.ts',
        'import * as beam from "apache-beam";\nfunction f(x) { const y = x + 1; return y; }\nnew X().run((root) => root.apply(beam.create([f])));\n',
        'x + 1',
        'x + 2',
        'definition of f changed',
      ],
      [
        'a.ts',
        'import * as beam from "apache-beam";\nclass F { g(x) { return x + 1; } }\nnew X().run((root) => root.apply(beam.create([new F()])));\n',
        'x + 1',
        'x + 2',
        'definition of F changed',
      ],
    ];
    for (const [name, text, from, to, words] of CASES) {
      const recorded = (await analyzeText(name, text)).sources.at(-1);
      const current = (await analyzeText(name, text.replace(from, to))).sources.at(-1);
      assert.ok(recorded && current, text);
      assert.equal(explainDifference(recorded.signature, current.signature), words);
    }
  });

  it('does not depend on the order in which members were added', () => {
    const parts = { sdk: 'python' as const, transform: 't', label: 'l', definitions: {} };
    const one = makeSignature({ ...parts, arguments: { a: '1', b: '2' } });
    const other = makeSignature({ ...parts, arguments: { b: '2', a: '1' } });
    assert.equal(one.hash, other.hash);
    assert.match(one.hash, /^[0-9a-f]{64}$/);
  });
});

describe('The analyzer of a file', () => {
  it('is found by language or name', () => {
    assert.equal(analyzerFor('python'), analyzerFor('/a/b.py'));
    assert.equal(languageOf('a.PY'), 'python');
    assert.equal(languageOf('a.txt'), undefined);
  });

  it('is asked for in vain: says so', async () => {
    await assert.rejects(
      analyzeText('a.rb', ''),
      /a\.rb is in no language that can be analysed \(\.py/,
    );
  });
});
