import type { Limiter } from './limiter.js';

/** Ends a recording when it holds so many elements, exact to one bundle. */
export function elementsLimiter(maxElements: number): Limiter {
  return { endReason: 'elements limit', isTriggered: ({ elements }) => elements >= maxElements };
}
