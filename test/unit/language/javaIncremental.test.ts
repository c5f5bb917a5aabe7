import assert from 'node:assert/strict';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { fixturesOf } from './fixtures.js';
import { random, runSeed } from './random.js';
import { editAtRandom } from './randomEdits.js';
import { analyzeWithinASecond } from './withinASecond.js';

const java = analyzerFor('java')!;
const fixtures = fixturesOf('java', '.java', '//');
const PIECES = [
  ...Array.from('abx1 ()[]{}<>:;,.\'"#\\\n\r\t=@/*é😀'),
  '"""',
  '/*',
  '*/',
  '//',
  '\r\n',
  '\n    ',
  '}\n',
  '  }\n',
  '{\n',
  'class A {\n',
  'record R(int a) {',
  'enum E { A, B }',
  'public void f(Pipeline p) {\n',
  'private static final String T = "t";\n',
  'p.apply("X", GenerateSequence.from(0));\n',
  '@Override\n',
  'import a.b.C;\n',
  'if (x) {',
  '\ufeff',
  '\ud83d',
];

const SHORT = `package a.b;

import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;

/** Doc. */
public class Short {
  static final long RATE = 2;

  static class Inner {
    int[] values = {1, 2};
  }

  enum Kind { A, B }

  public static void main(String[] args) {
    Pipeline p = Pipeline.create();
    if (args.length > 1) {
      p.apply("One", GenerateSequence.from(RATE));
    }
    two(p, "x"); // two
  }

  private static void two(Pipeline p, String name) {
    p.apply("Two " + name, GenerateSequence.from(0));
  }
}
`;

const edits = { pieces: PIECES, restoreEvery: 12 };

