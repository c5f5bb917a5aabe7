import { setTimeout as wait } from 'node:timers/promises';
import type { FollowedLog } from '../../recording/followLog.js';
import type { MergedRecord } from './mergeLogs.js';
import { arrivalShifts, mergedRecord } from './mergeLogs.js';

/** How often a log with nothing new is looked at, ms. */
const pollMs = 50;
/** What arrived so long ago is told though another log may still get something older, µs: nobody waits for a silent source. */
const graceMicros = 1_000_000n;
/** While nothing arrives, the passing of time is told so often, µs: readers can tell silence from a lost connection. */
const silenceMicros = 1_000_000n;

/** What a merge of logs that are still written depends on besides them; a test gives its own. */
export interface LiveClock {
  /** Processing time, µs since the epoch. */
  nowMicros: () => bigint;
  wait: (ms: number) => Promise<unknown>;
}

const systemLiveClock: LiveClock = {
  nowMicros: () => BigInt(Date.now()) * 1000n,
  wait: (ms) => wait(ms),
};

/**
 * As `mergeLogs`, of logs that are still written, to their end. Each log is told in its own order; an element of one
 * that was written more than a second late comes behind those of others that it should precede.
 * While nothing arrives, records without content tell how processing time passes.
 * @param startedAt as for `mergeLogs`
 * @param isWanted when false, it ends at the next look
 */
export async function* mergeLive(
  logs: FollowedLog[],
  startedAt: number[],
  isWanted: () => boolean,
  { nowMicros, wait: pause }: LiveClock = systemLiveClock,
): AsyncGenerator<MergedRecord> {
  const shifts = arrivalShifts(startedAt);
  const heads: (MergedRecord | 'pending' | 'ended')[] = logs.map(() => 'pending');
  const look = async (output: number): Promise<MergedRecord | 'pending' | 'ended'> => {
    for (;;) {
      const record = (await logs[output]?.next()) ?? 'ended';
      if (typeof record === 'string') return record;
      const merged = mergedRecord(output, record, shifts[output] ?? 0n);
      if (merged) return merged;
    }
  };
  /** When each log was looked at last: it holds what had arrived a grace before. */
  const lookedMicros = logs.map(() => 0n);
  let lastToldMicros = 0n;
  try {
    while (isWanted()) {
      const first = earliest(heads);
      const isSettled = heads.every(
        (head, output) =>
          head !== 'pending' ||
          (first && first.arrivalMicros <= (lookedMicros[output] ?? 0n) - graceMicros),
      );
      if (first && isSettled) {
        lastToldMicros = first.arrivalMicros;
        yield first;
        lookedMicros[first.output] = nowMicros();
        heads[first.output] = await look(first.output);
        continue;
      }
      if (isSettled) return;
      const now = nowMicros();
      let isNews = false;
      for (const output of heads.keys()) {
        if (heads[output] !== 'pending') continue;
        lookedMicros[output] = now;
        heads[output] = await look(output);
        isNews ||= heads[output] !== 'pending';
      }
      if (isNews || (first && first.arrivalMicros <= now - graceMicros)) continue;
      if (now - graceMicros - lastToldMicros >= silenceMicros) {
        lastToldMicros = now - graceMicros;
        yield { output: 0, arrivalMicros: lastToldMicros, record: { case: undefined } };
      }
      await pause(pollMs);
    }
  } finally {
    for (const log of logs) await log.close();
  }
}

function earliest(heads: (MergedRecord | 'pending' | 'ended')[]): MergedRecord | undefined {
  let first: MergedRecord | undefined;
  for (const head of heads) {
    if (typeof head !== 'string' && (!first || head.arrivalMicros < first.arrivalMicros)) {
      first = head;
    }
  }
  return first;
}
