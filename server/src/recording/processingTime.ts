import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';

/** The clock of what is recorded together. */
export interface ProcessingClock {
  /** Names it among all clocks. */
  readonly id: string;
  /** Processing time, µs since the epoch: later with every call, whatever the system's clock does meanwhile. */
  nowMicros(): bigint;
}

/** A clock that shows the system's time now, and from here on how much time has passed. */
export function processingClock(
  wallMs = Date.now(),
  monotonicMs = () => performance.now(),
): ProcessingClock {
  const origin = wallMs - monotonicMs();
  let last = 0n;
  return {
    id: randomBytes(8).toString('hex'),
    nowMicros() {
      const now = BigInt(Math.round((origin + monotonicMs()) * 1000));
      last = now > last ? now : last + 1n;
      return last;
    },
  };
}
