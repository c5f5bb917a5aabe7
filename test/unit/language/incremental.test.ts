import assert from 'node:assert/strict';
import { analyzerFor, type AnalysisContext } from '../../../server/src/language/language.js';
import { pythonFixtures as fixtures } from './fixtures.js';
import { random, runSeed } from './random.js';
import { editAtRandom } from './randomEdits.js';

const python = analyzerFor('python')!;
const PIECES = [
  ...Array.from('abx1 ()[]{}:,.\'"#\\\n\r\t|>=@é😀'),
  '"""',
  "'''",
  '\r\n',
  '\n    ',
  'else:\n',
  'def f(p):\n    ',
  '@beam.ptransform_fn\n',
  'class A:\n',
  'if x:\n',
  'p | PeriodicImpulse()\n',
  "f'{x}'",
  '\ufeff',
  'import apache_beam as beam\n',
  '  # note\n',
  ' \\\n',
  '\ud83d',
];

const SHORT = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse

RATE = 2


class Clicks(beam.PTransform):
    """Clicks."""
    def expand(self, p):
        return p | PeriodicImpulse(fire_interval=RATE)  # often


def run(argv=None):
    if argv:
        rate = 1
    else:
        rate = 3
    with beam.Pipeline() as p:
        (p
         | 'One' >> PeriodicImpulse(fire_interval=rate)
         | beam.Map(print))
        p | Clicks()


if __name__ == '__main__':
    run()
`;

/** Much that is no pipeline, with a helper in another file. */
const LONG = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse

import feeds
from feeds import clicks


def total(items):
    seen = set(items)
    return len(seen)


class Report:
    rows = []

    def add(self, row):
        self.rows.append(total(row))


RATE = pace()
KEPT = dict(rows=[1])


def read(p):
    return feeds.views(p)


def main():
    with beam.Pipeline() as p:
        read(p)
        clicks(p, missing)
        p | PeriodicImpulse(fire_interval=RATE, data=Report.rows) | beam.Map(total)
        p | 'Kept' >> PeriodicImpulse(data=KEPT['rows'])


print(total([]))
main()
`;
const FEEDS = `import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
from main import RATE, spare


def clicks(p, rate):
    return p | 'Clicks' >> PeriodicImpulse(fire_interval=rate)


def views(p):
    return spare(p) | 'Views' >> PeriodicImpulse(fire_interval=RATE)


def names(items):
    return sorted(items)
`;
const STATEMENTS = [
  'RATE = 5',
  'missing = 2',
  'pace = max',
  'def pace(): return 3',
  'def spare(p): return p | beam.Create([1])',
  'def spare(p): return 1',
  'def clicks(p, q): pass',
  'def unused(p): return feeds.views(p)',
  'def idle(x): return feeds.names(x)',
  'unused(beam.Pipeline())',
  'total(1)',
  'total = 1',
  'main()',
  'read(p)',
  'p = beam.Pipeline()',
  'from feeds import *',
  'from feeds import views',
  'views(p)',
  'import more',
  'more.clicks(p)',
  'class Report: pass',
  "KEPT['rows'] = [2]",
  "KEPT['other'] = 3",
  'KEPT.update(more)',
  'Report.rows = RATE',
  "def fill(kept, n=1): kept['rows'] = n",
  'fill(KEPT)',
  'fill(KEPT, n=missing)',
  'def main(): global RATE; RATE = 4',
  "def unused(): Report.rows = KEPT['other']",
  "def unused(rate, p=1): global RATE; RATE = rate; KEPT['rows'] = p",
  'unused(missing, 3)',
  'def idle(x): unused(x, p=x)',
  'def add(self, p): p | PeriodicImpulse()',
  '# note',
  '"""',
].map((text) => `\n${text}\n`);
const context: AnalysisContext = {
  path: '/w/main.py',
  folders: ['/w'],
  read: (path) => (path === '/w/feeds.py' ? FEEDS : undefined),
};

const edits = { pieces: PIECES, restoreEvery: 30 };

