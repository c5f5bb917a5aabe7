import assert from 'node:assert/strict';
import { analyzeText } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { pythonFixtures as fixtures } from './fixtures.js';
import { localsRenamer } from './renameLocals.js';

async function sourcesOf(text: string, path = 'pipeline.py'): Promise<PipelineSource[]> {
  const file = await analyzeText(path, text);
  assert.deepEqual(file.syntaxErrors, []);
  return file.sources;
}

async function hashes(text: string, path?: string): Promise<string[]> {
  return (await sourcesOf(text, path))
    .map(({ label, signature }) => `${label} ${signature.hash}`)
    .sort();
}

const withoutComments = (text: string): string => text.replace(/^\s*#.*\n/gm, '');

/** Changes a whole file without changing what it reads. */
const HARMLESS: Record<string, (text: string) => string> = {
  'no comments': withoutComments,
  'more comments': (text) => text.replace(/([\])])$/gm, '$1  # ] " note'),
  'blank lines': (text) => text.replace(/^(\s*)((?:def|class|p|_|with|if|return)\b)/gm, '\n\n$1$2'),
  'other docstrings': (text) => text.replace(/"""[^"]*"""/g, "'''Another\n\ntext.'''"),
  'other quotes': (text) =>
    text.replace(/f'[^'\n]*'|(?<!['"\w])'([^'"\\\n{}]*)'/g, (all, body?: string) =>
      body === undefined ? all : `"${body}"`,
    ),
  'other indentation': (text) => text.replace(/^( +)/gm, (spaces) => spaces.repeat(2)),
  tabs: (text) => text.replace(/^(?: {4})+/gm, (spaces) => '\t'.repeat(spaces.length / 4)),
  CRLF: (text) => text.replace(/\n/g, '\r\n'),
  CR: (text) => text.replace(/\n/g, '\r'),
  'byte order mark': (text) => `\ufeff${text}`,
  'other alias of beam': (text) =>
    text
      .replace('import apache_beam as beam', 'import apache_beam as ab')
      .replace(/\bbeam\.(?!py|sdk)/g, 'ab.'),
  'no alias of beam': (text) =>
    text
      .replace('import apache_beam as beam', 'import apache_beam')
      .replace(/(?<!apache[_.])\bbeam\./g, 'apache_beam.'),
  moved: (text) =>
    text.replace(/^(class|def|@|p = |PROJECT)/m, 'def unrelated():\n    return 1\n\n\n$1'),
  'more code at the end': (text) => `${text}\n\ndef unrelated(x):\n    return [y | 1 for y in x]\n`,
  'other downstream code': (text) =>
    text.replace(/beam\.Map\((?:print|str\.upper|str)\)/g, 'beam.Map(repr)'),
  'other local names': (text) =>
    text.replace(
      /(?<![-.\w'])(branch|position|merged|reads|all_clicks|rest|known|records|local|streams|by_name|ranges|carts|ended)\b(?!')/g,
      '$1_renamed',
    ),
  'other names of every parameter and local variable': await localsRenamer('python'),
  annotated: (text) =>
    text
      .replace(/^( *)([a-z]\w*) = (?=p \||beam\.Pipeline)/gm, '$1$2: object = ')
      .replace(/\((p|pipeline)(?=[,)])(?=.*:$)/gm, '($1: beam.Pipeline'),
  'keywords in another order': (text) =>
    text.replace(/\((\w+=[\w'.]+), (\w+=[\w'.]+)\)/g, '($2, $1)'),
  'names of imported classes': (text) =>
    /^from .* import PeriodicImpulse$/m.test(text)
      ? text.replace(/(?<!\.)\bPeriodicImpulse\b(?=\(|$)/gm, (name, at: number) =>
          text.slice(text.lastIndexOf('\n', at) + 1).startsWith('from ')
            ? `${name} as Every`
            : 'Every',
        )
      : text,
  'an unused import': (text) => `import os as _unused\n${text}`,
  'trailing commas': (text) => text.replace(/(?<=\w=[\w']+)\)$/gm, ',)'),
  'parentheses around operands': (text) =>
    text.replace(/>> (PeriodicImpulse\([^()\n]*\))$/gm, '>> ($1)'),
  'numbers in another spelling': (text) => text.replace(/(?<=[=(, ])1000(?=[,)])/g, '1_000'),
  'renamed parameters of lambdas': (text) => text.replace(/lambda n: n \+ 1/g, 'lambda k: k + 1'),
  'spaces in calls': (text) => text.replace(/\((?=[\w'])/g, '( ').replace(/,(?= )/g, ' , '),
  'line breaks in calls': (text) =>
    withoutComments(text).replace(
      /(PeriodicImpulse|ReadFromKafka|Subscribe)\((?=\S)/g,
      '$1(\n\n  # why\n  ',
    ),
};

describe('Python signatures stay equal under harmless edits', () => {
  for (const { name, path, text } of fixtures) {
    for (const [edit, apply] of Object.entries(HARMLESS)) {
      it(`${name}: ${edit}`, async () => {
        const edited = apply(text);
        assert.deepEqual(await hashes(edited, path), await hashes(text, path));
      });
    }
  }

  it('every edit changes some fixture', () => {
    for (const [edit, apply] of Object.entries(HARMLESS)) {
      assert.ok(
        fixtures.some(({ text }) => apply(text) !== text),
        edit,
      );
    }
  });

  const HEAD =
    'import apache_beam as beam\nfrom apache_beam.transforms.periodicsequence import PeriodicImpulse\np = beam.Pipeline()\n';
  const EQUAL: Record<string, [string, string]> = {
    'positional and keyword': [
      'p | PeriodicImpulse(0, 9, 2)',
      'p | PeriodicImpulse(fire_interval=2, stop_timestamp=9, start_timestamp=0)',
    ],
    'import style': [
      'p | PeriodicImpulse()',
      'from apache_beam.transforms import periodicsequence as q\np | q.PeriodicImpulse()',
    ],
    'star import': [
      'p | PeriodicImpulse()',
      'from apache_beam.transforms.periodicsequence import *\np | PeriodicImpulse()',
    ],
    parentheses: ['p | PeriodicImpulse(1 + 2)', '(p | (PeriodicImpulse(((1) + 2))))'],
    'keywords of nested calls': [
      'p | PeriodicImpulse(f(a=1, b=[2]))',
      'p | PeriodicImpulse(f(b=[2,], a=1))',
    ],
    'a constant by name': [
      'p | PeriodicImpulse(fire_interval=10)',
      'TEN = 10\np | PeriodicImpulse(fire_interval=TEN)',
    ],
    'adjacent strings': ["p | 'ab' >> PeriodicImpulse()", 'p | "a" \'b\' >> PeriodicImpulse()'],
    'raw strings': ["p | PeriodicImpulse('a\\\\d')", "p | PeriodicImpulse(r'a\\d')"],
    numbers: ['p | PeriodicImpulse(1000, 255)', 'p | PeriodicImpulse(1_000, 0xff)'],
    annotations: [
      'def f(x, n=1):\n    y = x\n    return y\np | beam.Create([0]) | PeriodicImpulse()\np | PeriodicImpulse(data=map(f, [1]))',
      'def f(x: int, n: "int" = 1) -> int:\n    y: int = x\n    return y\np | beam.Create([0]) | PeriodicImpulse()\np | PeriodicImpulse(data=map(f, [1]))',
    ],
    'names of a lambda': [
      'p | PeriodicImpulse(data=map(lambda x: x + 1, [1]))',
      'p | PeriodicImpulse(data=map(lambda y: (y + 1), [1]))',
    ],
    'names of a comprehension': [
      'p | PeriodicImpulse(data=[x for x in [1] if x])',
      'p | PeriodicImpulse(data=[z for z in [1] if z])',
    ],
    'a loop variable': [
      'for t in [1, 2]:\n    p | f"R {t}" >> PeriodicImpulse(t)',
      'for u in [1, 2]:\n    p | f"R {u}" >> PeriodicImpulse(u)',
    ],
    'order of if branches of other names': [
      'a = 1\nif a: b = 2\np | PeriodicImpulse(b)',
      'a = 1\nif a:\n    c = 2\np | PeriodicImpulse(c)',
    ],
  };
  for (const [name, [before, after]] of Object.entries(EQUAL)) {
    it(name, async () => {
      const expected = await hashes(HEAD + before);
      assert.notEqual(expected.length, 0);
      assert.deepEqual(await hashes(HEAD + after), expected);
    });
  }
});

/** Where the literals of a text are: strings that do not format, and numbers. */
function literals(text: string, from: number, to: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const match of text
    .slice(from, to)
    .matchAll(/f'[^'\n]*'|(?<![\w'"])'[^'\n]*'|(?<![\w.])\d+(?:\.\d+)?(?!\w)/g)) {
    if (match[0].startsWith('f')) continue;
    found.push({ start: from + match.index, end: from + match.index + match[0].length });
  }
  return found;
}

function mutate(literal: string): string {
  return literal.startsWith("'") ? `${literal.slice(0, -1)}x'` : `${literal}1`;
}

function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset + character;
}

describe('Python signatures differ after mutations', () => {
  for (const { name, path, text } of fixtures) {
    it(`${name}: every literal of every source`, async () => {
      let mutations = 0;
      const before = await sourcesOf(text, path);
      const expected = await hashes(text, path);
      for (const source of before) {
        const start = offsetOf(text, source.range.start);
        for (const literal of literals(text, start, offsetOf(text, source.range.end))) {
          const old = text.slice(literal.start, literal.end);
          const mutated = text.slice(0, literal.start) + mutate(old) + text.slice(literal.end);
          const after = await hashes(mutated, path);
          assert.notDeepEqual(
            after,
            expected,
            `${source.label}: ${old} in line ${source.range.start.line + 1}`,
          );
          mutations++;
        }
      }
      assert.ok(mutations > 10, `${mutations} mutations`);
    });

    it(`${name}: another class, and one source more`, async () => {
      const expected = await hashes(text, path);
      for (const source of await sourcesOf(text, path)) {
        const start = offsetOf(text, source.range.start);
        const end = offsetOf(text, source.range.end);
        const own = text.slice(start, end);
        const other = own.replace(`${source.transformName}(`, 'Other(');
        if (other === own) continue;
        const mutated = text.slice(0, start) + other + text.slice(end);
        assert.notDeepEqual(await hashes(mutated, path), expected, source.label);
      }
      const added = `${text}\nadded = beam.Pipeline()\nadded | 'Added' >> beam.Create([1])\n`;
      const after = await hashes(added, path);
      assert.equal(after.length, expected.length + 1);
      assert.ok(expected.every((hash) => after.includes(hash)));
    });

    it(`${name}: removal of every source`, async () => {
      for (const source of await sourcesOf(text, path)) {
        const start = offsetOf(text, source.range.start);
        const end = offsetOf(text, source.range.end);
        const without = `${text.slice(0, start)}beam.Map(print)${text.slice(end)}`;
        const left = await sourcesOf(without, path);
        assert.ok(
          !left.some(
            ({ signature, range }) =>
              signature.hash === source.signature.hash &&
              range.start.line === source.range.start.line,
          ),
          source.label,
        );
      }
    });
  }

  it('what code refers to only inside of a formatted string, and parameters that change places', async () => {
    const DIFFERENT: Record<string, [string, string]> = {
      'a constant in an f-string': [
        "A = 1\nB = 1\ndef f(x):\n    return f'{A}'\np | PeriodicImpulse(data=map(f, [1]))",
        "A = 1\nB = 1\ndef f(x):\n    return f'{B}'\np | PeriodicImpulse(data=map(f, [1]))",
      ],
      'its value': [
        "A = 1\ndef f(x):\n    return f'{A}'\np | PeriodicImpulse(data=map(f, [1]))",
        "A = 2\ndef f(x):\n    return f'{A}'\np | PeriodicImpulse(data=map(f, [1]))",
      ],
      'a default that is called as its parameter': [
        'x = 1\ndef f(x=x):\n    return x\np | PeriodicImpulse(data=map(f, [1]))',
        'x = 2\ndef f(x=x):\n    return x\np | PeriodicImpulse(data=map(f, [1]))',
      ],
      'a key that is set later': [
        "d = {}\nd['a'] = 2\np | PeriodicImpulse(data=d)",
        "d = {}\nd['a'] = 3\np | PeriodicImpulse(data=d)",
      ],
      'another key that is set later': [
        "d = {}\nd['a'] = 2\np | PeriodicImpulse(**d)",
        "d = {}\nd['b'] = 2\np | PeriodicImpulse(**d)",
      ],
      'what is appended later': [
        'def f():\n    x = [1]\n    x.append(2)\n    p | PeriodicImpulse(data=x)',
        'def f():\n    x = [1]\n    x.append(3)\n    p | PeriodicImpulse(data=x)',
      ],
      'what is filled in from another': [
        'd = {}\nd.update(a=1)\nd.update(b=d)\np | PeriodicImpulse(data=d)',
        'd = {}\nd.update(a=1)\np | PeriodicImpulse(data=d)',
      ],
      'the value for a key that is not there': [
        "d = {'a': 1}\np | PeriodicImpulse(data=d.get('b', 2))",
        "d = {'a': 1}\np | PeriodicImpulse(data=d.get('b', 3))",
      ],
      'another parameter': [
        'def f(p, a, b):\n    p | PeriodicImpulse(a)',
        'def f(p, a, b):\n    p | PeriodicImpulse(b)',
      ],
      'the parameter of another function around it': [
        'def f(p, a):\n    def g(p, b):\n        p | PeriodicImpulse(a)',
        'def f(p, a):\n    def g(p, b):\n        p | PeriodicImpulse(b)',
      ],
      'parameters that change places, with keywords': [
        'def g():\n    return f(a=1, b=2)\ndef f(a, b):\n    return a - b\np | PeriodicImpulse(data=map(g, [1]))',
        'def g():\n    return f(a=1, b=2)\ndef f(b, a):\n    return b - a\np | PeriodicImpulse(data=map(g, [1]))',
      ],
      'an argument of a transform that is called otherwise': [
        'class A(beam.PTransform):\n    def __init__(self, a=1, b=1):\n        self.a = a\n    def expand(self, p):\n        return p | PeriodicImpulse()\np | A(a=2)',
        'class A(beam.PTransform):\n    def __init__(self, a=1, b=1):\n        self.a = a\n    def expand(self, p):\n        return p | PeriodicImpulse()\np | A(b=2)',
      ],
    };
    const head =
      'import apache_beam as beam\nfrom apache_beam.transforms.periodicsequence import PeriodicImpulse\np = beam.Pipeline()\n';
    for (const [name, [before, after]] of Object.entries(DIFFERENT)) {
      const expected = await hashes(head + before);
      assert.notEqual(expected.length, 0);
      assert.notDeepEqual(await hashes(head + after), expected, name);
    }
  });

  it('every line of what a source consists of', async () => {
    const { text } = fixtures.find(({ name }) => name === 'user_defined.py')!;
    const MUTATIONS: [string, string, string][] = [
      ["'bob'", "'eve'", 'Clicks'],
      ["'t': t", "'t': t + 1", 'Clicks'],
      ['1 / self.rate', '2 / self.rate', 'Clicks'],
      ['beam.Map(make_click)\n\n\nclass Tick', 'beam.Map(len)\n\n\nclass Tick', 'Clicks'],
      ['position += self.step', 'position += 2 * self.step', 'Ticks'],
      ['step=1', 'step=3', 'Ticks'],
      ['yield element, position', 'yield position, element', 'ParDo(FastTick)'],
      ['class FastTick(Tick):', 'class FastTick(Tick, object):', 'ParDo(FastTick)'],
      ['60 / tempo', '30 / tempo', 'Beats'],
      ['self.n = n', 'self.n = n + 1', 'Endless'],
      ['Create([0])', 'Create([1])', 'Tick'],
      ['lambda n: n + 1', 'lambda n: n + 2', 'ParDo(FastTick)'],
    ];
    for (const [from, to, label] of MUTATIONS) {
      assert.ok(text.includes(from), from);
      const hash = async (code: string) =>
        (await sourcesOf(code)).find((one) => one.label === label)?.signature.hash;
      assert.notEqual(await hash(text.replace(from, to)), await hash(text), `${from} → ${to}`);
    }
  });
});
