import type { Recording, WrittenEndReason } from '../recording.js';
import { isLimit } from '../recording.js';
import type { Limiter } from './limiter.js';

/**
 * Ends a job when each of its recordings has ended and one of them at a limit; with `together`, when the first
 * has ended at its limit. A job whose sources have all finished ends by itself.
 */
export function recordingsLimiter(
  recordings: () => Readonly<Recording>[],
  together: boolean,
): Limiter {
  const reached = (): WrittenEndReason[] =>
    recordings().flatMap(({ endReason }) => (isLimit(endReason) ? [endReason] : []));
  return {
    get endReason() {
      return reached().at(-1) ?? 'cancelled';
    },
    isTriggered: () =>
      reached().length > 0 &&
      (together || recordings().every(({ endReason }) => endReason !== undefined)),
  };
}
