import { isRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';

/**
 * State of a source's recording:
 * - `none`: never recorded. `recording`: a job is writing it now.
 * - `valid`: usable and the source is unchanged (also when the user cancelled: what was recorded serves).
 * - `stale`: the source changed since; `reason` says what. `removed`: recorded, but no longer in the file.
 * - `damaged`: its log is not as it was written, `reason` says where; what is whole can be replayed.
 * - `failed`: the last attempt failed, `reason` is the runner's message, and nothing usable is kept.
 */
export type SourceState =
  'none' | 'recording' | 'valid' | 'stale' | 'removed' | 'damaged' | 'failed';

export interface SourceStatus {
  pipeline: string;
  label: string;
  state: SourceState;
  /** Words for people: why stale, why failed, which limit ended it. */
  reason?: string;
  /** Absent for `removed`. */
  source?: PipelineSource;
  /** Absent for `none`. */
  recording?: Recording;
  /** What the stale recording is of, when the source is equal but for its label; `acceptRenames` makes it valid. */
  renamedFrom?: { pipeline: string; label: string };
}

/** Whether a source is worth a lens and a line in the status bar: it can be recorded, or was. */
export function hasState({ source, state }: SourceStatus): boolean {
  return state !== 'none' || (source !== undefined && isRecordable(source));
}

/** Whether a replay can read the source's recording: also one that is being made, or what is whole of a damaged one. */
export function isReplayable({ state }: SourceStatus): boolean {
  return state === 'valid' || state === 'recording' || state === 'damaged';
}
