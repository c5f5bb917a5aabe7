import type { Disturbance } from './disturbance.js';
import { later } from './disturbance.js';

/**
 * Lets the watermarks of an output, or of all, arrive later: what was late may become on time.
 * @param byMs milliseconds of processing time
 */
export function holdWatermark(byMs: number, output?: number): Disturbance {
  return (merged) =>
    later(
      merged,
      (one) => one.record.case === 'watermark' && (output === undefined || one.output === output),
      BigInt(byMs) * 1000n,
    );
}
