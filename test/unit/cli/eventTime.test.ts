import assert from 'node:assert/strict';
import { formatAge, formatSpan, formatTimestamp } from '../../../server/src/cli/eventTime.js';

// Beam's TIMESTAMP_MIN_VALUE and TIMESTAMP_MAX_VALUE, which no Date can hold.
const least = -9223372036854775;
const greatest = 9223372036854775;
const noon = Date.parse('2025-03-01T12:00:00Z');

describe('formatTimestamp', () => {
  it('writes UTC with milliseconds', () => {
    assert.equal(formatTimestamp(noon + 7), '2025-03-01 12:00:00.007');
    assert.equal(formatTimestamp(0), '1970-01-01 00:00:00.000');
  });

  it("names Beam's ends of time", () => {
    assert.equal(formatTimestamp(least), 'MIN_TIMESTAMP');
    assert.equal(formatTimestamp(greatest), 'MAX_TIMESTAMP');
  });
});

describe('formatSpan', () => {
  it('is a start and a duration', () => {
    assert.equal(formatSpan(noon, noon + 90_000), '2025-03-01 12:00:00 + 1m 30s');
    assert.equal(formatSpan(noon + 5, noon + 10), '2025-03-01 12:00:00.005 + 5ms');
  });

  it('is one timestamp where all are equal, and nothing without elements', () => {
    assert.equal(formatSpan(noon, noon), '2025-03-01 12:00:00');
    assert.equal(formatSpan(least, least), 'MIN_TIMESTAMP');
    assert.equal(formatSpan(undefined, undefined), '');
  });

  it("has no duration from or to Beam's ends of time", () => {
    assert.equal(formatSpan(least, noon), 'MIN_TIMESTAMP to 2025-03-01 12:00:00');
    assert.equal(formatSpan(noon, greatest), '2025-03-01 12:00:00 to MAX_TIMESTAMP');
  });
});

describe('formatAge', () => {
  const ages: [number, string][] = [
    [-5000, 'just now'],
    [999, 'just now'],
    [1000, '1 second ago'],
    [59_999, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [7_199_999, '1 hour ago'],
    [3 * 86_400_000, '3 days ago'],
  ];
  for (const [age, expected] of ages)
    it(`${age} ms is ${expected}`, () => {
      assert.equal(formatAge(noon, noon + age), expected);
    });
});
