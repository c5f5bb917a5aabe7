import type { LogRecord } from '../../beam/proto/beam_rewind/recording_pb.js';

/** A record of one of the merged logs. */
export interface MergedRecord {
  /** Number of the recorded output it belongs to. */
  output: number;
  /** Processing time, µs since the epoch. */
  arrivalMicros: bigint;
  record: LogRecord['record'];
}

/**
 * Merges logs into one order: by time of arrival, ties by the order of the outputs in the pipeline, then as recorded.
 * Looks one record ahead in each log, and closes the logs however it ends.
 * @param startedAt when each was started, ms since the epoch, if they were not recorded together: their times of
 * arrival are then told as if all had started when the last did
 */
export async function* mergeLogs(
  logs: AsyncIterable<LogRecord>[],
  startedAt: number[] = [],
): AsyncGenerator<MergedRecord> {
  const shifts = arrivalShifts(startedAt);
  const iterators = logs.map((log) => log[Symbol.asyncIterator]());
  const next = async (output: number): Promise<MergedRecord | undefined> => {
    for (;;) {
      const step = await iterators[output]?.next();
      if (!step || step.done) return undefined;
      const merged = mergedRecord(output, step.value.record, shifts[output] ?? 0n);
      if (merged) return merged;
    }
  };
  try {
    const heads = await Promise.all(iterators.map((_, output) => next(output)));
    for (;;) {
      let first: MergedRecord | undefined;
      for (const head of heads) {
        if (head && (!first || head.arrivalMicros < first.arrivalMicros)) first = head;
      }
      if (!first) return;
      yield first;
      heads[first.output] = await next(first.output);
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

/** What is added to the times of arrival of each log so that all start when the last did, µs. */
export function arrivalShifts(startedAt: number[]): bigint[] {
  const lastStart = Math.max(...startedAt);
  return startedAt.map((started) => BigInt(lastStart - started) * 1000n);
}

/** @returns undefined for a record that tells nothing of the stream */
export function mergedRecord(
  output: number,
  record: LogRecord['record'],
  shiftMicros: bigint,
): MergedRecord | undefined {
  if (record.case === undefined || record.case === 'header' || record.case === 'bundleEnd') {
    return undefined;
  }
  return { output, arrivalMicros: record.value.arrivalMicros + shiftMicros, record };
}
