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
 * Merges logs that were recorded together into their one order: by time of arrival, ties by the order of
 * the outputs in the pipeline, then as recorded. Looks one record ahead in each log, and closes the logs
 * however it ends.
 */
export async function* mergeLogs(logs: AsyncIterable<LogRecord>[]): AsyncGenerator<MergedRecord> {
  const iterators = logs.map((log) => log[Symbol.asyncIterator]());
  const next = async (output: number): Promise<MergedRecord | undefined> => {
    for (;;) {
      const step = await iterators[output]?.next();
      if (!step || step.done) return undefined;
      const { record } = step.value;
      if (record.case === undefined || record.case === 'header') continue;
      return { output, arrivalMicros: record.value.arrivalMicros, record };
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
