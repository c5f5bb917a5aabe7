import { existsSync } from 'node:fs';
import type { RunningJob } from '../beam/jobService/jobService.js';
import { JobState_Enum as State } from '../beam/proto/beam/job_pb.js';
import type { JobStateName } from '../recording/backgroundCachingJob.js';
import { BackgroundCachingJob } from '../recording/backgroundCachingJob.js';
import { bytesLimiter } from '../recording/limiters/bytesLimiter.js';
import { durationLimiter } from '../recording/limiters/durationLimiter.js';
import { elementsLimiter } from '../recording/limiters/elementsLimiter.js';
import type { Limiter } from '../recording/limiters/limiter.js';
import { recordingsLimiter } from '../recording/limiters/recordingsLimiter.js';
import { storeLimiter } from '../recording/limiters/storeLimiter.js';
import type { RecordingWriter } from '../recording/recordingWriter.js';
import { cancelRequestPath } from '../recording/store.js';
import type { RecordingSession } from './recordPipeline.js';
import type { StoreRoom } from './storeRoom.js';

/** How often a running job's duration and requests to cancel are looked at, ms. */
const tickMs = 100;
/** Progress is told at most so often, ms. */
const progressMs = 250;

/**
 * So long a source must have ended until its recording does, ms: of a program that is killed, a runner may take the source
 * for ended before it notices.
 */
const sourceEndMs = 3000;

/** Watches over a running recording job. */
export interface FollowedRecording {
  job: BackgroundCachingJob;
  /** To be called whenever elements were added: nothing is added after a limit is reached. */
  checkLimits(): void;
  /** The watermark of a recording is at the end of time. */
  sourceEnded(writer: RecordingWriter): void;
  /** Ends the recordings: why, follows from the job's last state. */
  end(state: State, failure: string | undefined): Promise<void>;
}

/** Ends recordings and their job at their limits or when any process asks for it, and tells the progress. */
export function followRecording(
  options: RecordingSession,
  running: RunningJob,
  writers: RecordingWriter[],
  room: StoreRoom,
): FollowedRecording {
  // The time a runner takes to start is not the recording's.
  let runningSince: number | undefined;
  running.job.events.on('state', ({ state }) => {
    if (state === State.RUNNING) runningSince ??= performance.now();
  });
  const elapsedMs = (): number =>
    runningSince === undefined ? 0 : performance.now() - runningSince;

  const pipelineResult = {
    get state() {
      return State[running.job.state] as JobStateName;
    },
    cancel: () => running.cancel(),
  };
  const job = new BackgroundCachingJob(pipelineResult, [
    recordingsLimiter(
      () => writers.map(({ recording }) => recording),
      options.recordTogether ?? false,
    ),
    storeLimiter(options.maxStoreBytes ?? Infinity, () => room.bytes(ownBytes())),
  ]);
  const limiters = new Map(writers.map((writer) => [writer, limitersOf(writer, elapsedMs)]));
  const ownBytes = (): number => writers.reduce((sum, { recording }) => sum + recording.bytes, 0);

  /** Since when sources have ended, ms on the monotonic clock. */
  const sourceEnds = new Map<RecordingWriter, number>();

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
        bytes: ownBytes(),
        elapsedMs: elapsedMs(),
        limits: options.limits,
        sources,
      },
    });
  };
  const report = (error: unknown): void => {
    options.onEvent({ kind: 'message', severity: 'error', text: `Cannot end: ${String(error)}` });
  };
  const checkLimits = (): void => {
    // What is added after this call is beyond the limit, though the runner does not know yet.
    for (const [writer, own] of limiters) {
      const reached = own.find((limiter) => limiter.isTriggered());
      if (reached) void writer.end(reached.endReason);
    }
    job.checkLimits().catch(report);
    if (job.endReason) void endAll(job.endReason);
  };
  const endAll = async (
    ...[reason, message]: Parameters<RecordingWriter['end']>
  ): Promise<void> => {
    const reasonOf = (writer: RecordingWriter) =>
      sourceEnds.has(writer) && reason !== 'failed' ? 'source finished' : reason;
    await Promise.all(writers.map((writer) => writer.end(reasonOf(writer), message)));
  };
  const ticker = setInterval(() => {
    for (const [writer, since] of sourceEnds)
      if (performance.now() - since >= sourceEndMs) void writer.end('source finished');
    checkLimits();
    room.look(ownBytes());
    const isAsked = writers.some(({ recording }) =>
      existsSync(cancelRequestPath(options.store, recording.id)),
    );
    if (isAsked) options.end();
    if (options.signal.aborted) job.cancel().catch(report);
    if (performance.now() - lastProgress >= progressMs) reportProgress();
  }, tickMs);

  return {
    job,
    checkLimits() {
      runningSince ??= performance.now();
      checkLimits();
    },
    sourceEnded(writer) {
      if (!sourceEnds.has(writer)) sourceEnds.set(writer, performance.now());
    },
    async end(state, failure) {
      clearInterval(ticker);
      if (failure !== undefined) await endAll('failed', failure);
      else if (job.endReason) await endAll(job.endReason);
      else if (state === State.DONE) await endAll('source finished');
      else await endAll('cancelled');
      reportProgress();
    },
  };
}

function limitersOf({ recording }: RecordingWriter, elapsedMs: () => number): Limiter[] {
  const { durationMs, maxBytes, maxElements } = recording.limits;
  return [
    durationLimiter(durationMs, elapsedMs),
    bytesLimiter(maxBytes, () => recording.bytes),
    elementsLimiter(maxElements, () => recording.elements),
  ];
}