describe('Incremental analysis of Java', function () {
  this.timeout(120_000);

  it('equals analysis from scratch after any sequence of edits', async () => {
    const seed = runSeed();
    for (const newline of ['\n', '\r\n', '\r']) {
      await editAtRandom(java, SHORT.replace(/\n/g, newline), { ...edits, steps: 300, seed });
      for (const { text } of fixtures)
        await editAtRandom(java, text.replace(/\n/g, newline), { ...edits, steps: 20, seed });
    }
  });

  it('equals it in a text most of which has nothing to do with its sources', async () => {
    const besides = Array.from(
      { length: 40 },
      (_, index) =>
        `\n  static int besides${index}(Map<String, Integer> x) {\n    return Math.max(x.get("a"), RATE + ${index});\n  }\n`,
    );
    const long = SHORT.trimEnd().slice(0, -1) + besides.join('') + '}\n';
    await editAtRandom(java, long, { ...edits, restoreEvery: 3, steps: 400, seed: runSeed() });
  });

  it('keeps the members behind a place that does not parse apart', async () => {
    for (const typed of ["'", '(', '{', '=', '}']) {
      const broken = SHORT.replace('    }\n    two', `    }\n  ${typed} two`);
      const after = broken.replace('from(0)', 'from(1)');
      const [before, changed] = await Promise.all([broken, after].map((text) => java.open(text)));
      const texts = [before!, changed!].map((document) =>
        document.file().sources.map(({ label, signature }) => `${label} ${signature.hash}`),
      );
      assert.notDeepEqual(texts[0], texts[1], typed);
      assert.equal(
        texts[0]!.filter((one) => texts[1]!.includes(one)).length,
        texts[0]!.length - 1,
        typed,
      );
    }
  });

  it('knows the same after an edit and its undoing', async () => {
    const { below, pick } = random(7);
    for (const { text } of fixtures) {
      const document = await java.open(text);
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

describe('Broken Java', () => {
  const HEAD =
    'import org.apache.beam.sdk.Pipeline;\nimport org.apache.beam.sdk.io.GenerateSequence;\n\nclass A {\n';
  const RUN =
    '  static void run() {\n    Pipeline p = Pipeline.create();\n    p.apply("One", GenerateSequence.from(1));\n    $\n  }\n\n';
  const AFTER =
    '  private static void other(Pipeline p) {\n    p.apply("Three", GenerateSequence.from(3));\n  }\n}\n';

  const BROKEN: Record<string, string> = {
    'an open brace': 'if (x) {',
    'two closing braces': '}}',
    'an open bracket': 'foo(1,',
    'an open string': 'String s = "abc;',
    'a call that is being typed': 'p.',
    'a keyword alone': 'for',
    'an operator without operand': 'x = 1 +;',
  };
  for (const [name, line] of Object.entries(BROKEN)) {
    it(`keeps what is known beside ${name}`, async () => {
      const text = HEAD + RUN.replace('$', line) + AFTER;
      const { sources, syntaxErrors } = await analyzeText('A.java', text);
      const labels = sources.map(({ label }) => label);
      assert.ok(labels.includes('Three'), String(labels));
      assert.notEqual(syntaxErrors.length, 0);
      for (const { start } of syntaxErrors) assert.ok(start.line < 11, `line ${start.line}`);
    });
  }

  it('keeps the methods after an open comment and an open text block', async () => {
    for (const open of ['/* being typed', 'String s = """']) {
      const { sources } = await analyzeText('A.java', HEAD + RUN.replace('$', open) + AFTER);
      assert.ok(
        sources.some(({ label }) => label === 'Three'),
        open,
      );
    }
  });
});

describe('Java that is none', function () {
  this.timeout(120_000);
  const HEAD =
    'import org.apache.beam.sdk.Pipeline;\nimport org.apache.beam.sdk.io.*;\nimport org.apache.beam.sdk.transforms.*;\nclass A { void a(Pipeline p) {\n';

  it('random bytes and code units', async () => {
    const { below } = random(runSeed());
    for (let i = 0; i < 25; i++) {
      const bytes = Buffer.from(Array.from({ length: 2_000 }, () => below(256)));
      await analyzeWithinASecond('A.java', bytes.toString(i % 2 ? 'latin1' : 'utf8'));
      const units = Array.from({ length: 2_000 }, () => below(65_536));
      await analyzeWithinASecond('A.java', String.fromCharCode(...units));
    }
  });

  it('shuffled tokens of real files, and every truncation', async () => {
    const { pick } = random(runSeed());
    for (const { text } of fixtures) {
      const tokens = text.split(/(\s+|\b)/);
      for (let i = 0; i < 8; i++) {
        const shuffled = Array.from({ length: 1_000 }, () => pick(tokens)).join('');
        await analyzeWithinASecond('A.java', HEAD + shuffled);
      }
      for (let end = 0; end < text.length; end += 97) {
        await analyzeWithinASecond('A.java', text.slice(0, end));
      }
    }
  });

  const N = 3_000;
  const DEEP: Record<string, string> = {
    parentheses: `x = ${'('.repeat(N)}1${')'.repeat(N)};`,
    'open brackets': '('.repeat(N),
    'open braces': '{'.repeat(N),
    calls: `x = ${'f('.repeat(N)}${')'.repeat(N)};`,
    attributes: `x = a${'.b'.repeat(N)};`,
    'a long chain': `p.apply(Create.of(1))${'.apply(f)'.repeat(N)};`,
    'a long sum': `p.apply(Create.of("a" ${'+ "b" '.repeat(N)}));`,
    lambdas: `x = ${'() -> '.repeat(N)}1;`,
    blocks: 'if (x) {'.repeat(300) + '}'.repeat(300),
    'a chain of names': `int a0 = 1;\n${Array.from({ length: N }, (_, i) => `int a${i + 1} = a${i} + a${i};`).join('\n')}\np.apply(Create.of(a${N}));`,
    'a variable that is assigned often': `var x = p.apply(Create.of(1));\n${'x = x.apply(f);\n'.repeat(N)}`,
    'methods that call one another': `}\n${Array.from({ length: 200 }, (_, i) => `void f${i}(Pipeline p) {\n  f${(i + 1) % 200}(p); f${(i + 7) % 200}(p);\n  p.apply("L${i}", Create.of(1));\n}`).join('\n')} void z() {`,
    'variables that depend on one another': `int ${Array.from({ length: 60 }, (_, i) => `a${i}`).join(', ')};\n${Array.from({ length: 60 }, (_, i) => `if (x) a${i} = a${(i + 1) % 60} + a${(i + 7) % 60}; else a${i} = 1;`).join('\n')}\np.apply(Create.of(a0));`,
    'classes derived from themselves':
      'p.apply(new X()); p.apply(new Y()); } class X extends X {} class Y extends Z {} class Z extends Y { void z() {',
    'a transform inside itself':
      'p.apply(new X()); } class X extends PTransform<A, B> { B expand(A a) { return a.apply(new X()).apply(new X()); } void z() {',
    'one line': `x = "${'a'.repeat(1_000_000)}";`,
    'a large literal': `p.apply(Create.of(${'1, '.repeat(100_000)}1));`,
    'many statements': 'x = p.apply("a", Create.of(1));\n'.repeat(N),
    'many classes': 'class B {'.repeat(500),
  };
  for (const [name, code] of Object.entries(DEEP)) {
    it(`deep or long: ${name}`, async () => {
      const { syntaxErrors } = await analyzeWithinASecond('A.java', `${HEAD}${code}\n}}\n`);
      assert.ok(Array.isArray(syntaxErrors));
    });
  }
});
