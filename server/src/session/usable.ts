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

/**
 * Can be read when the user asks for it by name: also one that failed, or whose log is damaged, if an element had arrived.
 * What is read of it is not all that was to be.
 */
export function isReadable(recording: Recording): boolean {
  const { elements, endedAt, imported } = recording;
  return isUsable(recording) || (endedAt !== undefined && elements > 0 && !imported);
}

/** What to tell of a recording that is read though it is none to rely on; undefined if there is nothing to tell. */
export function incompleteText(recording: Recording): string | undefined {
  const { id, name, label, endReason, message = '', elements } = recording;
  if (isUsable(recording) || endReason !== 'failed') return undefined;
  const [why = ''] = message.trim().split('\n', 1);
  return (
    `Recording ${name ?? id} of "${label}" failed${why && `: ${why}`}. ` +
    `It is incomplete; elements until then: ${elements}.`
  );
}
