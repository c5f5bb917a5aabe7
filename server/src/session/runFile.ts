import path from 'node:path';
import {
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
 * the recordings. A recording that another process makes is waited for.
 */
export async function runFile(options: RunOptions): Promise<ReplayOutcome> {
  const { store, signal, enableRecordingReplay } = options;
  try {
    await attemptToRunBackgroundCachingJob({
      ...options,
      force: options.force || !enableRecordingReplay,
    });
    const id = { store, file: path.resolve(options.file) };
    const recorded = await endOfBackgroundCachingJob(id, signal);
    if (signal.aborted) return { kind: 'cancelled' };
    if (recorded?.kind === 'failed') return { kind: 'failed', message: recorded.message };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  return replayFile(options);
}
