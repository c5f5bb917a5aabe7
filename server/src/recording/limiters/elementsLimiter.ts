import type { Limiter } from './limiter.js';

/** Ends a recording when it holds so many elements, exact to one bundle. @param elements recorded so far */
export function elementsLimiter(maxElements: number, elements: () => number): Limiter {
  return { endReason: 'elements limit', isTriggered: () => elements() >= maxElements };
}
