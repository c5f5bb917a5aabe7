import assert from 'node:assert/strict';
import { limitsOf, recordingSettingsOf } from '../../../server/src/features/recordingSettings.js';
import { defaultSettings } from '../../../server/src/features/settings.js';

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

describe('recordingSettingsOf', () => {
  it('reads the limits of sources and of the store', () => {
    const limits = {
      ...defaultSettings.limits,
      store: '10GB',
      sources: { 'Cl*': { elements: '10k', duration: '5m' } },
    };
    const settings = recordingSettingsOf({ ...defaultSettings, limits, recordTogether: true });
    assert.equal(settings.maxStoreBytes, 1e10);
    assert.equal(settings.recordTogether, true);
    assert.equal(settings.watermarkResolutionMs, 1000);
    assert.equal(settings.keepRecordings, 3);
    assert.deepEqual(settings.sourceLimits, [
      { pattern: 'Cl*', limits: { maxElements: 10_000, durationMs: 300_000 } },
    ]);
  });

  it('names the setting that cannot be read', () => {
    const withSources = (sources: Record<string, Record<string, unknown>>) => () =>
      recordingSettingsOf({ ...defaultSettings, limits: { ...defaultSettings.limits, sources } });
    assert.throws(withSources({ Clicks: { elements: 0 } }), {
      message: /^Setting beamRewind\.limits\.sources: "0" is zero/,
    });
    assert.throws(withSources({ Clicks: { speed: 1 } }), /"speed" is not a limit/);
    const retention = { recordings: 0 };
    assert.throws(() => recordingSettingsOf({ ...defaultSettings, retention }), {
      message: /^Setting beamRewind\.retention\.recordings: "0" is zero/,
    });
  });
});
