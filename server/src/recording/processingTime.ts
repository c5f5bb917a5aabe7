import { performance } from 'node:perf_hooks';

/** Processing time, µs since the epoch. Never goes back while this process lives, whatever the system clock does. */
export function processingTimeMicros(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
}
