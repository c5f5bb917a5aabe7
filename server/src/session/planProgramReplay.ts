import { pipelineOutputs } from '../beam/pipeline/pipelineOutputs.js';
import { programReplayPipeline, withProgramOutputs } from '../beam/pipeline/programPipeline.js';
import { JobState_Enum as State } from '../beam/proto/beam/job_pb.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { Recording } from '../recording/recording.js';
import { serveRecordService } from '../recording/recordService.js';
import { tellersOf } from '../replay/outputDoFn.js';
import { mergeLive } from '../replay/testStream/mergeLive.js';
import { mergeLogs } from '../replay/testStream/mergeLogs.js';
import { serveReplay } from '../replay/testStream/serveReplay.js';
import { testStreamSteps } from '../replay/testStream/steps.js';
import { disturb } from '../replay/whatIf/disturb.js';
import type { MatchedSource } from './matchSources.js';
import type { ReplayPlan } from './planReplay.js';
import { followLogs, readLogs } from './replayedLogs.js';
import type { ReplayOptions } from './session.js';

/**
 * Plans a main job in the direct runner of the program's own process: it reads a test stream that we serve, whatever its
 * length, and follows a recording that is being made. A job that ends before it was told everything has failed.
 */
export async function planProgramReplay(
  options: ReplayOptions,
  pipeline: Pipeline,
  matched: MatchedSource[],
  chosen: Recording[],
  isLive: boolean,
): Promise<ReplayPlan> {
  const { whatIfs = [], seed = 0 } = options;
  const labels = chosen.map(({ label }) => label);
  const startedAt = chosen.map((recording) => recording.startedAt);
  const service = await serveReplay(chosen.length, (isWanted) => {
    const read = () => mergeLogs(readLogs(options, pipeline, matched, chosen), startedAt);
    const merged = isLive
      ? mergeLive(followLogs(options, chosen), startedAt, isWanted)
      : disturb(read(), whatIfs, labels, seed);
    return testStreamSteps(merged, {
      outputs: chosen.length,
      unitMicros: 1n,
      endsOutput: isWanted,
    });
  });
  const sources = matched.map(({ submitted }) => submitted);
  const replay = programReplayPipeline(pipeline, sources, service);
  const told = await tellOutputs(options, pipeline, replay).catch((error: unknown) => {
    service.close();
    throw error;
  });
  return {
    pipeline: told.pipeline,
    replays: chosen.length,
    onEnd: (state) => {
      service.close();
      told.close();
      const shortcoming = service.shortcoming();
      return state === State.DONE && shortcoming !== undefined
        ? Promise.reject(new Error(shortcoming))
        : Promise.resolve();
    },
  };
}

/** The replay of a submitted pipeline with what sends the chosen outputs to us. */
async function tellOutputs(
  { outputs: asked, onEvent }: ReplayOptions,
  submitted: Pipeline,
  pipeline: Pipeline,
): Promise<{ pipeline: Pipeline; close: () => void }> {
  if (!asked) return { pipeline, close: () => undefined };
  const outputs = pipelineOutputs(submitted, asked.labels);
  let tellers: EncodedDoFn[] = [];
  const service = await serveRecordService(outputs.length, {
    outputOf(output) {
      const sink = tellers[output];
      return sink && { sink };
    },
    onError(text) {
      onEvent({ kind: 'message', severity: 'error', text });
    },
  });
  const { close } = service;
  try {
    const told = withProgramOutputs(pipeline, outputs, service);
    tellers = tellersOf(outputs, told.coders, asked.onLine);
    return { pipeline: told.pipeline, close };
  } catch (error) {
    close();
    throw error;
  }
}
