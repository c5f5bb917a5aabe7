import type { Disturbance } from './disturbance.js';
import { movedTo } from './disturbance.js';

/** Everything arrives so many times faster. @param factor 1 or more; Infinity: all at once */
export function burst(factor: number): Disturbance {
  return async function* (merged) {
    let first: bigint | undefined;
    for await (const one of merged) {
      first ??= one.arrivalMicros;
      const passed = Math.round(Number(one.arrivalMicros - first) / factor);
      yield movedTo(one, first + BigInt(passed));
    }
  };
}
