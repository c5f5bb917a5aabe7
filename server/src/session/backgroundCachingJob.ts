/**
 * Background source recording jobs, with the functions of Interactive Beam's module `background_caching_job`.
 * docs/background-caching-job.md compares the two, name by name.
 */
import path from 'node:path';
import { isOwned } from '../recording/store.js';
import type { PipelineId } from './cacheState.js';
import { keyOf, recordingsOfPipeline } from './cacheState.js';
import { cancelRecording } from './cancelRecording.js';
import { recordFile } from './recordFile.js';
import type { RecordOptions, RecordOutcome } from './session.js';

export { BackgroundCachingJob } from '../recording/backgroundCachingJob.js';
export {
  attemptToStopTestStreamService,
  isATestStreamServiceRunning,
} from '../replay/testStream/running.js';
export type { PipelineId, UserPipeline } from './cacheState.js';
export {
  hasSourceToCache,
  isBackgroundCachingJobNeeded,
  isCacheComplete,
  isSourceToCacheChanged,
} from './cacheState.js';

/** Recording jobs that this process runs, by store and file. */
const running = new Map<string, Promise<RecordOutcome>>();

/**
 * Attempts to run a background source recording job for a file whose program is about to be run. The job is tracked:
 * {@link endOfBackgroundCachingJob} awaits it, {@link attemptToCancelBackgroundCachingJob} cancels it.
 * @returns true as soon as a job was started at the runner; false if none is needed
 * @throws Error if one is needed and could not be started
 */
export async function attemptToRunBackgroundCachingJob(options: RecordOptions): Promise<boolean> {
  const key = keyOf({ store: options.store, file: path.resolve(options.file) });
  let tellStart: (started: boolean) => void = () => undefined;
  const started = new Promise<boolean>((resolve) => (tellStart = resolve));
  const outcome = recordFile(options, () => {
    running.set(key, outcome);
    tellStart(true);
  }).finally(() => running.delete(key));
  const isStarted = await Promise.race([started, outcome]);
  if (isStarted === true || isStarted === false) return isStarted;
  if (isStarted.kind === 'failed') throw new Error(isStarted.message);
  return false;
}

/** How often a job of another process is looked at, ms. */
const lookMs = 200;

/** Resolves when no background source recording job of the file runs any more; with the outcome of one of this process. */
export async function endOfBackgroundCachingJob(
  id: PipelineId,
  signal: AbortSignal,
): Promise<RecordOutcome | undefined> {
  const own = running.get(keyOf(id));
  if (own) return own;
  while (!signal.aborted && (await recordingsOfPipeline(id)).some(isOwned)) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  return undefined;
}

/**
 * Attempts to cancel the background source recording job of a user-defined pipeline, in whatever process it runs, and
 * waits for its end. What was recorded stays.
 * @returns how many recordings were being made; 0: there was nothing to cancel
 */
export function attemptToCancelBackgroundCachingJob({ store, file }: PipelineId): Promise<number> {
  return cancelRecording(store, file);
}
