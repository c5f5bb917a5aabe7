import type { LineDifference } from '../session/printedLines.js';

const shownLines = 20;

/** A difference as lines that begin with `-` and `+`, the first of many. */
export function differenceLines({ missing, unexpected }: LineDifference): string[] {
  const all = [...missing.map((line) => `- ${line}`), ...unexpected.map((line) => `+ ${line}`)];
  const more = all.length - shownLines;
  return more > 0 ? [...all.slice(0, shownLines), `… and ${more} more`] : all;
}
