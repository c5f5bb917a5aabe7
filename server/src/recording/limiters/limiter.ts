import type { WrittenEndReason } from '../recording.js';

/** Decides when something has reached a limit; Interactive Beam's `Limiter`. */
export interface Limiter {
  /** What a recording that it ends says. */
  readonly endReason: WrittenEndReason;
  isTriggered(): boolean;
}
