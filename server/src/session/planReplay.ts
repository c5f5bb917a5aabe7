import type { JobPlan } from '../beam/jobService/jobService.js';
import { recordedCoder } from '../beam/pipeline/recordedCoder.js';
import { pipelineOutputs, withOutputs } from '../beam/pipeline/pipelineOutputs.js';
import { followPipeline, replayPipeline } from '../beam/pipeline/replayPipeline.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { urns } from '../beam/urns.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import { reencoded } from '../interchange/reencode.js';
import type { PipelineSource } from '../language/source.js';
import type { FollowedLog } from '../recording/followLog.js';
import { followLog } from '../recording/followLog.js';
import { formatSize } from '../recording/parseLimits.js';
import type { LogDamage } from '../recording/readFrames.js';
import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { isFromInteractiveBeam } from '../recording/recording.js';
import { verifyRecording } from '../recording/recoverRecording.js';
import { isOwned, logPath, readRecording } from '../recording/store.js';
import { followDoFn } from '../replay/followDoFn.js';
import { holdDoFn } from '../replay/holdDoFn.js';
import { outputDoFn } from '../replay/outputDoFn.js';
import { routeDoFn } from '../replay/routeDoFn.js';
import { startDoFn } from '../replay/startDoFn.js';
import { mergeLogs } from '../replay/testStream/mergeLogs.js';
import { taggedTestStreamEvents, testStreamEvents } from '../replay/testStreamEvents.js';
import { disturb } from '../replay/whatIf/disturb.js';
import { chooseRecordings } from './chooseRecordings.js';
import type { MatchedSource } from './matchSources.js';
import type { ReplayOptions } from './session.js';
import { submittedSources } from './submittedSources.js';

/** Recordings up to this size travel inside of the pipeline; a message cannot be larger than 2 GiB. */
const maxTestStreamBytes = 1 << 30;

/** The main job of a submitted pipeline. */
export interface ReplayPlan extends JobPlan {
  /** Recordings it reads. */
  replays: number;
}

/** Plans the main job of a submitted pipeline: its recordings stand in for its sources. */
export async function planReplay(
  options: ReplayOptions,
  texts: PipelineSource[],
  pipeline: Pipeline,
  workers: ExternalWorkerPool,
): Promise<ReplayPlan> {
  const matched = submittedSources(pipeline, texts, options.recordableSources ?? []);
  if (matched.length === 0) return { pipeline, replays: 0 };
  const chosen = await chooseRecordings(options, texts, pipeline, matched);
  const bytes = chosen.reduce(
    (sum, recording) => sum + (recording.dataBytes ?? recording.bytes),
    0,
  );
  const isLive = chosen.some(isOwned);
  if (!isLive && bytes <= maxTestStreamBytes) {
    return planTestStream(options, pipeline, matched, chosen, workers);
  }
  if (!isLive && chosen.some(isFromInteractiveBeam)) {
    throw new Error(
      `A recording that came from Interactive Beam is replayed up to ${formatSize(maxTestStreamBytes)}; this one is ${formatSize(bytes)}.`,
    );
  }
  if (options.whatIfs?.length) {
    throw new Error(
      isLive
        ? 'A recording that is still being made is replayed as it is. Wait for its end to change what it tells.'
        : `The recording is too large to be changed on its way (${formatSize(bytes)}, at most ${formatSize(maxTestStreamBytes)}). Record less, with lower limits.`,
    );
  }
  const why = isLive
    ? 'The recording is still being made: the replay follows it to its end.'
    : `The recording is large (${formatSize(bytes)}): it is read while it is replayed, and processing time is not repeated.`;
  options.onEvent({ kind: 'message', severity: 'info', text: why });
  return planFollowing(options, pipeline, matched, chosen, workers);
}

