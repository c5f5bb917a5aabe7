import type { Recording } from '../recording/recording.js';
import { isComplete } from '../recording/recording.js';

/** Holds data that a replay can use: also one that was cancelled or cut off, if an element had arrived. */
export function isUsable(recording: Recording): boolean {
  if (isComplete(recording)) return true;
  return ['cancelled', 'interrupted'].includes(recording.endReason ?? '') && recording.elements > 0;
}
