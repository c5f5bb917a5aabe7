import assert from 'node:assert/strict';
import {
  limitsOfSource,
  parseSourceLimits,
  sourceLimits,
} from '../../../server/src/recording/sourceLimits.js';

const common = { durationMs: 60_000, maxBytes: 1e9, maxElements: 1e6 };

describe('limits of a source', () => {
  it('are the common ones, but for what its label matches, in order', () => {
    const overrides = [
      parseSourceLimits('Cl*:elements=10k,duration=5m'),
      parseSourceLimits('Clicks:elements=5'),
    ];
    assert.deepEqual(limitsOfSource(common, overrides, 'Rides'), common);
    assert.deepEqual(limitsOfSource(common, overrides, 'Clouds'), {
      ...common,
      durationMs: 300_000,
      maxElements: 10_000,
    });
    assert.deepEqual(limitsOfSource(common, overrides, 'Clicks'), {
      ...common,
      durationMs: 300_000,
      maxElements: 5,
    });
  });

  it('belong to labels with colons and signs of patterns', () => {
    assert.equal(parseSourceLimits('Read: a/b:size=1MB').pattern, 'Read: a/b');
    const isLimited = (pattern: string, label: string) =>
      limitsOfSource(common, [parseSourceLimits(`${pattern}:elements=1`)], label).maxElements === 1;
    assert.ok(isLimited('Read (*)', 'Read (x.y)'));
    assert.ok(!isLimited('Read.*', 'ReadX'));
    assert.ok(!isLimited('Read', 'Reads'));
  });

  for (const [text, message] of [
    ['Clicks', /names no source and its limit.*Example/],
    [':elements=5', /names no source/],
    ['Clicks:elements', /"elements" is not LIMIT=VALUE/],
    ['Clicks:elements=-5', /"-5" is negative/],
    ['Clicks:elements=0', /"0" is zero/],
    ['Clicks:elements=NaN', /"NaN" is not a count/],
    ['Clicks:speed=5', /"speed" is not a limit of a source. Limits: duration, size, elements/],
    ['Clicks:constructor=5', /"constructor" is not a limit/],
    ['Clicks:elements=5,elements=6', /"elements" is given twice/],
    ['Clicks:duration=5', /needs a unit/],
  ] as const) {
    it(`refuses ${text}`, () => {
      assert.throws(() => parseSourceLimits(text), { message });
    });
  }

  it('refuses what a setting may hold by mistake', () => {
    assert.throws(() => sourceLimits('Clicks', { elements: true }), /neither text nor a number/);
    assert.throws(() => sourceLimits('', {}), /label of a source is empty/);
    assert.deepEqual(sourceLimits('Clicks', { elements: 7 }).limits, { maxElements: 7 });
  });
});
