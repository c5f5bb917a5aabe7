import type { TestStreamStep } from './steps.js';

/**
 * Where to begin in a test stream: at an event by its number, from 0; at the first event that holds an
 * element of an event time or later, or moves a watermark to it; at the first that arrived at a processing
 * time or later. Times are µs since the epoch.
 */
export type Place = { ordinal: number } | { eventTime: bigint } | { processingTime: bigint };

/** One event of a test stream and its number in it. */
export interface PlacedStep {
  ordinal: number;
  step: TestStreamStep;
}

/** True for an event at which, or behind which, the place is. */
export function isAt(place: Place, { ordinal, step }: PlacedStep): boolean {
  if ('ordinal' in place) return ordinal >= place.ordinal;
  if ('processingTime' in place) return step.arrivalMicros >= place.processingTime;
  if (step.kind === 'elements') return step.elements.maxTimestampMillis * 1000n >= place.eventTime;
  return step.kind === 'watermark' && step.watermarkMillis * 1000n >= place.eventTime;
}
