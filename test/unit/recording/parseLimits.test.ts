import assert from 'node:assert/strict';
import {
  formatCount,
  formatDuration,
  formatSize,
  parseCount,
  parseDuration,
  parseSize,
} from '../../../server/src/recording/parseLimits.js';

type Parse = (text: string) => number;

function accepts(parse: Parse, cases: Record<string, number>): void {
  for (const [text, expected] of Object.entries(cases))
    it(`reads "${text}" as ${expected}`, () => {
      assert.equal(parse(text), expected);
    });
}

function refuses(parse: Parse, cases: Record<string, string>): void {
  for (const [text, message] of Object.entries(cases))
    it(`refuses "${text}"`, () => {
      assert.throws(() => parse(text), { message });
    });
}

describe('parseDuration', () => {
  accepts(parseDuration, {
    '500ms': 500,
    '60s': 60_000,
    '5m': 300_000,
    '2h': 7_200_000,
    '1h30m': 5_400_000,
    '1d': 86_400_000,
    '1m 30s': 90_000,
    '1h 2m 3s 4ms': 3_723_004,
    '1.5h': 5_400_000,
    '0.25s': 250,
    ' 10 s ': 10_000,
  });
  const examples = 'Examples: 500ms, 60s, 5m, 1h30m.';
  refuses(parseDuration, {
    '': `The duration is empty. ${examples}`,
    ' ': `" " is empty. ${examples}`,
    '60': `"60" needs a unit (ms, s, m, h or d). ${examples}`,
    '-5s': `"-5s" is negative. ${examples}`,
    '-1': `"-1" is negative. ${examples}`,
    '0s': `"0s" is zero; it must be more. ${examples}`,
    '0h0m': `"0h0m" is zero; it must be more. ${examples}`,
    NaN: `"NaN" is not a duration. ${examples}`,
    Infinity: `"Infinity" is not a duration. ${examples}`,
    soon: `"soon" is not a duration. ${examples}`,
    '30m1h': `"30m1h" is not a duration. ${examples}`,
    '5m5m': `"5m5m" is not a duration. ${examples}`,
    '5M': `"5M" is not a duration. ${examples}`,
    '1e3s': `"1e3s" is not a duration. ${examples}`,
    '5min': `"5min" is not a duration. ${examples}`,
    '+5s': `"+5s" is not a duration. ${examples}`,
    '0.5ms': `"0.5ms" is not a whole number of milliseconds. ${examples}`,
    '0.0001ms': `"0.0001ms" is not a whole number of milliseconds. ${examples}`,
    '200000000000d': `"200000000000d" is too large. ${examples}`,
  });
});

describe('parseSize', () => {
  accepts(parseSize, {
    '1000': 1000,
    '1B': 1,
    '1kB': 1000,
    '1GB': 1e9,
    '1gb': 1e9,
    '512MB': 512e6,
    '64KiB': 65_536,
    '2MiB': 2_097_152,
    '1.5GiB': 1_610_612_736,
    '1.1GB': 1_100_000_000,
    '1 TB': 1e12,
    '9007199254740991': Number.MAX_SAFE_INTEGER,
  });
  const examples = 'Examples: 1GB, 512MB, 64KiB, 1000.';
  refuses(parseSize, {
    '': `The size is empty. ${examples}`,
    '0': `"0" is zero; it must be more. ${examples}`,
    '-1GB': `"-1GB" is negative. ${examples}`,
    '1G': `"1G" is not a size. ${examples}`,
    iB: `"iB" is not a size. ${examples}`,
    '5iB': `"5iB" is not a size. ${examples}`,
    '1.5': `"1.5" is not a whole number of bytes. ${examples}`,
    '1,5GB': `"1,5GB" is not a size. ${examples}`,
    '0x10': `"0x10" is not a size. ${examples}`,
    '9007199254740992': `"9007199254740992" is too large. ${examples}`,
    NaN: `"NaN" is not a size. ${examples}`,
  });
});

describe('parseCount', () => {
  accepts(parseCount, { '1': 1, '5000': 5000, '10k': 10_000, '10K': 10_000, '1.5M': 1_500_000 });
  const examples = 'Examples: 5000, 10k, 1M.';
  refuses(parseCount, {
    '': `The count is empty. ${examples}`,
    '0': `"0" is zero; it must be more. ${examples}`,
    '-3': `"-3" is negative. ${examples}`,
    '2.5': `"2.5" is not a whole number. ${examples}`,
    '1m': `"1m" is not a count. ${examples}`,
    '1,000': `"1,000" is not a count. ${examples}`,
    ten: `"ten" is not a count. ${examples}`,
    '10000000000M': `"10000000000M" is too large. ${examples}`,
  });
});

describe('formatting of limits', () => {
  function formats(format: (value: number) => string, cases: [number, string][]): void {
    for (const [value, expected] of cases)
      it(`${format.name}(${value}) is ${expected}`, () => {
        assert.equal(format(value), expected);
      });
  }

  formats(formatDuration, [
    [0, '0ms'],
    [350, '350ms'],
    [1000, '1s'],
    [1999, '1.9s'],
    [9999, '9.9s'],
    [59_999, '59s'],
    [60_000, '1m'],
    [90_000, '1m 30s'],
    [3_600_000, '1h'],
    [3_660_000, '1h 1m'],
    [3_605_000, '1h'],
    [90_061_000, '1d 1h'],
  ]);
  formats(formatSize, [
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [1240, '1.2 kB'],
    [9960, '10 kB'],
    [58_123_456, '58 MB'],
    [999_499, '999 kB'],
    [999_500, '1 MB'],
    [1e9, '1 GB'],
    [5e15, '5000 TB'],
  ]);
  formats(formatCount, [
    [0, '0'],
    [999, '999'],
    [1240, '1,240'],
    [1_000_000, '1,000,000'],
  ]);

  it('what is written can be read again', () => {
    for (const ms of [1, 999, 1500, 60_000, 90_000, 7_200_000])
      assert.equal(parseDuration(formatDuration(ms)), ms);
    for (const bytes of [1, 999, 1500, 1e9, 2e12])
      assert.equal(parseSize(formatSize(bytes)), bytes);
  });
});
