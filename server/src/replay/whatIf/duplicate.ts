import type { Disturbance } from './disturbance.js';
import { eachElement, isElement } from './disturbance.js';
import type { Random } from './random.js';

/** Delivers a share of the elements, 0 to 1, twice in a row. */
export function duplicate(share: number, random: Random): Disturbance {
  return async function* (merged) {
    for await (const one of eachElement(merged)) {
      yield one;
      if (isElement(one) && random.chance(share)) yield one;
    }
  };
}
