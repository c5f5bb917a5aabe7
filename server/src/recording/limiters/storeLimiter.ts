import type { Limiter } from './limiter.js';

/**
 * Ends a job when the store is full of what retention may not remove.
 * @param bytes of the recordings that have to stay, those of the job included
 */
export function storeLimiter(maxBytes: number, bytes: () => number): Limiter {
  return { endReason: 'store limit', isTriggered: () => bytes() >= maxBytes };
}
