import assert from 'node:assert/strict';
import { staleDiagnostics } from '../../../server/src/features/diagnostics.js';
import { changedDefinitions } from '../../../server/src/features/changedDefinitions.js';
import { sourceOf } from './sample.js';

describe('staleDiagnostics', () => {
  const source = sourceOf('Clicks', 'rate=20', 3);

  it('warns on the range of a stale source, with the reason', () => {
    const stale = {
      pipeline: 'p',
      label: 'Clicks',
      state: 'stale' as const,
      reason: 'rate: 10 → 20',
    };
    assert.deepEqual(staleDiagnostics([{ ...stale, source }]), [
      {
        range: source.range,
        severity: 2,
        source: 'Beam Rewind',
        code: 'stale-recording',
        message: 'Recording is stale: rate: 10 → 20',
      },
    ]);
  });

  it('warns of a damaged recording, with the place', () => {
    const damaged = { pipeline: 'p', label: 'Clicks', state: 'damaged' as const, reason: 'here' };
    const [warning] = staleDiagnostics([{ ...damaged, source }]);
    assert.equal(warning?.code, 'damaged-recording');
    assert.equal(warning.message, 'Recording is damaged: here');
  });

  it('is silent about every other state', () => {
    const states = ['none', 'recording', 'valid', 'removed', 'failed'] as const;
    const statuses = states.map((state) => ({ pipeline: 'p', label: 'Clicks', state, source }));
    assert.deepEqual(staleDiagnostics(statuses), []);
  });
});

describe('changedDefinitions', () => {
  const changed = (name: string, texts: Record<string, string>): string[] =>
    changedDefinitions(
      { definitions: { [name]: 'a', Same: 's' } },
      { definitions: { [name]: 'b', Same: 's' } },
      () => new Map(Object.entries(texts)),
    ).map(({ location: { uri, range } }) => `${uri} ${range.start.line}:${range.start.character}`);
  const SAME = 'class Same:\n';

  it('finds code and constants in the file of each language that defines them', () => {
    const DEFINED: [string, string][] = [
      ['Tick', `${SAME}class Tick(DoFn):\n  pass\nx = Tick()\n`],
      ['make', `${SAME}async def make(t):\n  return t\n`],
      ['EVERY', `${SAME}EVERY: float = 2\nprint(EVERY == 2)\n`],
      ['Reads.topic', `class Reads {\n  static String topic(String s) {\n    return topic(s);\n`],
      ['Reads.EVERY', `class Reads {\n  private static final long EVERY = 2;\n`],
      ['Fn', `package a\ntype Fn struct{}\nfunc (f *Fn) X() {}\n`],
      ['extract', `package a\nfunc extract(s string) string {\n`],
      ['readIt', `import x\nexport const readIt = (t) => x(t);\n`],
    ];
    for (const [name, text] of DEFINED) {
      const [place, ...others] = changed(name, {
        '/w/main.py': 'import parts\n',
        '/w/parts': text,
      });
      assert.match(place ?? '', /^file:\/\/\/w\/parts 1:\d+$/, name);
      assert.deepEqual(others, []);
    }
  });

  it('says nothing of what is defined in two places, or by number', () => {
    assert.deepEqual(changed('f', { '/a': 'def f():\n', '/b': 'def f():\n' }), []);
    assert.deepEqual(changed('@1', { '/a': '@1 = 2\n' }), []);
    assert.deepEqual(changed('f', { '/a': 'x = f()\n' }), []);
  });
});
