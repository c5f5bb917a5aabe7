import type { Disturbance } from './disturbance.js';
import { eachElement, isElement, movedTo } from './disturbance.js';

/** A span from a time up to, and without, another. */
export interface Span {
  from: number;
  to: number;
}

/** Keeps the elements whose event time is in the span, ms since the epoch; watermarks stay. */
export function cutEventTime({ from, to }: Span): Disturbance {
  return async function* (merged) {
    for await (const one of eachElement(merged)) {
      if (!isElement(one)) yield one;
      else {
        const timestampMillis = Number(one.record.value.minTimestampMillis);
        if (timestampMillis >= from && timestampMillis < to) yield one;
      }
    }
  };
}

/**
 * Keeps what arrived in the span, ms since the first arrival. The watermarks before it are told when it begins, so
 * that what was late is late.
 */
export function cutProcessingTime({ from, to }: Span): Disturbance {
  return async function* (merged) {
    let first: bigint | undefined;
    for await (const one of merged) {
      first ??= one.arrivalMicros;
      const passedMs = Number(one.arrivalMicros - first) / 1000;
      if (passedMs >= to) return;
      if (passedMs >= from) yield one;
      else if (one.record.case === 'watermark') yield movedTo(one, first + BigInt(from) * 1000n);
    }
  };
}
