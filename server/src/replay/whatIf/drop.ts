import type { Disturbance } from './disturbance.js';
import { eachElement, isElement } from './disturbance.js';
import type { Random } from './random.js';

/** Leaves out a share of the elements, 0 to 1. */
export function drop(share: number, random: Random): Disturbance {
  return async function* (merged) {
    for await (const one of eachElement(merged)) {
      if (!isElement(one) || !random.chance(share)) yield one;
    }
  };
}
