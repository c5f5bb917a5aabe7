import { existsSync } from 'node:fs';
import type { PipelineSource } from '../language/source.js';
import { JobState_Enum as State } from '../beam/proto/beam/job_pb.js';
import type { BackgroundCachingJob } from '../recording/backgroundCachingJob.js';
import type { Recording } from '../recording/recording.js';
import type { RecordingWriter } from '../recording/recordingWriter.js';
import { cancelRequestPath, deleteRecording } from '../recording/store.js';
import type { RecordingSession } from './recordPipeline.js';
import type { RecordOptions } from './session.js';
import { isUsable, recordingsOf } from './statusOfFile.js';

/** How often a running job's duration and requests to cancel are looked at, ms. */
const tickMs = 100;
/** Progress is told at most so often, ms. */
const progressMs = 250;

/** Watches over a running recording job. */
export interface FollowedRecording {
  /** To be called whenever elements were added: nothing is added after a limit is reached. */
  checkLimits(): void;
  /** Ends the recordings: why, follows from the job's last state. */
  end(state: State, failure: string | undefined): Promise<void>;
}

/** Ends a recording job at its limits or when any process asks for it, and tells its progress. */
export function followRecording(
  options: RecordingSession,
  job: BackgroundCachingJob,
  writers: RecordingWriter[],
  texts: PipelineSource[],
): FollowedRecording {
  const startedAt = performance.now();
  let lastProgress = 0;
  const reportProgress = (): void => {
    lastProgress = performance.now();
    const sources = writers.map(({ recording: { pipeline, label, elements, bytes } }) => ({
      pipeline,
      label,
      elements,
      bytes,
    }));
    options.onEvent({
      kind: 'progress',
      progress: {
        elements: sources.reduce((sum, { elements }) => sum + elements, 0),
        bytes: sources.reduce((sum, { bytes }) => sum + bytes, 0),
        elapsedMs: performance.now() - startedAt,
        limits: options.limits,
        sources,
      },
    });
  };
  const checkLimits = (): void => {
    const elapsedMs = performance.now() - startedAt;
    const counts = writers.map(({ recording: { elements, bytes } }) => ({
      elements,
      bytes,
      elapsedMs,
    }));
    // What is added after this call is beyond the limit, though the runner does not know yet.
    const told = job.checkLimits(counts);
    if (job.endReason) void endAll(job.endReason);
    told.catch((error: unknown) => {
      options.onEvent({
        kind: 'message',
        severity: 'error',
        text: `Cannot cancel: ${String(error)}`,
      });
    });
  };
  const endAll = async (
    ...[reason, message]: Parameters<RecordingWriter['end']>
  ): Promise<void> => {
    await Promise.all(writers.map((writer) => writer.end(reason, message)));
  };
  const ticker = setInterval(() => {
    checkLimits();
    const isAsked = writers.some(({ recording }) =>
      existsSync(cancelRequestPath(options.store, recording.id)),
    );
    if (isAsked) options.end();
    if (options.signal.aborted) void job.cancel();
    if (performance.now() - lastProgress >= progressMs) reportProgress();
  }, tickMs);

  return {
    checkLimits,
    async end(state, failure) {
      clearInterval(ticker);
      if (failure !== undefined) await endAll('failed', failure);
      else if (job.endReason) await endAll(job.endReason);
      else if (state === State.DONE) await endAll('source finished');
      else await endAll('cancelled');
      await deleteSuperseded(options, writers, texts);
      reportProgress();
    },
  };
}

/** A usable recording takes the place of earlier ones of the same source; a failed one takes nothing. */
async function deleteSuperseded(
  options: RecordOptions,
  writers: RecordingWriter[],
  texts: PipelineSource[],
): Promise<void> {
  const latest = writers.map(({ recording }) => recording).filter(isUsable);
  for (const other of await recordingsOf(options.store, options.file)) {
    const isSuperseded = latest.some(
      (recording) =>
        other.pipeline === recording.pipeline &&
        other.label === recording.label &&
        other.output === recording.output &&
        other.startedAt < recording.startedAt &&
        !isOfNamesake(other, recording, texts),
    );
    if (isSuperseded) await deleteRecording(options.store, other.id);
  }
}

/** True if the text still has the other's source beside this one, under the same label: in another branch. */
function isOfNamesake(other: Recording, latest: Recording, texts: PipelineSource[]): boolean {
  const hash = other.signature?.hash;
  return hash !== latest.signature?.hash && texts.some(({ signature }) => signature.hash === hash);
}
