import type { Backend } from '../beam/backends/backend.js';
import { flinkReplayOptions } from '../beam/backends/flink.js';
import { pythonDirect } from '../beam/backends/pythonDirect.js';
import type { JobPlan } from '../beam/jobService/jobService.js';
import { pipelineOutputs, withOutputs } from '../beam/pipeline/pipelineOutputs.js';
import { followPipeline, replayPipeline } from '../beam/pipeline/replayPipeline.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { urns } from '../beam/urns.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import type { PipelineSource } from '../language/source.js';
import { formatSize } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';
import { isFromInteractiveBeam } from '../recording/recording.js';
import { isOwned } from '../recording/store.js';
import { followDoFn } from '../replay/followDoFn.js';
import { holdDoFn } from '../replay/holdDoFn.js';
import { tellersOf } from '../replay/outputDoFn.js';
import { routeDoFn } from '../replay/routeDoFn.js';
import { startDoFn } from '../replay/startDoFn.js';
import { mergeLogs } from '../replay/testStream/mergeLogs.js';
import { taggedTestStreamEvents, testStreamEvents } from '../replay/testStreamEvents.js';
import { disturb } from '../replay/whatIf/disturb.js';
import { chooseRecordings } from './chooseRecordings.js';
import type { MatchedSource } from './matchSources.js';
import { planProgramReplay } from './planProgramReplay.js';
import { followLogs, readLogs } from './replayedLogs.js';
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
  runner: Backend['kind'],
): Promise<ReplayPlan> {
  const matched = submittedSources(pipeline, texts, options.recordableSources ?? []);
  if (matched.length === 0) return { pipeline, replays: 0 };
  const chosen = await chooseRecordings(options, texts, pipeline, matched);
  const bytes = chosen.reduce(
    (sum, recording) => sum + (recording.dataBytes ?? recording.bytes),
    0,
  );
  const isLive = chosen.some(isOwned);
  if (isLive && options.whatIfs?.length) {
    throw new Error(
      'A recording that is still being made is replayed as it is. Wait for its end to change what it tells.',
    );
  }
  if (isLive) {
    const text = 'The recording is still being made: the replay follows it to its end.';
    options.onEvent({ kind: 'message', severity: 'info', text });
  }
  if (options.backend === pythonDirect) {
    return planProgramReplay(options, pipeline, matched, chosen, isLive);
  }
  if (!isLive && bytes <= maxTestStreamBytes) {
    return planTestStream(options, pipeline, matched, chosen, workers, runner);
  }
  if (runner === 'flink') {
    throw new Error(
      isLive
        ? 'On Flink, a recording is replayed when it has ended. Wait for its end, or use the backend prism to follow it.'
        : `On Flink, recordings of up to ${formatSize(maxTestStreamBytes)} are replayed; this one is ${formatSize(bytes)}. Use the backend prism, or record less.`,
    );
  }
  if (!isLive && chosen.some(isFromInteractiveBeam)) {
    throw new Error(
      `A recording that came from Interactive Beam is replayed up to ${formatSize(maxTestStreamBytes)}; this one is ${formatSize(bytes)}.`,
    );
  }
  if (options.whatIfs?.length) {
    throw new Error(
      `The recording is too large to be changed on its way (${formatSize(bytes)}, at most ${formatSize(maxTestStreamBytes)}). Record less, with lower limits.`,
    );
  }
  if (!isLive) {
    const why = `The recording is large (${formatSize(bytes)}): it is read while it is replayed, and processing time is not repeated.`;
    options.onEvent({ kind: 'message', severity: 'info', text: why });
  }
  return planFollowing(options, pipeline, matched, chosen, workers);
}

/** The events are known: they travel inside of the pipeline, in their one order. */
async function planTestStream(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
  workers: ExternalWorkerPool,
  runner: Backend['kind'],
): Promise<ReplayPlan> {
  const isFlink = runner === 'flink';
  const logs = readLogs(options, pipeline, matched, chosen);
  const labels = chosen.map(({ label }) => label);
  const startedAt = chosen.map((recording) => recording.startedAt);
  const { whatIfs = [], seed = 0 } = options;
  const merged = disturb(mergeLogs(logs, startedAt), whatIfs, labels, seed);
  // Flink takes a test stream of bytes only.
  const tagged = logs.length > 1 || isFlink;
  const events = tagged
    ? await taggedTestStreamEvents(merged, logs.length, !isFlink)
    : await testStreamEvents(merged);
  const worker = addWorker(options, pipeline, workers, (urn, _output, runner) => {
    if (urn === urns.routeDoFn) return routeDoFn(runner);
    return urn === urns.holdDoFn ? holdDoFn() : undefined;
  });
  const sources = matched.map(({ submitted }) => submitted);
  return {
    pipeline: worker.tell(replayPipeline(pipeline, sources, events, worker.address, tagged)),
    ...(isFlink && { pipelineOptions: flinkReplayOptions }),
    replays: chosen.length,
  };
}

/** Our worker reads the logs while the job runs. */
function planFollowing(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
  workers: ExternalWorkerPool,
): ReplayPlan {
  const logs = followLogs(options, chosen);
  const worker = addWorker(options, pipeline, workers, (urn, output, runner) => {
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
  submitted: Pipeline,
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
    const outputs = pipelineOutputs(submitted, asked.labels);
    const told = withOutputs(pipeline, outputs, address);
    tellers = tellersOf(outputs, told.coders, asked.onLine);
    return told.pipeline;
  };
  return { address, tell };
}
