import type { Limiter } from './limiter.js';

/**
 * Ends a recording after a time.
 * @param durationMs milliseconds of processing time
 * @param elapsedMs since the job runs
 */
export function durationLimiter(durationMs: number, elapsedMs: () => number): Limiter {
  return { endReason: 'duration limit', isTriggered: () => elapsedMs() >= durationMs };
}
