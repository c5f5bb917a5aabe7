import assert from 'node:assert/strict';
import { analyzerFor } from '../../../server/src/language/language.js';
import { pythonFixtures } from './fixtures.js';
import { MAGICS } from './magics.js';
import { random, runSeed, type Random } from './random.js';
import { analyzeWithinASecond } from './withinASecond.js';

const HEAD = `%pip install apache-beam
import apache_beam as beam
from apache_beam.transforms.periodicsequence import PeriodicImpulse
p = beam.Pipeline()
`;
const CELLS = [
  ...Object.values(MAGICS).map(([cell]) => cell),
  "p | 'A' >> PeriodicImpulse(fire_interval=RATE)",
  "(p\n | 'B' >> PeriodicImpulse()\n | beam.Map(print))",
  'RATE = 2',
  'if x:',
  'x = (1,',
  '"""open',
  '%%time\np | beam.Create([1])',
  '%%bash\necho "',
  '!ls \\',
  '\\',
  'def f(p):\n  return p | PeriodicImpulse()\n',
  'f(p)\r\nf(p)\r',
];

/** What JSON may hold in a cell's place, or in that of its source. */
const ODD = [null, 1, 'x', [], [1, null], {}, { source: 3 }, { cell_type: 'code' }, true];

function randomCell({ below, pick }: Random): unknown {
  const source = (): string => {
    const junk = Buffer.from(Array.from({ length: below(60) }, () => below(256)));
    const { text } = pick(pythonFixtures);
    const start = below(text.length);
    return pick([
      pick(CELLS),
      pick(CELLS) + pick(CELLS),
      junk.toString('latin1'),
      junk.toString('utf8'),
      String.fromCharCode(...Array.from({ length: below(60) }, () => below(65_536))),
      text.slice(start, start + below(2_000)),
    ]);
  };
  if (below(12) === 0) return pick(ODD);
  const text = source();
  return {
    cell_type: pick(['code', 'code', 'code', 'markdown', 'raw', 7]),
    source: pick<unknown>([text, text.split(/(?<=\n)/), [text, text], pick(ODD)]),
    outputs: [],
  };
}

describe('Notebooks that are none', function () {
  this.timeout(120_000);

  it('random cells', async () => {
    const any = random(runSeed());
    for (let i = 0; i < 60; i++) {
      const cells = Array.from({ length: any.below(30) }, () => randomCell(any));
      const text = JSON.stringify({ cells: [{ cell_type: 'code', source: HEAD }, ...cells] });
      await analyzeWithinASecond('/nowhere/a.ipynb', text);
    }
  });

  it('random bytes, and truncations of notebooks', async () => {
    const { below } = random(runSeed());
    const text = JSON.stringify({
      cells: [HEAD, ...CELLS].map((source) => ({ cell_type: 'code', source })),
    });
    for (let end = 0; end < text.length; end += 53) {
      await analyzeWithinASecond('a.ipynb', text.slice(0, end));
      const bytes = Buffer.from(Array.from({ length: 500 }, () => below(256))).toString('latin1');
      await analyzeWithinASecond('a.ipynb', text.slice(0, end) + bytes + text.slice(end));
    }
  });

  it('many cells, one long cell, deep JSON', async () => {
    const code = (source: string) => ({ cell_type: 'code', source });
    const notebooks = {
      many: Array.from({ length: 1_500 }, (_, i) => code(`x${i} = 1\n!ls\n`)),
      long: [code(`%x\n${'y = f(1)  # note\n'.repeat(20_000)}`)],
      line: [code(`%${'a'.repeat(300_000)}`), code('x?'.repeat(20_000))],
      words: [code('a '.repeat(30_000)), code(`${'a, '.repeat(50_000)}= !ls`)],
    };
    for (const cells of Object.values(notebooks))
      await analyzeWithinASecond('a.ipynb', JSON.stringify({ cells }));
    await analyzeWithinASecond('a.ipynb', `{"cells":${'['.repeat(50_000)}`);
  });
});

describe('Incremental analysis of notebooks', function () {
  this.timeout(120_000);

  it('equals analysis from scratch as cells are edited, come, move and go', async () => {
    const seed = runSeed();
    const any = random(seed);
    const { below, pick } = any;
    const analyzer = analyzerFor('a.ipynb')!;
    const document = await analyzer.open('');
    let cells: unknown[] = [];
    for (let step = 0; step < 1_000; step++) {
      if (cells.length === 0 || step % 40 === 0) cells = [{ cell_type: 'code', source: HEAD }];
      const at = below(cells.length + 1);
      pick([
        () => cells.splice(at, 0, randomCell(any)),
        () => cells.splice(at, 1, { cell_type: 'code', source: pick(CELLS) }),
        () => cells.splice(at, 1),
        () => cells.splice(below(cells.length), 0, ...cells.splice(at, 1)),
      ])();
      const text = JSON.stringify({ cells });
      document.update(text);
      const scratch = await analyzer.open(text);
      const where = `SEED=${seed} step ${step}: ${text}`;
      assert.deepEqual(document.file(), scratch.file(), where);
      assert.deepEqual(document.transforms?.(), scratch.transforms?.(), where);
    }
  });
});
