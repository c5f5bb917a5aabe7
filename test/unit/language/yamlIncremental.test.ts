import assert from 'node:assert/strict';
import { analyzerFor } from '../../../server/src/language/language.js';
import { yamlFixtures as fixtures } from './fixtures.js';
import { random, runSeed } from './random.js';
import { editAtRandom } from './randomEdits.js';
import { analyzeWithinASecond } from './withinASecond.js';

const yaml = analyzerFor('yaml')!;
const PIECES = [
  ...Array.from('abx1 -:[]{}&*#,|>\'"\\!?%\n\r\t@`é😀'),
  '\r\n',
  '\n    ',
  '\n    - type: ReadFromPubSub\n',
  '- ',
  ': ',
  'pipeline:\n',
  '  transforms:\n',
  '---\n',
  '...\n',
  '{{ x }}',
  '{% if x %}',
  '{% for x in y %}',
  '{% endfor %}',
  '{#',
  '<<: *kafka\n',
  '&a ',
  '*a',
  '|\n',
  '# note\n',
  '\ufeff',
  '\ud83d',
];

const edits = { pieces: PIECES, restoreEvery: 30 };

describe('Incremental analysis of Beam YAML', function () {
  this.timeout(120_000);

  it('equals analysis from scratch after any sequence of edits', async () => {
    const seed = runSeed();
    for (const newline of ['\n', '\r\n', '\r'])
      for (const { text } of fixtures)
        await editAtRandom(yaml, text.replace(/\n/g, newline), { ...edits, steps: 100, seed });
  });

  it('parses no more than the transform that is edited', async () => {
    // A transform that does not parse leaves what is known of the others as it is.
    const transform = (name: string, more = ''): string =>
      `    - type: ReadFromPubSub\n      name: ${name}\n      config: {topic: t${more}}\n`;
    const text = `pipeline:\n  transforms:\n${transform('A')}${transform('B', ', "')}${transform('C')}options: {}\n`;
    const document = await yaml.open(text);
    const { sources, syntaxErrors } = document.file();
    assert.ok(sources.some(({ label }) => label === 'A'));
    assert.ok(sources.some(({ label }) => label === 'C'));
    assert.ok(syntaxErrors.length > 0);
    assert.ok(syntaxErrors.every(({ start }) => start.line >= 5 && start.line <= 8));
  });
});

describe('YAML that is none', function () {
  this.timeout(120_000);
  const HEAD = 'pipeline:\n  transforms:\n    - type: ReadFromPubSub\n';

  it('random bytes and code units', async () => {
    const { below } = random(runSeed());
    for (let i = 0; i < 30; i++) {
      const bytes = Buffer.from(Array.from({ length: 2_000 }, () => below(256)));
      await all(HEAD + bytes.toString(i % 2 ? 'latin1' : 'utf8'));
      await all(HEAD + String.fromCharCode(...Array.from({ length: 2_000 }, () => below(65_536))));
    }
  });

  it('shuffled tokens of real files, and every truncation', async () => {
    const { pick } = random(runSeed());
    for (const { text } of fixtures) {
      const tokens = text.split(/(\s+|\b)/);
      for (let i = 0; i < 10; i++)
        await all(HEAD + Array.from({ length: 500 }, () => pick(tokens)).join(''));
      for (let end = 0; end < text.length; end += 41) await all(text.slice(0, end));
    }
  });

  const N = 2_000;
  const nested = (depth: number): string =>
    Array.from({ length: depth }, (_, i) => {
      const pad = '  '.repeat(2 * i + 2);
      return `${pad}transforms:\n${pad}- type: composite\n`;
    })
      .join('')
      .replace(/^ {4}/, '  ');
  const DEEP: Record<string, string> = {
    brackets: `${HEAD}      config: ${'['.repeat(N)}`,
    'closed brackets': `${HEAD}      config: ${'['.repeat(N)}${']'.repeat(N)}`,
    braces: `${HEAD}      config: ${'{a: '.repeat(N)}`,
    lists: `${HEAD}      config:\n        ${'- '.repeat(N)}a\n`,
    composites: `pipeline:\n${nested(150)}`,
    'aliases of aliases': `${Array.from({ length: 40 }, (_, i) => `a${i}: &a${i} [${`*a${i - 1}, `.repeat(9)}]\n`).join('')}${HEAD}      config: {topic: *a39}\n`,
    'an alias of itself': `pipeline:\n  transforms: &t\n    - type: composite\n      transforms: *t\n`,
    'a merge of itself': `a: &a\n  <<: *a\n${HEAD}      config: *a\n`,
    'many transforms': HEAD + '    - type: ReadFromPubSub\n'.repeat(N),
    'one line': `${HEAD}      name: ${'a'.repeat(1_000_000)}\n`,
    'open templates': `${HEAD}${'{{ '.repeat(N)}${'{% for a in b %}\n'.repeat(N)}`,
    'statements of templates': `${HEAD}${'{% for a in b %}\n'.repeat(N)}    - type: ReadFromPubSub\n`,
  };
  for (const [name, text] of Object.entries(DEEP)) {
    it(`deep or long: ${name}`, async () => {
      await all(text);
    });
  }

  async function all(text: string): Promise<void> {
    await analyzeWithinASecond('pipeline.yaml', text);
  }
});
