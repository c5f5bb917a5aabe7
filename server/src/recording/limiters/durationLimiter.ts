import type { Limiter } from './limiter.js';

/** Ends a recording after a time. @param durationMs milliseconds of processing time */
export function durationLimiter(durationMs: number): Limiter {
  return {
    endReason: 'duration limit',
    isTriggered: ({ elapsedMs }) => elapsedMs >= durationMs,
  };
}
