import { formatDuration } from '../recording/parseLimits.js';

/** The range of a Date. Beam's least and greatest timestamps are beyond it. */
const dateRange = 8.64e15;

/** An event timestamp in UTC, e.g. `2025-03-01 12:00:00.000`. @param ms since the epoch */
export function formatTimestamp(ms: number): string {
  if (ms < -dateRange) return 'MIN_TIMESTAMP';
  if (ms > dateRange) return 'MAX_TIMESTAMP';
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

/** A span of event time, e.g. `2025-03-01 12:00:00 + 1m 30s`; empty without elements. */
export function formatSpan(min: number | undefined, max: number | undefined): string {
  if (min === undefined || max === undefined) return '';
  const [start, end] = [min, max].map((ms) => formatTimestamp(ms).replace(/\.000$/, ''));
  if (start === end) return start ?? '';
  const isInRange = Math.abs(min) <= dateRange && Math.abs(max) <= dateRange;
  return isInRange ? `${start} + ${formatDuration(max - min)}` : `${start} to ${end}`;
}

const ages: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];
const relativeTime = new Intl.RelativeTimeFormat('en');

/** How long ago, e.g. `3 minutes ago`. Both ms since the epoch. */
export function formatAge(at: number, now: number): string {
  const age = now - at;
  const [unit, ms] = ages.find(([, ms]) => age >= ms) ?? [];
  return unit && ms ? relativeTime.format(-Math.floor(age / ms), unit) : 'just now';
}
