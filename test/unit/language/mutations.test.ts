import assert from 'node:assert/strict';
import { analyzeText } from '../../../server/src/language/language.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import { fixturesOf, pythonFixtures, yamlFixtures, type Fixture } from './fixtures.js';

interface Language {
  fixtures: Fixture[];
  /** The text with one source more. */
  add: (text: string) => string;
  /** An argument by its name, or the call that sets it, to be taken out of a source. */
  argument: RegExp;
}

const LANGUAGES: Record<string, Language> = {
  python: {
    fixtures: pythonFixtures,
    add: (text) => `${text}\nadded = beam.Pipeline()\nadded | 'Added' >> beam.Create([1])\n`,
    argument: /, \w+=(?:[\w.]+|'[^']*')(?=[,)])/g,
  },
  yaml: {
    fixtures: yamlFixtures,
    add: (text) =>
      `${text}\n---\npipeline:\n  transforms:\n    - {type: Create, name: Added, config: {elements: [1]}}\n`,
    argument: /^ +(?!name|type|input|size|period)\w+: ["']?[\w/.:-]+["']?\n/gm,
  },
  java: {
    fixtures: fixturesOf('java', '.java', '//'),
    add: (text) =>
      text.replace(
        /\}\s*$/,
        '  void added(org.apache.beam.sdk.Pipeline added) {\n    added.apply("Added", org.apache.beam.sdk.transforms.Create.of(1));\n  }\n}\n',
      ),
    argument: /\s*\.(?:with|from|to)[A-Z]\w*\((?:"[^"]*"|\w*)\)/g,
  },
  go: {
    fixtures: fixturesOf('go', '.go', '//'),
    add: (text) =>
      `${text}\nfunc added() {\n\tadded, s := beam.NewPipelineWithRoot()\n\tbeam.Create(s, 99)\n\t_ = added\n}\n`,
    argument: /(?<=[{,] ?)\w+: (?:"[^"]*"|\w+),? ?/g,
  },
  typescript: {
    fixtures: fixturesOf('typescript', '.ts', '//'),
    add: (text) =>
      `${text}\nimport * as added from "apache-beam";\nnew added.Runner().run((q) => q.apply(added.create([99])));\n`,
    argument: /(?<=[{,] ?)\w+: (?:"[^"]*"|\w+),? ?/g,
  },
};

async function sourcesOf({ path, name }: Fixture, text: string): Promise<PipelineSource[]> {
  return (await analyzeText(name === 'main.py' ? path : name, text)).sources;
}

const hashesOf = (sources: readonly PipelineSource[]): string[] =>
  sources.map(({ label, signature }) => `${label} ${signature.hash}`).sort();

function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  let offset = 0;
  for (let i = 0; i < line; i++) offset = text.indexOf('\n', offset) + 1;
  return offset + character;
}

for (const [id, { fixtures, add, argument }] of Object.entries(LANGUAGES)) {
  describe(`Mutations of ${id}`, () => {
    /** Applies a mutation to the text of each source, in all fixtures; those that leave the text alone do not count. */
    async function mutateEach(
      mutations: (source: PipelineSource, code: string) => string[],
      atLeast: number,
    ): Promise<void> {
      let count = 0;
      for (const fixture of fixtures) {
        const { text } = fixture;
        const before = await sourcesOf(fixture, text);
        const expected = hashesOf(before);
        for (const source of before) {
          const start = offsetOf(text, source.range.start);
          const end = offsetOf(text, source.range.end);
          const code = text.slice(start, end);
          for (const mutated of mutations(source, code)) {
            if (mutated === code) continue;
            const after = await sourcesOf(
              fixture,
              text.slice(0, start) + mutated + text.slice(end),
            );
            const words = `${fixture.name}, ${source.label}: ${code} → ${mutated}`;
            assert.notDeepEqual(hashesOf(after), expected, words);
            count++;
          }
        }
      }
      assert.ok(count >= atLeast, `${count} mutations`);
    }

    it('an argument that is taken out is a difference', () =>
      mutateEach(
        (_, code) =>
          [...code.matchAll(argument)].map(
            ({ 0: all, index }) => code.slice(0, index) + code.slice(index + all.length),
          ),
        5,
      ));

    it('another transform is a difference', () =>
      mutateEach(({ transformName }, code) => {
        const last = transformName.replace(/^.*\./, '');
        const at = last === '' ? -1 : code.search(new RegExp(`\\b${last}\\b(?!["'])`));
        return at < 0 ? [] : [`${code.slice(0, at)}Another${code.slice(at + last.length)}`];
      }, 10));

    it('another label is a difference', () =>
      mutateEach(({ label }, code) => {
        const own = label.replace(/^.*\//, '');
        const at = code.search(
          new RegExp(`(?<=["'\`]|name: )${own.replace(/\W/g, '\\$&')}(?=["'\`\\n])`),
        );
        return at < 0 ? [] : [`${code.slice(0, at)}Other ${code.slice(at)}`];
      }, 4));

    it('a source more is one source more, and no other is different', async () => {
      for (const fixture of fixtures) {
        const before = hashesOf(await sourcesOf(fixture, fixture.text));
        const after = hashesOf(await sourcesOf(fixture, add(fixture.text)));
        assert.equal(after.length, before.length + 1, fixture.name);
        for (const hash of before) assert.ok(after.includes(hash), `${fixture.name}: ${hash}`);
      }
    });
  });
}
