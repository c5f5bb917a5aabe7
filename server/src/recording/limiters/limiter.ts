import type { WrittenEndReason } from '../recording.js';

/** What a limiter looks at. */
export interface RecordingCounts {
  elements: number;
  /** Bytes of the log. */
  bytes: number;
  /** Milliseconds of processing time since the recording started. */
  elapsedMs: number;
}

/** Decides when a recording has reached a limit; Interactive Beam's `Limiter`. */
export interface Limiter {
  endReason: WrittenEndReason;
  isTriggered(counts: RecordingCounts): boolean;
}