describe('Incremental analysis of Python', function () {
  this.timeout(120_000);

  it('equals analysis from scratch after any sequence of edits', async () => {
    const seed = runSeed();
    for (const newline of ['\n', '\r\n', '\r']) {
      await editAtRandom(python, SHORT.replace(/\n/g, newline), { ...edits, steps: 3_200, seed });
      for (const { text } of fixtures)
        await editAtRandom(python, text.replace(/\n/g, newline), { ...edits, steps: 20, seed });
    }
  });

  it('equals analysis from scratch whether edits matter to pipelines or not', async () => {
    const seed = runSeed();
    const pieces = [...STATEMENTS, ...STATEMENTS, ...PIECES];
    const options = { pieces, steps: 2_000, restoreEvery: 12, seed, context };
    await editAtRandom(python, LONG, { ...options, hasOutline: false });
  });

  it('knows the same after an edit and its undoing', async () => {
    const { below, pick } = random(7);
    for (const { text } of fixtures) {
      const document = await python.open(text);
      const before = document.file();
      for (let i = 0; i < 30; i++) {
        const start = below(text.length);
        document.update(text.slice(0, start) + pick(PIECES) + text.slice(start));
        document.file();
        document.update(text);
        assert.deepEqual(document.file(), before);
      }
    }
  });
});

describe('Broken Python', () => {
  const HEAD =
    'import apache_beam as beam\nfrom apache_beam.transforms.periodicsequence import PeriodicImpulse\n\n';
  const RUN =
    "def run():\n    with beam.Pipeline() as p:\n        p | 'One' >> PeriodicImpulse(1)\n        $\n        p | 'Two' >> PeriodicImpulse(2)\n\n\n";
  const AFTER = "def other():\n    p = beam.Pipeline()\n    p | 'Three' >> PeriodicImpulse(3)\n";

  async function labels(text: string): Promise<{ labels: string[]; errors: number[] }> {
    const document = await python.open(text);
    const { sources, syntaxErrors } = document.file();
    return {
      labels: sources.map((source) => source.label),
      errors: syntaxErrors.map((error) => error.start.line),
    };
  }

  const BROKEN: Record<string, string> = {
    'an open bracket before a statement': 'x = (1,\n        raise ValueError',
    'an operator without operand': 'x = p |',
    'an open string': "x = 'abc",
    'a call that is being typed': 'x = p.',
    'a keyword alone': 'for',
    'a header without suite': 'if x:',
    'closing brackets': ')]}',
    'a lone at': '@',
  };
  for (const [name, line] of Object.entries(BROKEN)) {
    it(`keeps what is known beside ${name}`, async () => {
      const result = await labels(HEAD + RUN.replace('$', line) + AFTER);
      assert.ok(result.labels.includes('One'), String(result.labels));
      assert.ok(result.labels.includes('Three'), String(result.labels));
      assert.ok(result.errors.length > 0);
      assert.ok(
        result.errors.every((error) => error >= 4 && error <= 8),
        String(result.errors),
      );
    });
  }

  it('keeps what is after an open bracket at the end of a function', async () => {
    const result = await labels(`${HEAD}def f():\n    x = g(1,\n\n\n${AFTER}`);
    assert.deepEqual(result.labels, ['Three']);
    assert.deepEqual(result.errors.length > 0, true);
  });

  it('keeps the functions after an open triple-quoted string', async () => {
    const result = await labels(
      `${HEAD}def f():\n    """Doc that is being typed\n    return 1\n\n\n${AFTER}`,
    );
    assert.deepEqual(result.labels, ['Three']);
    assert.notEqual(result.errors.length, 0);
  });

  it('keeps the body of a function whose header is being typed', async () => {
    const result = await labels(
      `${HEAD}def f(p, :\n    p = beam.Pipeline()\n    p | 'In' >> PeriodicImpulse()\n\n\n${AFTER}`,
    );
    assert.deepEqual(result.labels, ['In', 'Three']);
  });
});
