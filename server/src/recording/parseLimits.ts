import type { RecordingLimits } from './recording.js';

/** Limits of a recording when the author sets none; the first two are Interactive Beam's. */
export const defaultLimits: RecordingLimits = {
  durationMs: 60_000,
  maxBytes: 1e9,
  // No limit in effect. A number that JSON can hold, since limits are kept beside the recording.
  maxElements: Number.MAX_SAFE_INTEGER,
};

/** False for {@link defaultLimits}, which limit time and bytes alone. */
export function hasElementsLimit({ maxElements }: RecordingLimits): boolean {
  return maxElements < Number.MAX_SAFE_INTEGER;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const durationExamples = '500ms, 60s, 5m, 1h30m';
const sizeExamples = '1GB, 512MB, 64KiB, 1000';
const countExamples = '5000, 10k, 1M';

const number = String.raw`(\d+(?:\.\d+)?)`;
const durationUnits: [string, number][] = [
  ['d', day],
  ['h', hour],
  ['m', minute],
  ['s', second],
  ['ms', 1],
];
const durationPattern = new RegExp(
  `^${durationUnits.map(([unit]) => `(?:${number} ?${unit})?`).join(' ?')}$`,
);
const sizePattern = new RegExp(`^${number} ?([kmgt]?i?b)?$`, 'i');
const countPattern = new RegExp(`^${number}([kKM])?$`);

const sizeUnits: Record<string, number> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Reads a duration such as `500ms`, `60s` or `1h30m`.
 * @returns milliseconds, a whole number above zero
 * @throws Error whose message says what is wrong and shows valid examples
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  const refuse = refusal('duration', text, durationExamples);
  refuseNoAmount(trimmed, refuse);
  if (/^[\d.]+$/.test(trimmed)) throw refuse('needs a unit (ms, s, m, h or d)');
  const amounts = durationPattern.exec(trimmed)?.slice(1);
  if (!amounts) throw refuse('is not a duration');
  const ms = durationUnits.reduce((sum, [, unit], i) => sum + Number(amounts[i] ?? 0) * unit, 0);
  return wholeAmount(ms, 'a whole number of milliseconds', refuse);
}

/**
 * Reads a size such as `1GB` (10^9), `64KiB` (2^16) or `1000`.
 * @returns bytes, a whole number above zero
 * @throws Error whose message says what is wrong and shows valid examples
 */
export function parseSize(text: string): number {
  const trimmed = text.trim();
  const refuse = refusal('size', text, sizeExamples);
  refuseNoAmount(trimmed, refuse);
  const match = sizePattern.exec(trimmed);
  const unit = sizeUnits[(match?.[2] ?? 'b').toLowerCase()];
  if (!match || unit === undefined) throw refuse('is not a size');
  return wholeAmount(Number(match[1]) * unit, 'a whole number of bytes', refuse);
}

/**
 * Reads a count such as `5000`, `10k` or `1M`.
 * @returns a whole number above zero
 * @throws Error whose message says what is wrong and shows valid examples
 */
export function parseCount(text: string): number {
  const trimmed = text.trim();
  const refuse = refusal('count', text, countExamples);
  refuseNoAmount(trimmed, refuse);
  const match = countPattern.exec(trimmed);
  if (!match) throw refuse('is not a count');
  const factor = match[2] === undefined ? 1 : match[2] === 'M' ? 1e6 : 1e3;
  return wholeAmount(Number(match[1]) * factor, 'a whole number', refuse);
}

/** A duration for people, its two largest units: `350ms`, `1.5s`, `1m 30s`, `2h 5m`. Rounds down. */
export function formatDuration(ms: number): string {
  if (ms < second) return `${Math.floor(ms)}ms`;
  if (ms < 10 * second) return `${Math.floor(ms / 100) / 10}s`;
  const parts: [number, string][] = [
    [Math.floor(ms / day), 'd'],
    [Math.floor((ms % day) / hour), 'h'],
    [Math.floor((ms % hour) / minute), 'm'],
    [Math.floor((ms % minute) / second), 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join(' ');
}

/** A size for people, in powers of ten: `0 B`, `1.2 kB`, `58 MB`, `1 GB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let unit = 0;
  while (shown(amount) >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${shown(amount)} ${units[unit] ?? ''}`;

  function shown(value: number): number {
    return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  }
}

const counts = new Intl.NumberFormat('en-US');

/** A count for people: `1,240`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

type Refuse = (what: string) => Error;

function refusal(kind: string, text: string, examples: string): Refuse {
  const subject = text === '' ? `The ${kind}` : `"${text}"`;
  return (what) => new Error(`${subject} ${what}. Examples: ${examples}.`);
}

function refuseNoAmount(trimmed: string, refuse: Refuse): void {
  if (trimmed === '') throw refuse('is empty');
  if (/^-\s*\.?\d/.test(trimmed)) throw refuse('is negative');
}

function wholeAmount(amount: number, whole: string, refuse: Refuse): number {
  const rounded = Math.round(amount);
  if (amount === 0) throw refuse('is zero; it must be more');
  if (rounded > Number.MAX_SAFE_INTEGER) throw refuse('is too large');
  // 1.1 * 1e9 is not exact in floating point; a difference that small is not the author's.
  if (Math.abs(amount - rounded) > amount * 1e-9) throw refuse(`is not ${whole}`);
  return rounded;
}
