import assert from 'node:assert/strict';
import { defaultSettings, limitsOf } from '../../../server/src/features/settings.js';

describe('limitsOf', () => {
  it('reads the defaults', () => {
    assert.deepEqual(limitsOf(defaultSettings), {
      durationMs: 60_000,
      maxBytes: 1e9,
      maxElements: Infinity,
    });
  });

  it('takes a number of elements as a number or as text', () => {
    const withElements = (elements: number | string) =>
      limitsOf({ ...defaultSettings, limits: { ...defaultSettings.limits, elements } }).maxElements;
    assert.equal(withElements(5000), 5000);
    assert.equal(withElements('10k'), 10_000);
  });

  it('names the setting that cannot be read', () => {
    const limits = { ...defaultSettings.limits, size: 'much' };
    assert.throws(() => limitsOf({ ...defaultSettings, limits }), {
      message: /^Setting beamRewind\.limits\.size: "much" is not a size\..*512MB/,
    });
  });
});
