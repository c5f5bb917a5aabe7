import type { Disturbance } from './disturbance.js';
import { later } from './disturbance.js';

/**
 * Lets the watermarks of some outputs, or of all, arrive later: what was late may become on time.
 * @param byMs milliseconds of processing time
 */
export function holdWatermark(byMs: number, outputs?: readonly number[]): Disturbance {
  return (merged) =>
    later(
      merged,
      (one) => one.record.case === 'watermark' && (outputs?.includes(one.output) ?? true),
      BigInt(byMs) * 1000n,
    );
}
