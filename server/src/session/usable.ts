import type { Recording } from '../recording/recording.js';
import { isComplete } from '../recording/recording.js';

/** Ends that leave what was recorded until then. */
const partial = ['cancelled', 'interrupted', 'write failure'];

/** Holds data that a replay can use: also one that was cancelled or cut off, if an element had arrived. */
export function isUsable(recording: Recording): boolean {
  if (isComplete(recording)) return true;
  const { damage, endReason, elements, imported } = recording;
  // Half of a file that was being imported is none.
  if (imported && endReason === 'interrupted') return false;
  return !damage && elements > 0 && partial.includes(endReason ?? '');
}
