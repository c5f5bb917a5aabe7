import path from 'node:path';
import { analyzeText } from '../language/language.js';
import { markRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import { lastError } from './lastError.js';
import type { RecordingJob, RecordingSession } from './recordPipeline.js';
import { recordPipeline } from './recordPipeline.js';
import { runProgram } from './runProgram.js';
import type { RecordOptions, RecordOutcome } from './session.js';
import type { SourceStatus } from './sourceStatus.js';
import { sourceStatuses } from './statusOfFile.js';

/**
 * Records the unbounded sources of a file: runs the program and, for each pipeline it submits, runs a
 * background job that writes its sources to the store until a limit is reached, the sources end, or the
 * signal aborts. Pipelines whose sources all have valid recordings are left out unless forced.
 */
export async function recordFile(options: RecordOptions): Promise<RecordOutcome> {
  const file = path.resolve(options.file);
  const analysis = await analyzeText(file, options.text, options.args);
  const sources = markRecordable(analysis.sources, options.recordableSources ?? []);
  const statuses = () => sourceStatuses(options.store, file, sources);
  const before = await statuses();
  const reason = nothingToDo(sources, before, options.force);
  if (reason) return { kind: 'nothing to do', reason, sources: before };

  // Whoever cancels one recording of the session, from whatever process, ends the session.
  const ending = new AbortController();
  const session: RecordingSession = {
    ...options,
    file,
    signal: AbortSignal.any([options.signal, ending.signal]),
    end: () => {
      ending.abort();
    },
  };
  const recordingJobs: RecordingJob[] = [];
  let upToDate = 0;
  let refusal: string | undefined;
  try {
    const run = await runProgram(session, async (pipeline, job, workers) => {
      try {
        const onStart = (recordingJob: RecordingJob) => recordingJobs.push(recordingJob);
        const plan = await recordPipeline(session, sources, pipeline, job, workers, onStart);
        if (!plan.pipeline) upToDate++;
        return plan;
      } catch (error) {
        refusal = error instanceof Error ? error.message : String(error);
        throw error;
      }
    });
    const failure = refusal ?? recordingJobs.map(({ failure: message }) => message()).find(Boolean);
    if (failure) return { kind: 'failed', message: failure, sources: await statuses() };
    if (recordingJobs.length === 0 && upToDate > 0 && run.exitCode === 0) {
      const upToDateReason = 'Every source that the program reads has a valid recording.';
      return { kind: 'nothing to do', reason: upToDateReason, sources: await statuses() };
    }
    if (recordingJobs.length === 0 && !session.signal.aborted) {
      const message =
        run.exitCode === 0
          ? 'The program ended without running a pipeline that has an unbounded source.'
          : `The program failed before a pipeline was recorded: ${lastError(run)}`;
      return { kind: 'failed', message, sources: await statuses() };
    }
    const cancelled =
      recordingJobs.some(({ wasCancelled }) => wasCancelled()) || session.signal.aborted;
    return { kind: 'recorded', cancelled, sources: await statuses() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, sources: await statuses() };
  }
}

function nothingToDo(
  sources: PipelineSource[],
  statuses: SourceStatus[],
  force: boolean,
): string | undefined {
  const listed = statuses.filter(({ source }) => source);
  // A source may also be made by an imported module, which the text does not show.
  if (listed.length === 0 && !force) {
    return sources.length === 0
      ? 'No source was found in the file.'
      : 'The file reads bounded sources only: they can be read again as they are.';
  }
  if (listed.some(({ state }) => state === 'recording'))
    return 'A recording of this file is running.';
  if (force || listed.some(({ state }) => state !== 'valid')) return undefined;
  return 'Every source has a valid recording.';
}
