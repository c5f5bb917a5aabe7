import assert from 'node:assert/strict';
import stringWidth from 'string-width';
import {
  progressFraction,
  progressLine,
  progressText,
} from '../../../server/src/cli/progressLine.js';
import type { RecordingProgress } from '../../../server/src/session/session.js';

const limits = { durationMs: 60_000, maxBytes: 1e6, maxElements: 5000 };

/** Progress of sources with these elements and bytes, 15 of 60 s. */
function after15s(...amounts: [elements: number, bytes: number][]): RecordingProgress {
  const sources = amounts.map(([elements, bytes], i) => ({
    pipeline: 'p',
    label: `s${i}`,
    elements,
    bytes,
  }));
  return {
    elements: amounts.reduce((sum, [elements]) => sum + elements, 0),
    bytes: amounts.reduce((sum, [, bytes]) => sum + bytes, 0),
    elapsedMs: 15_000,
    limits,
    sources,
  };
}

const plain = (_style: unknown, text: string) => text;

describe('progressFraction', () => {
  it('is that of the nearest limit', () => {
    assert.equal(progressFraction(after15s([100, 100])), 0.25);
    assert.equal(progressFraction(after15s([2500, 100])), 0.5);
    assert.equal(progressFraction(after15s([100, 800_000])), 0.8);
  });

  it('takes the limits of elements and bytes as those of each source', () => {
    assert.equal(progressFraction(after15s([2000, 0], [2500, 0])), 0.5);
  });

  it('is at most one, and the time alone without sources', () => {
    assert.equal(progressFraction(after15s([9000, 0])), 1);
    assert.equal(progressFraction(after15s()), 0.25);
  });
});

describe('progressLine', () => {
  it('fits into any terminal', () => {
    for (let width = 1; width <= 200; width += 1)
      for (const progress of [after15s([1, 1]), after15s([1240, 58_000], [1e6, 1e12])])
        assert.ok(stringWidth(progressLine(progress, width, plain)) < Math.max(width, 2));
  });

  it('leaves out limits, then the bar, where it is narrow', () => {
    const progress = after15s([1240, 58_000]);
    const bar = (width: number) =>
      '━'.repeat(Math.floor(width / 4)) + '╌'.repeat(width - Math.floor(width / 4));
    assert.equal(
      progressLine(progress, 90, plain),
      `${bar(29)}  25%  1,240 of 5,000 elements  58 kB of 1 MB  15s of 1m`,
    );
    assert.equal(progressLine(progress, 60, plain), `${bar(19)}  25%  1,240 elements  58 kB  15s`);
    assert.equal(progressLine(progress, 35, plain), '25%  1,240 elements  58 kB  15s');
    assert.equal(progressLine(progress, 20, plain), '25%  1,240 element…');
  });
});

describe('progressText', () => {
  it('compares the amounts with their limits', () => {
    assert.equal(
      progressText(after15s([1240, 58_000])),
      'recording: 1,240 of 5,000 elements, 58 kB of 1 MB, 15s of 1m',
    );
  });

  it('multiplies the limits of several sources', () => {
    assert.equal(
      progressText(after15s([1000, 58_000], [240, 0])),
      'recording: 1,240 of 2 × 5,000 elements, 58 kB of 2 × 1 MB, 15s of 1m',
    );
  });
});
