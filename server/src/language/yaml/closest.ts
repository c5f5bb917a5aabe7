import { closest as closestOf, distance } from 'fastest-levenshtein';

/** The name that was meant, when one is so near that it can be no other. */
export function closest(written: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const lower = written.toLowerCase();
  const sameLetters = names.find((name) => name.toLowerCase() === lower);
  const best = sameLetters ?? closestOf(written, names);
  const limit = Math.max(1, Math.floor(Math.min(written.length, best.length) / 3));
  return best !== written && (sameLetters !== undefined || distance(written, best) <= limit)
    ? best
    : undefined;
}
