import path from 'node:path';
import { JobState_Enum as State } from '../beam/proto/beam/job_pb.js';
import { analyzeText } from '../language/language.js';
import { markRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import { settleMoved } from './acceptRenames.js';
import {
  hasSourceToCache,
  isBackgroundCachingJobNeeded,
  isSourceToCacheChanged,
} from './cacheState.js';
import type { Claim } from './claim.js';
import { claimFile } from './claim.js';
import { lastError } from './lastError.js';
import type { RecordingJob, RecordingSession } from './recordPipeline.js';
import { recordPipeline } from './recordPipeline.js';
import { runProgram } from './runProgram.js';
import { checkName, storedRecordings } from './recordings.js';
import type { RecordOptions, RecordOutcome } from './session.js';
import type { SourceStatus } from './sourceStatus.js';
import { sourceStatuses } from './statusOfFile.js';

/**
 * Records the unbounded sources of a file: runs the program and, for each pipeline it submits, runs a
 * background job that writes its sources to the store until a limit is reached, the sources end, or the
 * signal aborts. Pipelines whose sources all have valid recordings are left out unless forced.
 * One session records a file at a time, in whatever process.
 * @param onStart called as soon as the runner has a job
 */
export async function recordFile(
  options: RecordOptions,
  onStart: () => void = () => undefined,
): Promise<RecordOutcome> {
  const file = path.resolve(options.file);
  const { store, force } = options;
  const analysis = await analyzeText(file, options.text, options.args);
  const sources = markRecordable(analysis.sources, options.recordableSources ?? []);
  const statuses = () => sourceStatuses(store, file, sources);
  const userPipeline = { store, file, sources };
  const isNeeded = async (): Promise<boolean> =>
    (await isBackgroundCachingJobNeeded(userPipeline, {
      enableRecordingReplay: !force,
      redact: options.redact ?? [],
    })) ||
    // A source may also be made by an imported module, which the text does not show.
    (force && !hasSourceToCache(userPipeline));
  if (!(await isNeeded())) {
    const before = await statuses();
    return { kind: 'nothing to do', reason: nothingToDo(sources, before), sources: before };
  }
  let claim: Claim | undefined;
  try {
    claim = await claimFile(store, file);
    // While this session waited for its claim, another may have recorded.
    if (!claim || !(await isNeeded())) {
      const now = await statuses();
      const reason = claim ? nothingToDo(sources, now) : beingRecorded;
      return { kind: 'nothing to do', reason, sources: now };
    }
    await settleMoved(store, file, sources);
    await checkNewName(options, file);
    const isChanged = await isSourceToCacheChanged(userPipeline);
    if (isChanged && (await statuses()).some(({ recording }) => recording))
      options.onEvent({ kind: 'step', text: 'The sources differ from those recorded.' });
    return await recordClaimed({ ...options, file }, sources, onStart);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { kind: 'failed', message, sources: await statuses() };
  } finally {
    await claim?.release();
  }
}

async function recordClaimed(
  options: RecordOptions,
  sources: PipelineSource[],
  onStart: () => void,
): Promise<RecordOutcome> {
  const statuses = () => sourceStatuses(options.store, options.file, sources);
  // Whoever cancels one recording of the session, from whatever process, ends the session.
  const ending = new AbortController();
  const session: RecordingSession = {
    ...options,
    signal: AbortSignal.any([options.signal, ending.signal]),
    end: () => {
      ending.abort();
    },
  };
  const recordingJobs: RecordingJob[] = [];
  let upToDate = 0;
  let refusal: string | undefined;
  const run = await runProgram(session, async (pipeline, job, workers) => {
    try {
      const onJob = (recordingJob: RecordingJob) => recordingJobs.push(recordingJob);
      const plan = await recordPipeline(session, sources, pipeline, job, workers, onJob);
      job.job.events.on('state', ({ state }) => {
        if (plan.onEnd && (state === State.RUNNING || state === State.DONE)) onStart();
      });
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
}

/** @throws Error if the recordings of the session cannot have the name they are to have */
async function checkNewName({ store, name }: RecordOptions, file: string): Promise<void> {
  if (name === undefined) return;
  checkName(name);
  const other = (await storedRecordings(store, file)).find((one) => one.name === name);
  if (other)
    throw new Error(`Recording ${other.id} of "${other.label}" is named "${name}" already.`);
}

const beingRecorded = 'A recording of this file is running.';

function nothingToDo(sources: PipelineSource[], statuses: SourceStatus[]): string {
  const listed = statuses.filter(({ source }) => source);
  if (listed.length === 0) {
    return sources.length === 0
      ? 'No source was found in the file.'
      : 'The file reads bounded sources only: they can be read again as they are.';
  }
  return listed.some(({ state }) => state === 'recording')
    ? beingRecorded
    : 'Every source has a valid recording.';
}