/** The events are known: they travel inside of the pipeline, in their one order. */
async function planTestStream(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
  workers: ExternalWorkerPool,
): Promise<ReplayPlan> {
  const damages: string[] = [];
  const outputs = matched.flatMap(({ submitted }) => submitted.outputs);
  const logs = chosen.map((recording, index) => {
    const log = readLog(logPath(options.store, recording.id), (damage) => {
      damages.push(damageOf(recording, damage));
      noteDamage(options, recording);
    });
    const output = outputs[index];
    return output && isFromInteractiveBeam(recording)
      ? asSubmitted(log, pipeline, output.pcollectionId)
      : log;
  });
  const labels = chosen.map(({ label }) => label);
  const startedAt = chosen.map((recording) => recording.startedAt);
  const { whatIfs = [], seed = 0 } = options;
  const merged = disturb(mergeLogs(logs, startedAt), whatIfs, labels, seed);
  const events =
    logs.length === 1
      ? await testStreamEvents(merged)
      : await taggedTestStreamEvents(merged, logs.length);
  for (const text of damages) options.onEvent({ kind: 'message', severity: 'warning', text });
  const worker = addWorker(options, workers, (urn, _output, runner) => {
    if (urn === urns.routeDoFn) return routeDoFn(runner);
    return urn === urns.holdDoFn ? holdDoFn() : undefined;
  });
  const sources = matched.map(({ submitted }) => submitted);
  const replay = worker.tell(replayPipeline(pipeline, sources, events, worker.address));
  return { pipeline: replay, replays: chosen.length };
}

/** Our worker reads the logs while the job runs. */
function planFollowing(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
  workers: ExternalWorkerPool,
): ReplayPlan {
  const { store } = options;
  const logs: FollowedLog[] = chosen.map((recording) =>
    followLog(
      logPath(store, recording.id),
      async () => {
        const now = await readRecording(store, recording.id);
        return now !== null && isOwned(now);
      },
      (damage) => {
        const text = damageOf(recording, damage);
        options.onEvent({ kind: 'message', severity: 'warning', text });
        noteDamage(options, recording);
      },
    ),
  );
  const worker = addWorker(options, workers, (urn, output, runner) => {
    if (urn === urns.startDoFn) return startDoFn(output, runner);
    const log = logs[output];
    return log && urn === urns.followDoFn ? followDoFn(log) : undefined;
  });
  const sources = matched.map(({ submitted }) => submitted);
  return {
    pipeline: worker.tell(followPipeline(pipeline, sources, worker.address)),
    replays: chosen.length,
    onEnd: async () => {
      await Promise.all(logs.map((log) => log.close()));
    },
  };
}

/** Our worker of a replay: where it is, and how the pipeline gets what tells the chosen outputs. */
function addWorker(
  { onEvent, outputs: asked }: ReplayOptions,
  workers: ExternalWorkerPool,
  create: (urn: string, output: number, runner: string) => EncodedDoFn | undefined,
) {
  let tellers: EncodedDoFn[] = [];
  const address = workers.addJob({
    createDoFn: (urn, output, runner) => {
      const doFn = urn === urns.outputDoFn ? tellers[output] : create(urn, output, runner);
      if (!doFn) throw new Error(`Beam Rewind has no DoFn "${urn}" in a replay.`);
      return doFn;
    },
    onError: (text) => {
      onEvent({ kind: 'message', severity: 'error', text });
    },
  });
  const tell = (pipeline: Pipeline): Pipeline => {
    if (!asked) return pipeline;
    const outputs = pipelineOutputs(pipeline, asked.labels);
    const told = withOutputs(pipeline, outputs, address);
    tellers = told.coders.map((coders, output) =>
      outputDoFn(outputs[output]?.label ?? '', coders, asked.onLine),
    );
    return told.pipeline;
  };
  return { address, tell };
}

/** A log that came from Interactive Beam, in the coder that the submitted pipeline has for its elements. */
function asSubmitted(
  log: AsyncIterable<LogRecord>,
  { components }: Pipeline,
  pcollectionId: string,
): AsyncIterable<LogRecord> {
  const pcollection = components?.pcollections[pcollectionId];
  if (!components || !pcollection) return log;
  return reencoded(log, recordedCoder(components, pcollection.coderId), components.coders);
}

/** Damage that is met here first stands in the recording from then on: it is not valid any more. */
function noteDamage({ store }: ReplayOptions, recording: Recording): void {
  // That it is told is enough where the store cannot be written.
  if (!recording.damage) void verifyRecording(store, recording).catch(() => undefined);
}

function damageOf({ label }: Recording, damage: LogDamage): string {
  return `The recording of "${label}" is damaged ${damageText(damage)}.`;
}
