import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { analyzerFor, analyzeText } from '../../../server/src/language/language.js';
import { annotate, fixturesOf, type Fixture } from './fixtures.js';
import { random, runSeed } from './random.js';
import { editAtRandom } from './randomEdits.js';
import { localsRenamer } from './renameLocals.js';
import { analyzeWithinASecond } from './withinASecond.js';

interface Language {
  id: string;
  fixtures: Fixture[];
  atLeast: number;
  /** Changes a whole file without changing what it reads. */
  harmless: Record<string, (text: string) => string>;
  /** What is typed in the property test. */
  pieces: string[];
  /** A declaration that has nothing to do with sources. */
  besides: (index: number) => string;
}

const shared: Language['harmless'] = {
  'no comments': (text) => text.replace(/^\s*\/\/.*\n/gm, ''),
  'more comments': (text) => text.replace(/([)}])$/gm, '$1 // ) " ` note'),
  'blank lines': (text) =>
    text.replace(/^(\s*)(return|for|if|func|const|export|function)\b/gm, '\n\n$1$2'),
  CRLF: (text) => text.replace(/\n/g, '\r\n'),
  'byte order mark': (text) => `\ufeff${text}`,
};

const languages: Language[] = [
  {
    id: 'go',
    fixtures: fixturesOf('go', '.go', '//'),
    atLeast: 20,
    harmless: {
      ...shared,
      'other indentation': (text) => text.replace(/^\t+/gm, (tabs) => '  '.repeat(tabs.length)),
      'other local names': (text) =>
        text.replace(
          /(?<![".\w/])(clicks|position|suffix|local|opts|options|imp|rt)\b(?![":/])/g,
          '$1Renamed',
        ),
      'other names of every parameter and local variable': await localsRenamer('go'),
      'other alias of beam': (text) =>
        text
          .replace(
            '"github.com/apache/beam/sdks/v2/go/pkg/beam"',
            'ab "github.com/apache/beam/sdks/v2/go/pkg/beam"',
          )
          .replace(/(?<![/\w])beam\.(?=[A-Z])/g, 'ab.'),
      'raw strings': (text) => text.replace(/(?<=ps\.Read.*|Scope\()"([^"\\\n]*)"/g, '`$1`'),
      moved: (text) =>
        text.replace(/^func main/m, 'func unrelated() int {\n\treturn 1\n}\n\nfunc main'),
      'more code at the end': (text) => `${text}\nfunc unrelated(x int) int { return x | 1 }\n`,
      'downstream code': (text) =>
        text.replace(/beam\.ParDo0\(s, print, /g, 'beam.ParDo0(s, println, '),
    },
    besides: (index) => `\nfunc besides${index}(x int) int {\n\treturn x + scale(${index})\n}\n`,
    pieces: [
      'func f() {\n',
      'import (\n',
      '"',
      '`',
      '/*',
      '*/',
      '//',
      '\n',
      '{',
      '}',
      '(',
      ')',
      's',
      ' ',
      'pubsubio.Read(s, "p", x)\n',
      ':= ',
      'var x = 1\n',
      '\r',
      '😀',
      '\ud83d',
    ],
  },
  {
    id: 'typescript',
    fixtures: fixturesOf('typescript', '.ts', '//'),
    atLeast: 15,
    harmless: {
      ...shared,
      'other indentation': (text) => text.replace(/^ +/gm, (spaces) => spaces.repeat(2)),
      'other quotes': (text) => text.replace(/"([^"'\n\\]*)"/g, "'$1'"),
      'no types': (text) =>
        text
          .replace(/: PCollection<number>|: string(?=[),])/g, '')
          .replace('static readonly', 'static'),
      'other local names': (text) =>
        text.replace(/(?<![".\w])(clicks|read|settings)\b(?=[ ;)(.,])(?!:)/g, '$1Renamed'),
      'other names of every parameter and local variable': await localsRenamer('typescript'),
      'other alias of beam': (text) =>
        text.replace('* as beam', '* as b').replace(/\bbeam\./g, 'b.'),
      'order of fields': (text) =>
        text.replace(
          'topic: TOPIC, timestampAttribute: "ts"',
          'timestampAttribute: "ts", topic: TOPIC',
        ),
      'no semicolons': (text) => text.replace(/;$/gm, ''),
      moved: (text) =>
        text.replace(
          /^async function (main|pipeline)/m,
          'export const unrelated = 1;\n\nasync function $1',
        ),
      'downstream code': (text) =>
        text.replace('map(String)', 'map(JSON.stringify)').replace('n + 1', 'n + 2'),
    },
    besides: (index) =>
      `\nfunction besides${index}(x) {\n  return [x, topic].map(y => y + ${index});\n}\n`,
    pieces: [
      'function f() {\n',
      'import x from "y";\n',
      '"',
      '`',
      '${',
      '/*',
      '*/',
      '//',
      '/',
      '\n',
      '{',
      '}',
      '(',
      ')',
      ' ',
      'root.apply(beam.create([1]));\n',
      '= ',
      'const x = 1\n',
      '\r',
      '😀',
      '\ud83d',
    ],
  },
];

async function hashes(name: string, text: string): Promise<string[]> {
  const { sources } = await analyzeText(name, text);
  return sources.map(({ label, signature }) => `${label} ${signature.hash}`).sort();
}

function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset + character;
}

for (const { id, fixtures, harmless, pieces, besides, atLeast } of languages) {
  describe(`Sources of annotated ${id} files`, () => {
    for (const fixture of fixtures) {
      it(fixture.name, async () => {
        const file = await analyzeText(fixture.name, fixture.text);
        assert.deepEqual(file.syntaxErrors, []);
        const annotated = annotate(fixture, file);
        if (process.env['UPDATE_FIXTURES'] === '1') writeFileSync(fixture.path, annotated);
        else assert.equal(annotated, fixture.text);
      });
    }

    it('are enough to mean something', async () => {
      const files = await Promise.all(fixtures.map(({ name, text }) => analyzeText(name, text)));
      const count = files.flatMap((file) => file.sources).length;
      assert.ok(count >= atLeast, `${count} sources`);
    });
  });

  describe(`Signatures of ${id}`, () => {
    for (const { name, text } of fixtures) {
      for (const [edit, apply] of Object.entries(harmless)) {
        it(`${name}: stay equal under ${edit}`, async () => {
          assert.deepEqual(await hashes(name, apply(text)), await hashes(name, text));
        });
      }

      it(`${name}: differ after a change of any literal of any source`, async () => {
        const before = await hashes(name, text);
        let mutations = 0;
        for (const source of (await analyzeText(name, text)).sources) {
          const start = offsetOf(text, source.range.start);
          const code = text.slice(start, offsetOf(text, source.range.end));
          for (const match of code.matchAll(
            /"[^"\n{}]+"|'[^'\n{}]+'|`[^`\n{}]+`|(?<![\w.$])\d+(?![\w.])/g,
          )) {
            const at = start + match.index + (/^\d/.test(match[0]) ? 0 : 1);
            const mutated = `${text.slice(0, at)}1${text.slice(at)}`;
            assert.notDeepEqual(
              await hashes(name, mutated),
              before,
              `${source.label}: ${match[0]}`,
            );
            mutations++;
          }
        }
        assert.ok(mutations > 3, `${mutations} mutations`);
      });

      it(`${name}: are fewer after the removal of any source`, async () => {
        const { sources } = await analyzeText(name, text);
        for (const { range, signature } of sources) {
          const start = offsetOf(text, range.start);
          const without = `${text.slice(0, start)}nothing()${text.slice(offsetOf(text, range.end))}`;
          const left = (await analyzeText(name, without)).sources;
          const isSame = (one: (typeof left)[number]): boolean =>
            one.signature.hash === signature.hash && one.range.start.line === range.start.line;
          assert.ok(!left.some(isSame), signature.label);
        }
      });
    }

    it('every harmless edit changes some fixture', () => {
      for (const [edit, apply] of Object.entries(harmless)) {
        assert.ok(
          fixtures.some(({ text }) => apply(text) !== text),
          edit,
        );
      }
    });
  });

  describe(`Incremental analysis of ${id}`, function () {
    this.timeout(120_000);
    it('equals analysis from scratch after any sequence of edits', async () => {
      const seed = runSeed();
      const edits = { pieces, steps: 400, restoreEvery: 10, seed };
      for (const { text } of fixtures) await editAtRandom(analyzerFor(id)!, text, edits);
    });

    it('equals it in a text most of which has nothing to do with its sources', async () => {
      const [{ text }] = fixtures as [Fixture];
      const seed = runSeed();
      const long = text + Array.from({ length: 40 }, (_, index) => besides(index)).join('');
      const edits = { pieces, steps: 300, restoreEvery: 3, seed, hasOutline: false as const };
      await editAtRandom(analyzerFor(id)!, long, edits);
    });

    it('never throws nor takes a second, whatever the text', async () => {
      const seed = runSeed();
      const { below, pick } = random(seed);
      const { name, text: head } = fixtures[0]!;
      const nested = ['(', '[', '{', 'f(', '!', '"a"+'].map((part) => head + part.repeat(5_000));
      const cut = Array.from({ length: 60 }, () => head.slice(0, below(head.length)));
      const noise = Array.from(
        { length: 60 },
        () => head + Array.from({ length: 200 }, () => pick(pieces)).join(''),
      );
      const bytes = Array.from(
        { length: 20 },
        () => head + String.fromCharCode(...Array.from({ length: 300 }, () => below(65_536))),
      );
      for (const text of [...nested, ...cut, ...noise, ...bytes]) {
        await analyzeWithinASecond(name, text);
      }
    });
  });
}
