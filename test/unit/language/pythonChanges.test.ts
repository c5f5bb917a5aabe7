import assert from 'node:assert/strict';
import { analyzeText } from '../../../server/src/language/language.js';
import { explainDifference } from '../../../server/src/language/signature.js';
import type { SourceSignature } from '../../../server/src/language/source.js';
import { pythonFixtures } from './fixtures.js';

const { text: changed } = pythonFixtures.find(({ name }) => name === 'changed.py')!;

async function signatures(text: string): Promise<Map<string, SourceSignature>> {
  const { sources, syntaxErrors } = await analyzeText('changed.py', text);
  assert.deepEqual(syntaxErrors, []);
  return new Map(sources.map(({ label, signature }) => [label, signature]));
}

/** Labels of the sources whose signatures are not those before. */
function differing(
  before: Map<string, SourceSignature>,
  after: Map<string, SourceSignature>,
): string[] {
  const labels = new Set([...before.keys(), ...after.keys()]);
  return [...labels].filter((label) => before.get(label)?.hash !== after.get(label)?.hash).sort();
}

describe('What is changed elsewhere than where it is made', () => {
  it('is part of the signatures of just those sources that read it', async () => {
    const before = await signatures(changed);
    const lines = changed.split('\n');
    let mutations = 0;
    for (const [index, line] of lines.entries()) {
      const [code = '', labels] = line.split('  # → ');
      if (labels === undefined) continue;
      const expected = labels === 'nothing' ? [] : labels.split(', ').sort();
      // The last literal, and the statement as a whole.
      const value = code.replace(/('[^']*'|\d+|True)(?=[^'\d]*$)/, (literal) =>
        literal.startsWith("'") ? `${literal.slice(0, -1)}x'` : `${literal} + 11`,
      );
      const none = code.replace(/\S.*/, code.trimEnd().endsWith(':') ? 'if True:' : 'pass');
      const isMade = /^\s*(?:parser\.|[A-Z]+ = |self\.\w+ = )|^ {4}[a-z]\w* = /.test(code);
      for (const edited of isMade ? [value] : [value, none]) {
        const text = [...lines.slice(0, index), edited, ...lines.slice(index + 1)].join('\n');
        const where = `line ${index + 1}: ${code.trim()} → ${edited.trim()}`;
        if (edited === code) continue;
        assert.deepEqual(differing(before, await signatures(text)), expected, where);
        mutations++;
      }
    }
    assert.ok(mutations > 50, `${mutations} mutations`);
  });

  const HEAD = `import apache_beam as beam
from apache_beam.io import ReadFromPubSub
from apache_beam.transforms.periodicsequence import PeriodicImpulse
p = beam.Pipeline()
`;
  const WORDS: Record<string, [before: string, from: string, to: string, words: string]> = {
    'an attribute of a class': [
      "class C:\n    t = 'a'\nC.t = 'b'\np | ReadFromPubSub(C.t)",
      "'b'",
      "'c'",
      'topic: "b" → "c"',
    ],
    'an attribute of an object': [
      "class C:\n    t = 'a'\nc = C()\nc.t = 'b'\np | ReadFromPubSub(c.t)",
      "'b'",
      "'c'",
      'topic: "b" → "c"',
    ],
    'a condition': [
      "d = {'t': 'a'}\nif x:\n    d['t'] = 'b'\np | ReadFromPubSub(d['t'])",
      'if x',
      'if y',
      'topic: "a", changed by(x: ["t"] = "b") → "a", changed by(y: ["t"] = "b")',
    ],
    'a nested key': [
      "d = {'a': {'topic': 'a'}}\nd['a']['topic'] = 'b'\np | ReadFromPubSub(**d['a'])",
      "'b'",
      "'c'",
      'topic: "b" → "c"',
    ],
    'what a function is given that sets it': [
      "class C:\n    t = 'a'\ndef use(t, u):\n    C.t = t\ndef main(t):\n    use(t, 'u')\nmain('b')\np | ReadFromPubSub(C.t)",
      "'b'",
      "'c'",
      'topic: …"b")) → …"c"))',
    ],
    'a key that another method sets': [
      "class J:\n    def __init__(self):\n        self.d = {}\n    def set(self):\n        self.d['t'] = 1\n    def run(self, p):\n        p | PeriodicImpulse(data=self.d['t'])",
      '= 1',
      '= 2',
      'data: {}["t"], changed by(.d["t"] = 1) → {}["t"], changed by(.d["t"] = 2)',
    ],
    'a transform': [
      's = PeriodicImpulse(1)\ns.rate = 5\np | s',
      '5',
      '6',
      'changes: .rate = 5 → .rate = 6',
    ],
    "a transform's class": [
      'class T(beam.PTransform):\n    rate = 1\n    def expand(self, p):\n        return p | PeriodicImpulse(self.rate)\nT.rate = 4\np | T()',
      '= 4',
      '= 5',
      'changes of T: .rate = 4 → .rate = 5',
    ],
    'an attribute of a class that a transform reads': [
      "class C:\n    t = 'a'\n    other = 1\nclass T(beam.PTransform):\n    def expand(self, p):\n        return p | ReadFromPubSub(C.t)\nC.t = 'b'\nC.other = 2\np | T()",
      "'b'",
      "'c'",
      'C.t: "b" → "c"',
    ],
  };
  for (const [name, [before, from, to, words]] of Object.entries(WORDS)) {
    it(`is told in words: ${name}`, async () => {
      const [was] = (await signatures(HEAD + before)).values();
      const [is] = (await signatures(HEAD + before.replace(from, to))).values();
      assert.ok(was && is);
      assert.equal(explainDifference(was, is), words);
    });
  }
});
