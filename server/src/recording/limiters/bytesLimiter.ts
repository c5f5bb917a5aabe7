import type { Limiter } from './limiter.js';

/** Ends a recording when its log has reached a size, exact to one bundle. @param bytes of the log now */
export function bytesLimiter(maxBytes: number, bytes: () => number): Limiter {
  return { endReason: 'bytes limit', isTriggered: () => bytes() >= maxBytes };
}
