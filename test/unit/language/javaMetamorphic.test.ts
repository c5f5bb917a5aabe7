import assert from 'node:assert/strict';
import { analyzeText } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { fixturesOf } from './fixtures.js';
import { localsRenamer } from './renameLocals.js';

const fixtures = fixturesOf('java', '.java', '//');

async function sourcesOf(text: string): Promise<PipelineSource[]> {
  const file = await analyzeText('A.java', text);
  assert.deepEqual(file.syntaxErrors, []);
  return file.sources;
}

async function hashes(text: string): Promise<string[]> {
  return (await sourcesOf(text)).map(({ label, signature }) => `${label} ${signature.hash}`).sort();
}

const withoutComments = (text: string): string =>
  text.replace(/^\s*\/\/.*\n/gm, '').replace(/\/\*[^]*?\*\//g, '');

/** Changes a whole file without changing what it reads. */
const HARMLESS: Record<string, (text: string) => string> = {
  'no comments': withoutComments,
  'more comments': (text) =>
    text.replace(/;$/gm, '; // } " note').replace(/\.apply\(/g, '.apply(/* { */ '),
  'other Javadoc': (text) =>
    text.replace(/^( *)(?=public|static|private|final)/gm, '$1/** Other {@code x}. */ '),
  'blank lines': (text) => text.replace(/;\n/g, ';\n\n\n'),
  'other indentation': (text) =>
    text.replace(/^(?! *"""| *first| *second| *line)( +)/gm, (s) => s.repeat(2)),
  tabs: (text) =>
    text.replace(/^(?! *"""| *first| *second| *line)((?: {2})+)/gm, (s) =>
      '\t'.repeat(s.length / 2),
    ),
  CRLF: (text) => text.replace(/\n/g, '\r\n'),
  CR: (text) => text.replace(/\n/g, '\r'),
  'byte order mark': (text) => `\ufeff${text}`,
  'braces on their own lines': (text) =>
    text.replace(/^( *)((?:public|static|private)[^;={]*\)) \{$/gm, '$1$2\n$1{'),
  'one line for each call': (text) =>
    withoutComments(text).replace(/\.with/g, '\n            .with'),
  'wildcard imports': (text) =>
    text.replace(
      /^import (org\.apache\.beam\.sdk(?:\.\w+)*|org\.joda\.time|java\.util)\.[A-Z]\w*;$/gm,
      'import $1.*;',
    ),
  'written out names': (text) =>
    text.replace(
      /(?<![.\w"])GenerateSequence\.from/g,
      'org.apache.beam.sdk.io.GenerateSequence.from',
    ),
  'order of imports': (text) =>
    text.replace(
      /(?:^import .*\n)+/gm,
      (all) => all.split('\n').reverse().join('\n').trim() + '\n',
    ),
  annotations: (text) =>
    text.replace(
      /^( *)((?:public |private )?static [^=({]*\()/gm,
      '$1@SuppressWarnings("a")\n$1$2',
    ),
  'final and modifiers': (text) =>
    text
      .replace(/^( {4})(Pipeline|PCollection<\w+>|String) (\w+) =/gm, '$1final $2 $3 =')
      .replace(/private static (?!final)/g, 'static '),
  'var for types': (text) =>
    text.replace(/^( {4})(?:Pipeline|PCollection<\w+>) (\w+) =/gm, '$1var $2 ='),
  'other type arguments': (text) =>
    text.replace(/KafkaIO\.<\w+, \w+>/g, 'KafkaIO.<byte[], Object>'),
  'other local names': (text) =>
    text.replace(
      /(?<![-."'/\w])(options|topic|seconds|chosen|kafka|name|names|record|millis|parsed)\b(?!["'/(])/g,
      (all, local: string) =>
        text.includes('class ReadClicks') && local === 'topic' ? all : `${local}Renamed`,
    ),
  'other names of every parameter and local variable': await localsRenamer('java'),
  moved: (text) =>
    text.replace(
      /^((?:public |final )*class \w+ \{)$/m,
      '$1\n  static int unrelated() {\n    return 1;\n  }\n',
    ),
  'more code at the end': (text) =>
    text.replace(/\}\s*$/, '  int unrelated(int x) {\n    return x + 1;\n  }\n}\n'),
  'other downstream code': (text) =>
    text
      .replace(/MapElements\.via\(null\)/g, 'MapElements.via(x)')
      .replace(/FileIO\.readMatches\(\)/g, 'FileIO.readMatches().withCompression(null)'),
  parentheses: (text) => text.replace(/fromTopic\(("[^"]*")\)/g, 'fromTopic(($1))'),
};

describe('Java signatures stay equal under harmless edits', () => {
  for (const { name, text } of fixtures) {
    for (const [edit, apply] of Object.entries(HARMLESS)) {
      it(`${name}: ${edit}`, async () => {
        assert.deepEqual(await hashes(apply(text)), await hashes(text));
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
});

const HEAD = `package a;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.GenerateSequence;
import org.apache.beam.sdk.io.gcp.pubsub.PubsubIO;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.options.*;
import org.apache.beam.sdk.transforms.*;
class A {
  static final String T = "t";
  interface O extends PipelineOptions { @Default.String("d") String getX(); }
  static String f(String s) { return s + "/f"; }
  static Object g(Object s) { Object r = s; return r; }
  void run(Pipeline p, O o, String[] args) {
`;
const inMethod = (code: string): string => `${HEAD}${code}\n  }\n}\n`;
const topic = (text: string): string => `p.apply("L", PubsubIO.readStrings().fromTopic(${text}));`;

const EQUAL: Record<string, [string, string]> = {
  'order of the builder': [
    'p.apply("K", KafkaIO.readBytes().withTopic("t").withBootstrapServers("b"));',
    'p.apply("K", KafkaIO.readBytes().withBootstrapServers("b").withTopic("t"));',
  ],
  'a constant by name': [topic('T'), topic('"t"')],
  'a qualified constant': [topic('A.T'), topic('"t"')],
  concatenation: [topic('"a" + T + "b"'), topic('"atb"')],
  format: [topic('String.format("%s-%s%d", "a", args[0], 3)'), topic('"a-" + args[0] + 3')],
  'a method that returns': [topic('f("a")'), topic('"a/f"')],
  'a local variable': [`String x = "t"; ${topic('x')}`, topic('"t"')],
  'a variable for the transform': [
    'var t = PubsubIO.readStrings(); p.apply("L", t.fromTopic("t"));',
    topic('"t"'),
  ],
  'names of a lambda': [
    'p.apply(KafkaIO.readBytes().withTimestampFn(x -> { long y = x.a(); return y; }));',
    'p.apply(KafkaIO.readBytes().withTimestampFn((KV<byte[], byte[]> a) -> { final int b = a.a(); return b; }));',
  ],
  'a lambda that returns': [
    'p.apply(KafkaIO.readBytes().withTimestampFn(x -> { return x.a(); }));',
    'p.apply(KafkaIO.readBytes().withTimestampFn(x -> x.a()));',
  ],
  numbers: ['p.apply(GenerateSequence.from(1_000));', 'p.apply(GenerateSequence.from(0x3e8L));'],
  escapes: [topic('"a\\u0062"'), topic('"ab"')],
  'a loop variable': [
    'for (String a : args) p.apply("R" + a, GenerateSequence.from(a.length()));',
    'for (var b : args) { p.apply("R" + b, GenerateSequence.from(b.length())); }',
  ],
  'by the pipeline or its beginning': [topic('"t"'), topic('"t"').replace('p.', 'p.begin().')],
};

const DIFFERENT: Record<string, [string, string]> = {
  'an argument': [topic('"a"'), topic('"b"')],
  'another call of the builder': [topic('"a"'), topic('"a").withIdAttribute("i"')],
  'topic or subscription': [topic('"a"'), topic('"a"').replace('fromTopic', 'fromSubscription')],
  'another factory': [topic('"a"'), topic('"a"').replace('readStrings', 'readMessages')],
  'a label': [topic('"a"'), topic('"a"').replace('"L"', '"M"')],
  'no label': [topic('"a"'), topic('"a"').replace('"L", ', '')],
  'a branch': [
    `String x; if (o == null) x = "a"; else x = "b"; ${topic('x')}`,
    `String x; if (o != null) x = "a"; else x = "b"; ${topic('x')}`,
  ],
  'what is added to a variable': [
    `String x = "a"; x += "b"; ${topic('x')}`,
    `String x = "a"; x += "c"; ${topic('x')}`,
  ],
  'a lambda': [
    'p.apply(KafkaIO.readBytes().withTimestampFn(x -> x.a()));',
    'p.apply(KafkaIO.readBytes().withTimestampFn(x -> x.b()));',
  ],
  'an anonymous class': [
    'p.apply(KafkaIO.readBytes().withTimestampFn(new F() { public int apply(int x) { return x; } }));',
    'p.apply(KafkaIO.readBytes().withTimestampFn(new F() { public int apply(int x) { return -x; } }));',
  ],
  'an option': [topic('o.getX()'), topic('o.getY()')],
  'an option or its default': [topic('o.getX()'), topic('"d"')],
  'the order of numbers': ['p.apply(Create.of(1, 2));', 'p.apply(Create.of(2, 1));'],
  'two calls of one method': [
    'p.apply(KafkaIO.readBytes().withTopic("a").withTopic("b"));',
    'p.apply(KafkaIO.readBytes().withTopic("b").withTopic("a"));',
  ],
};

describe('Java signatures', () => {
  for (const [name, [before, after]] of Object.entries(EQUAL)) {
    it(`do not differ by ${name}`, async () => {
      const expected = await hashes(inMethod(before));
      assert.notEqual(expected.length, 0);
      assert.deepEqual(await hashes(inMethod(after)), expected);
    });
  }

  for (const [name, [before, after]] of Object.entries(DIFFERENT)) {
    it(`differ by ${name}`, async () => {
      const [one] = await sourcesOf(inMethod(before));
      const [other] = await sourcesOf(inMethod(after));
      assert.ok(one && other);
      assert.notEqual(one.signature.hash, other.signature.hash);
      assert.notEqual(explainDifference(one.signature, other.signature), '');
    });
  }

  it('differ by the value of a constant, the default of an option, the body of a helper', async () => {
    const code = inMethod(`${topic('T')} ${topic('o.getX()')} ${topic('g("a")')}`);
    for (const [from, to] of [
      ['"t"', '"u"'],
      ['String("d")', 'String("e")'],
      ['Object r = s;', 'Object r = s.x();'],
    ] as const) {
      assert.notDeepEqual(await hashes(code.replace(from, to)), await hashes(code), to);
    }
  });
});

describe('Java methods of one name', () => {
  it('are each part of what a source consists of', async () => {
    const code = `import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.kafka.KafkaIO;
class Times {
  static long at(String s) { long r = s.length(); return r; }
  static long at(String s, int n) { long r = s.length() + n; return r; }
}
class A {
  void f(Pipeline p) {
    p.apply(KafkaIO.readBytes().withTimestampFn(x -> Times.at("a") + Times.at("b", 2)));
  }
}
`;
    const before = await hashes(code);
    assert.equal(before.length, 1);
    for (const [from, to] of [
      ['s.length();', 's.length() * 2;'],
      ['s.length() + n', 's.length() - n'],
    ] as const) {
      assert.ok(code.includes(from));
      assert.notDeepEqual(await hashes(code.replace(from, to)), before, from);
    }
  });
});

/** Where the literals of a text are. */
function literals(text: string, from: number, to: number): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (const match of text
    .slice(from, to)
    .matchAll(/"(?:[^"\\\n]|\\.)*"|(?<![\w.])\d[\d_]*(?!\w)/g)) {
    found.push({ start: from + match.index, end: from + match.index + match[0].length });
  }
  return found;
}

function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset + character;
}

describe('Java signatures differ after mutations', () => {
  for (const { name, text } of fixtures) {
    it(`${name}: every literal of every source, and its removal`, async () => {
      const before = await hashes(text);
      let mutations = 0;
      for (const source of await sourcesOf(text)) {
        const start = offsetOf(text, source.range.start);
        const end = offsetOf(text, source.range.end);
        for (const literal of literals(text, start, end)) {
          const old = text.slice(literal.start, literal.end);
          const mutated = old.startsWith('"') ? `${old.slice(0, -1)}x"` : `${old}1`;
          const after = text.slice(0, literal.start) + mutated + text.slice(literal.end);
          assert.notDeepEqual(await hashes(after), before, `${source.label}: ${old}`);
          mutations++;
        }
        const without = `${text.slice(0, start)}ParDo.of(null)${text.slice(end)}`;
        const left = await sourcesOf(without);
        assert.ok(
          !left.some(
            ({ signature, range }) =>
              signature.hash === source.signature.hash &&
              range.start.line === source.range.start.line,
          ),
          source.label,
        );
      }
      assert.ok(mutations > 10, `${mutations} mutations`);
    });
  }

  it('every line of what a source consists of', async () => {
    const { text } = fixtures.find(({ name }) => name === 'UserDefined.java')!;
    const MUTATIONS: [string, string, string][] = [
      ['fromTopic(topic)', 'fromTopic(topic + "x")', 'Clicks'],
      ['Click.parser(users)', 'Click.parser(users + 1)', 'Clicks'],
      ['users = 10', 'users = 11', 'Clicks'],
      ['text.substring(STEP)', 'text.substring(1 + STEP)', 'Clicks'],
      ['this.user = user', 'this.user = user.trim()', 'Clicks'],
      ['out.output(i * STEP)', 'out.output(i + STEP)', 'Tail'],
      ['GenerateSequence.from(STEP)', 'GenerateSequence.from(STEP + 1)', 'Anonymous'],
      ['STEP = 3', 'STEP = 4', 'Anonymous'],
      ['STEP = 3', 'STEP = 4', 'Kafka'],
      ['millis * STEP', 'millis', 'Kafka'],
      ['parsed + 1', 'parsed + 2', 'Referenced'],
      ['Create.of(1L, 2L)', 'Create.of(1L)', 'Seeds'],
    ];
    for (const [from, to, label] of MUTATIONS) {
      assert.ok(text.includes(from), from);
      const hash = async (code: string) =>
        (await sourcesOf(code)).find((one) => one.label === label)?.signature.hash;
      assert.notEqual(await hash(text.replace(from, to)), await hash(text), `${from} → ${to}`);
    }
  });
});
