import type { Disturbance } from './disturbance.js';
import { eachElement, isElement, later } from './disturbance.js';
import type { Random } from './random.js';

/**
 * Lets a share of the elements, 0 to 1, arrive later, whatever the watermark does meanwhile: they may become late.
 * @param byMs milliseconds of processing time
 */
export function delay(share: number, byMs: number, random: Random): Disturbance {
  return (merged) =>
    later(
      eachElement(merged),
      (one) => isElement(one) && random.chance(share),
      BigInt(byMs) * 1000n,
    );
}
