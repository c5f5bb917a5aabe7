import type { MergedRecord } from '../testStream/mergeLogs.js';
import type { WhatIf } from './parseWhatIf.js';
import { randomFrom } from './random.js';

/** Applies disturbances, one after the other, each with numbers of its own that the seed decides. */
export function disturb(
  merged: AsyncIterable<MergedRecord>,
  whatIfs: readonly WhatIf[],
  labels: readonly string[],
  seed: number,
): AsyncIterable<MergedRecord> {
  return whatIfs.reduce(
    (records, whatIf, index) =>
      whatIf.disturb(labels, randomFrom(seed + index * 1_000_003))(records),
    merged,
  );
}
