import path from 'node:path';
import {
  attemptToCancelBackgroundCachingJob,
  attemptToRunBackgroundCachingJob,
  endOfBackgroundCachingJob,
} from './backgroundCachingJob.js';
import { replayFile } from './replayFile.js';
import type { RecordOptions, ReplayOutcome } from './session.js';

export interface RunOptions extends RecordOptions {
  /** False: what was recorded before is not replayed; every run records anew. */
  enableRecordingReplay: boolean;
}

/**
 * Runs a file as Interactive Beam runs a pipeline: its sources are recorded if that is needed, and the program runs on
 * the recordings. It need not wait for their end: it follows what is being recorded, by this process or another.
 */
export async function runFile(options: RunOptions): Promise<ReplayOutcome> {
  const { store, signal, enableRecordingReplay } = options;
  const id = { store, file: path.resolve(options.file) };
  try {
    const isStarted = await attemptToRunBackgroundCachingJob({
      ...options,
      force: options.force || !enableRecordingReplay,
    });
    const recording = isStarted ? endOfBackgroundCachingJob(id, signal) : undefined;
    const replayed = await replayFile(options);
    // Nobody follows it any more: it would be waited for to its limits.
    if (isStarted && replayed.kind === 'failed') await attemptToCancelBackgroundCachingJob(id);
    const recorded = await recording;
    return recorded?.kind === 'failed' ? { kind: 'failed', message: recorded.message } : replayed;
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}
