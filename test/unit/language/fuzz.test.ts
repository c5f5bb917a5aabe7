import assert from 'node:assert/strict';
import { pythonFixtures as fixtures } from './fixtures.js';
import { random, runSeed } from './random.js';
import { analyzeWithinASecond } from './withinASecond.js';

const HEAD = 'import apache_beam as beam\np = beam.Pipeline()\n';

describe('Python that is none', function () {
  this.timeout(120_000);

  it('random bytes', async () => {
    const { below } = random(runSeed());
    for (let i = 0; i < 25; i++) {
      const bytes = Buffer.from(Array.from({ length: 2_000 }, () => below(256)));
      await analyzeWithinASecond('a.py', bytes.toString(i % 2 ? 'latin1' : 'utf8'));
    }
  });

  it('random code units, lone surrogates among them', async () => {
    const { below } = random(runSeed());
    for (let i = 0; i < 20; i++) {
      await analyzeWithinASecond(
        'a.py',
        String.fromCharCode(...Array.from({ length: 2_000 }, () => below(65_536))),
      );
    }
  });

  it('shuffled tokens of real files', async () => {
    const { pick } = random(runSeed());
    for (const { text } of fixtures) {
      const tokens = text.split(/(\s+|\b)/);
      for (let i = 0; i < 10; i++) {
        await analyzeWithinASecond(
          'a.py',
          HEAD + Array.from({ length: 1_000 }, () => pick(tokens)).join(''),
        );
      }
    }
  });

  it('every truncation', async () => {
    for (const { text } of fixtures) {
      for (let end = 0; end < text.length; end += 97) {
        const { syntaxErrors } = await analyzeWithinASecond('a.py', text.slice(0, end));
        assert.ok(Array.isArray(syntaxErrors));
      }
    }
  });

  const N = 3_000;
  const DEEP: Record<string, string> = {
    parentheses: `p | ${'('.repeat(N)}beam.Create([1])${')'.repeat(N)}`,
    'open brackets': '['.repeat(N),
    calls: `x = ${'f('.repeat(N)}${')'.repeat(N)}`,
    attributes: `x = a${'.b'.repeat(N)}`,
    'long pipe': `p | beam.Create([1])${' | beam.Map(print)'.repeat(N)}`,
    'long sum': `p | beam.Create([${'1 + '.repeat(N)}1])`,
    lambdas: `x = ${'lambda: '.repeat(N)}1`,
    blocks: Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'),
    functions: Array.from({ length: 200 }, (_, i) => `${' '.repeat(i)}def f(p):`).join('\n'),
    'a chain of names': `${Array.from({ length: N }, (_, i) => `a${i + 1} = a${i} + a${i}`).join('\n')}\np | beam.Create([a${N}])`,
    'reassigned PCollections': `x = p | beam.Create([1])\n${'x = x | beam.Map(print)\n'.repeat(N)}`,
    'functions that call one another': Array.from(
      { length: 200 },
      (_, i) =>
        `def f${i}(p):\n    f${(i + 1) % 200}(p)\n    f${(i + 7) % 200}(p)\n    p | 'L${i}' >> beam.Create([1])\n`,
    ).join(''),
    'variables that depend on one another': `${Array.from({ length: 60 }, (_, i) => `if x:\n    a${i} = a${(i + 1) % 60} + a${(i + 7) % 60}\nelse:\n    a${i} = 1\n`).join('')}p | beam.Create([a0])`,
    'names made of their own attributes':
      'a = a.b\nb = a.b.c.d\nc = b.c.d\nd = c.d(a.b, c.d)\nx = y.z\ny = x.z\np | beam.Create([a.b, b.c, d.a.b, x.z.z.z.z])\np | a.b(d.c)',
    'objects made by their own methods':
      'p = p.open()\na = b.c().d(a, b)\nb = a.d(b.e(), **a.f())\np | beam.Create([a.g(), b.h(a)])\np | a.i(b.j())',
    'classes derived from themselves':
      'class A(A):\n    pass\nclass B(C): pass\nclass C(B): pass\np | A()\np | B()',
    'a transform inside itself':
      'class A(beam.PTransform):\n    def expand(self, p):\n        return p | A() | A()\np | A()',
    'dictionaries made of one another': `${Array.from({ length: 60 }, (_, i) => `d${i} = {**d${i + 1}, **d${(i + 7) % 60}}\nd${i}.update(d${i + 1})\nd${i}['a']['b'] = d${i}['c']\n`).join('')}p | beam.Create(**d0)\np | beam.Create(d0['a'], d1.get('b', d2))`,
    'a dictionary that is changed often': `d = {}\n${Array.from({ length: 1_000 }, (_, i) => `d['a${i}'] = d.get('a${i - 1}')\nd.x.y[d['a']] = d\n`).join('')}p | beam.Create(d)\np | beam.Create(d['a7'], **d)`,
    'functions that change what they are given': `${Array.from({ length: 200 }, (_, i) => `def f${i}(c, d):\n    f${(i + 1) % 200}(c, d)\n    f${(i + 7) % 200}(d, c)\n    c['x'] = d\n    c.f(d)\n`).join('')}class C:\n    def f(self, d):\n        d.f(self)\n        self.x = d\n        f3(d, self)\nc = C()\nd = C()\nf0(c, d)\nf1(d, c=c)\nc.f(d)\np | beam.Create([c.x, d['x'], c.x.x.x])\np | beam.Create(**d)`,
    'objects that change one another':
      'class A:\n    def __init__(self, a):\n        self.a = a\n        self.b["x"] = self.a.b\n    def f(self):\n        self.a["x"] = self.b["y"]\n        self.a.b.c = self\na = A(b)\nb = A(a)\na.a = b.a\nb.a = a.a\na.b.a = b.b\nb.b.a = a.b.a\nA.a = a\np | beam.Create([a.a, b.a, a.b.a, a.a.a.a.b, a["x"], b.b["x"].a])\na.f(b).a(p)',
    'one line': `x = "${'a'.repeat(1_000_000)}"`,
    'a large literal': `p | beam.Create([${'1, '.repeat(100_000)}])`,
    'many statements': "x = p | 'a' >> beam.Create([1])\n".repeat(N),
  };
  for (const [name, code] of Object.entries(DEEP)) {
    it(`deep or long: ${name}`, async () => {
      // With launch arguments, that options are looked for in them.
      const { syntaxErrors } = await analyzeWithinASecond('/nowhere/a.py', HEAD + code, [
        '--a',
        'b',
      ]);
      assert.ok(Array.isArray(syntaxErrors));
    });
  }
});
