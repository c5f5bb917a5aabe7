import type { Limiter } from './limiter.js';

/** Ends a recording when its log has reached a size, exact to one bundle. */
export function bytesLimiter(maxBytes: number): Limiter {
  return { endReason: 'bytes limit', isTriggered: ({ bytes }) => bytes >= maxBytes };
}
