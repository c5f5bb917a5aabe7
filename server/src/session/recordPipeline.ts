import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import type { JobPlan, RunningJob } from '../beam/jobService/jobService.js';
import { recordedCoderAsWritten } from '../beam/pipeline/goCoders.js';
import { coderClosure } from '../beam/pipeline/recordedCoder.js';
import type { SourceOutput, UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import {
  JobMessage_MessageImportance as Importance,
  JobState_Enum as State,
} from '../beam/proto/beam/job_pb.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import type { PipelineSource } from '../language/source.js';
import { recordDoFn } from '../recording/recordDoFn.js';
import type { Recording, WrittenEndReason } from '../recording/recording.js';
import type { Redactor } from '../recording/redaction/redactor.js';
import { redactorFor } from '../recording/redaction/redactor.js';
import { isRedactedEnough, redactionOf } from '../recording/redaction/rules.js';
import { formatVersion, isLimit } from '../recording/recording.js';
import { processingClock } from '../recording/processingTime.js';
import type { OpenRecordingOptions, RecordingWriter } from '../recording/recordingWriter.js';
import { openRecording } from '../recording/recordingWriter.js';
import { limitsOfSource } from '../recording/sourceLimits.js';
import { newRecordingId } from '../recording/store.js';
import { defaultWatermarkResolutionMs } from '../recording/watermarkDoFn.js';
import type { MatchedSource } from './matchSources.js';
import { followRecording } from './followRecording.js';
import { addRecordingSinks } from './recordingSinks.js';
import { defaultRetention, retainRecordings } from './retention.js';
import type { RecordOptions } from './session.js';
import { recordingsOf, statusesFrom } from './statusOfFile.js';
import { isUsable } from './usable.js';
import { watchRoom } from './storeRoom.js';
import { sourceTextOf } from './sourceText.js';
import { submittedSources } from './submittedSources.js';

/** A program's run in which its pipelines are recorded. */
export interface RecordingSession extends RecordOptions {
  /** Ends all of it, as the signal does. */
  end: () => void;
}

/** A recording job as the session sees it. */
export interface RecordingJob {
  /** Why it failed, in the runner's words; undefined if it did not. */
  failure: () => string | undefined;
  /** It was told to end by the user. */
  wasCancelled: () => boolean;
}

/** Plans the recording job of a submitted pipeline, or leaves the pipeline out where there is nothing to record. */
export async function recordPipeline(
  options: RecordingSession,
  texts: PipelineSource[],
  pipeline: Pipeline,
  running: RunningJob,
  workers: ExternalWorkerPool,
  onStart: (job: RecordingJob) => unknown,
): Promise<JobPlan> {
  const submitted = submittedSources(pipeline, texts, options.recordableSources ?? []);
  if (submitted.length === 0) {
    const note = 'This pipeline has no unbounded source: it runs as it is and nothing is recorded.';
    running.job.addMessage(Importance.JOB_MESSAGE_BASIC, note);
    return { pipeline };
  }
  const matched = await sourcesToRecord(options, submitted, texts);
  if (matched.length === 0) return {};

  // Where elements cannot be redacted, nothing is recorded.
  const redactors = matched.flatMap(({ submitted: source, text }) =>
    source.outputs.map((output) => redactorOf(options, pipeline, source, output, text)),
  );
  let failure: string | undefined;
  const fail = (message: string): void => {
    running.job.addMessage(Importance.JOB_MESSAGE_ERROR, message);
    failure ??= message;
  };
  let writers: RecordingWriter[] = [];
  // Nothing is added any more: a runner that tries again would send what is recorded a second time.
  const giveUp = (reason: WrittenEndReason, message: string): void => {
    fail(message);
    for (const writer of writers) void writer.end(reason, message);
    // One that has ended cannot be cancelled any more.
    running.cancel().catch(() => undefined);
  };
  const sources = matched.map(({ submitted: source }) => source);
  const sinks = await addRecordingSinks(pipeline, sources, running, workers, {
    backend: options.backend,
    watermarkResolutionMs: options.watermarkResolutionMs ?? defaultWatermarkResolutionMs,
    outputOf(output) {
      const writer = writers[output];
      const checkLimits = (): void => {
        following.checkLimits();
      };
      return writer && { writer, sink: recordDoFn(writer, checkLimits, redactors[output]) };
    },
    onSourceEnd: (writer) => {
      following.sourceEnded(writer);
    },
    onError(message) {
      // A job that is told to end may break off what it is at.
      if (!following.job.endReason) giveUp('failed', message);
    },
  });
  const startedAt = await startOfRecording(options);
  const writing: OpenRecordingOptions = {
    clock: processingClock(startedAt.getTime()),
    onFailure({ message }) {
      giveUp('write failure', message);
    },
  };
  writers = await allOpened(
    matched.flatMap(({ submitted: source, text }) =>
      source.outputs.map((output) =>
        openOutput(options, pipeline, source, output, text, startedAt, writing),
      ),
    ),
  ).catch((error: unknown) => {
    sinks.close();
    throw error;
  });
  const room = await watchRoom(
    options.store,
    options.maxStoreBytes ?? Infinity,
    writers.map(({ recording }) => recording.id),
    ({ file, label }) => {
      const text = `Removed an earlier recording of "${label}" (${file}): the store is full.`;
      options.onEvent({ kind: 'message', severity: 'warning', text });
    },
  );
  const following = followRecording(options, running, writers, room);
  const { job } = following;
  onStart({
    failure: () => failure,
    wasCancelled: () => job.endReason === 'cancelled',
  });
  return {
    pipeline: sinks.pipeline,
    ...(sinks.runnerEndpoint !== undefined && { runnerEndpoint: sinks.runnerEndpoint }),
    // A recording that reached its limit is done: the program need not see it as cancelled.
    stateForClient: (state) => (isLimit(job.endReason) ? State.DONE : state),
    onEnd: async (state) => {
      sinks.close();
      const elements = writers.reduce((sum, { recording }) => sum + recording.elements, 0);
      // A runner may call a job failed that was told to end.
      if (state === State.FAILED && !job.endReason) failure ??= lastErrorMessage(running);
      else if (state === State.DONE && elements === 0) fail(nothingDelivered(options.backend));
      await following.end(state, failure);
      const { store, file, keepRecordings = defaultRetention } = options;
      const recordings = writers.map(({ recording }) => recording);
      await retainRecordings(store, file, recordings, texts, keepRecordings);
    },
  };
}

/** Now, but behind the last recording of the file, though the clock was set back: the latest is the last in order. */
async function startOfRecording({ store, file }: RecordOptions): Promise<Date> {
  const starts = (await recordingsOf(store, file)).map(({ startedAt }) => startedAt);
  // Ids sort by seconds.
  return new Date(Math.max(Date.now(), ...starts.map((start) => start + 1000)));
}

/** Those of a pipeline's sources that have no valid recording; all of them when they are to be recorded together. */
async function sourcesToRecord(
  options: RecordOptions,
  matched: MatchedSource[],
  texts: PipelineSource[],
): Promise<MatchedSource[]> {
  const { force, redact = [] } = options;
  if (force) return matched;
  const recordings = await recordingsOf(options.store, options.file);
  const statuses = statusesFrom(recordings, texts);
  const needed = matched.filter(({ submitted, text }) =>
    text
      ? !statuses.some(
          ({ source, state, recording }) =>
            source === text &&
            state === 'valid' &&
            recording &&
            isRedactedEnough(recording, redact),
        )
      : !recordings.some(
          (one) =>
            one.uniqueName === submitted.uniqueName &&
            isUsable(one) &&
            isRedactedEnough(one, redact),
        ),
  );
  return options.recordTogether && needed.length > 0 ? matched : needed;
}

function redactorOf(
  { redact = [] }: RecordOptions,
  { components }: Pipeline,
  source: UnboundedSource,
  output: SourceOutput,
  text: PipelineSource | undefined,
): Redactor | undefined {
  if (!components?.pcollections[output.pcollectionId]) return undefined;
  const coderId = recordedCoderAsWritten(components, output.pcollectionId);
  return redactorFor(redact, text?.label ?? source.uniqueName, coderId, components.coders);
}

async function openOutput(
  options: RecordOptions,
  pipeline: Pipeline,
  source: UnboundedSource,
  output: SourceOutput,
  text: PipelineSource | undefined,
  startedAt: Date,
  writing: OpenRecordingOptions,
): Promise<RecordingWriter> {
  const { components } = pipeline;
  if (!components?.pcollections[output.pcollectionId])
    throw new Error(`"${source.uniqueName}" has no output.`);
  const coderId = recordedCoderAsWritten(components, output.pcollectionId);
  const label = text?.label ?? source.uniqueName;
  const redaction = redactionOf(options.redact ?? [], label);
  const recording: Recording = {
    formatVersion,
    id: newRecordingId(startedAt),
    file: options.file,
    pipeline: text?.pipeline ?? '',
    label,
    uniqueName: source.uniqueName,
    ...(source.outputs.length > 1 && { output: output.tag }),
    ...(text && {
      signature: text.signature,
      sourceText: sourceTextOf(options.file, options.text, text),
    }),
    coder: coderUrnTree(coderId, components.coders),
    limits: limitsOfSource(options.limits, options.sourceLimits ?? [], label),
    ...(redaction && { redaction }),
    ...(options.name !== undefined && { name: options.name }),
    startedAt: startedAt.getTime(),
    elements: 0,
    bytes: 0,
  };
  const coders = coderClosure(components.coders, coderId);
  return openRecording(options.store, recording, coders, coderId, writing);
}

/** All writers, or none: those that could be opened beside one that could not leave nothing behind. */
async function allOpened(opening: Promise<RecordingWriter>[]): Promise<RecordingWriter[]> {
  const results = await Promise.allSettled(opening);
  const opened = results.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const refused = results.find((each) => each.status === 'rejected');
  if (!refused) return opened;
  for (const writer of opened) await writer.end('failed');
  throw refused.reason;
}

function lastErrorMessage({ job }: RunningJob): string {
  const errors = job.messages.filter(
    ({ importance }) => importance === Importance.JOB_MESSAGE_ERROR,
  );
  return errors.at(-1)?.messageText ?? 'The runner ended the job as FAILED and gave no reason.';
}

function nothingDelivered(backend: string): string {
  return (
    `The runner (${backend}) ended the job as DONE without delivering one element. ` +
    'It may not support this source: try another backend.'
  );
}
