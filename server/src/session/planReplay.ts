import type { JobPlan } from '../beam/jobService/jobService.js';
import { replayPipeline } from '../beam/pipeline/replayPipeline.js';
import { recordedCoder } from '../beam/pipeline/recordedCoder.js';
import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { urns } from '../beam/urns.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import { explainDifference } from '../language/signature.js';
import type { PipelineSource } from '../language/source.js';
import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { logPath } from '../recording/store.js';
import { holdDoFn } from '../replay/holdDoFn.js';
import { routeDoFn } from '../replay/routeDoFn.js';
import { mergeLogs } from '../replay/testStream/mergeLogs.js';
import { taggedTestStreamEvents, testStreamEvents } from '../replay/testStreamEvents.js';
import { namedRecordings } from './recordings.js';
import type { ReplayOptions } from './session.js';
import type { SourceStatus } from './sourceStatus.js';
import { recordedTogether, recordingsOf, statusesFrom } from './statusOfFile.js';
import { submittedSources } from './submittedSources.js';
import { isUsable } from './usable.js';

/** A test stream travels inside of the pipeline, and a message cannot be larger than this, bytes. */
const maxTestStreamBytes = 1 << 30;

/** Plans the main job of a submitted pipeline: each source becomes a test stream of its valid recording. */
export async function planReplay(
  options: ReplayOptions,
  texts: PipelineSource[],
  pipeline: Pipeline,
  workers: ExternalWorkerPool,
): Promise<JobPlan & { replays: number }> {
  const matched = submittedSources(pipeline, texts, options.recordableSources ?? []);
  if (matched.length === 0) return { pipeline, replays: 0 };
  const recordings = await recordingsOf(options.store, options.file);
  const statuses = statusesFrom(recordings, texts);
  const chosen = matched.flatMap(({ submitted: source, text }) => {
    const own =
      recordingsByName(options, recordings, source, text) ??
      recordingsOfSource(recordings, source, text, statuses);
    return source.outputs.map(({ tag, pcollectionId }) => {
      const recording =
        source.outputs.length > 1 ? own.find(({ output }) => output === tag) : own.at(0);
      if (!recording) throw new Error(`No recording of "${source.uniqueName}" (output ${tag}).`);
      checkCoder(pipeline, source, pcollectionId, recording);
      return recording;
    });
  });
  const bytes = chosen.reduce((sum, recording) => sum + recording.bytes, 0);
  if (bytes > maxTestStreamBytes) {
    throw new Error(
      `The recording is too large to be replayed in one message (${bytes} bytes, at most ${maxTestStreamBytes}). ` +
        'Record less, with lower limits.',
    );
  }
  warnOfDifferentTimes(chosen, options);
  const startedAt = chosen.map((recording) => recording.startedAt);
  const damages: string[] = [];
  const logs = chosen.map(({ id, label }) =>
    readLog(logPath(options.store, id), (damage) => {
      damages.push(`The recording of "${label}" is damaged ${damageText(damage)}.`);
    }),
  );
  const merged = mergeLogs(logs, startedAt);
  const events =
    logs.length === 1
      ? await testStreamEvents(merged)
      : await taggedTestStreamEvents(merged, logs.length);
  for (const text of damages) options.onEvent({ kind: 'message', severity: 'warning', text });
  const worker = workers.addJob({
    createDoFn: (urn, _output, runner) => {
      if (urn === urns.routeDoFn) return routeDoFn(runner);
      if (urn === urns.holdDoFn) return holdDoFn();
      throw new Error(`Beam Rewind has no DoFn "${urn}" in a replay.`);
    },
    onError: (text) => {
      options.onEvent({ kind: 'message', severity: 'error', text });
    },
  });
  const submitted = matched.map((source) => source.submitted);
  return { pipeline: replayPipeline(pipeline, submitted, events, worker), replays: chosen.length };
}

/**
 * The recordings of a source that the user named; undefined if none of the names means one of its recordings. A stale one
 * is replayed when it is asked for, with a warning.
 */
function recordingsByName(
  { recordings: names = [], onEvent }: ReplayOptions,
  recordings: Recording[],
  source: UnboundedSource,
  text: PipelineSource | undefined,
): Recording[] | undefined {
  const isOfSource = ({ pipeline, label, uniqueName }: Recording): boolean =>
    text ? pipeline === text.pipeline && label === text.label : uniqueName === source.uniqueName;
  const own = recordings.filter((recording) => isUsable(recording) && isOfSource(recording));
  const [named] = names.flatMap((name) => namedRecordings(own, name));
  if (!named) return undefined;
  if (text && named.signature && named.signature.hash !== text.signature.hash) {
    const difference = explainDifference(named.signature, text.signature);
    const warning = `Recording ${named.name ?? named.id} of "${named.label}" is stale: ${difference}.`;
    onEvent({ kind: 'message', severity: 'warning', text: warning });
  }
  return recordedTogether(named, own);
}

/** Event times stay as they were recorded: windows of sources that were recorded at different times do not meet. */
function warnOfDifferentTimes(chosen: Recording[], { onEvent }: ReplayOptions): void {
  const [first, ...rest] = chosen.filter(({ elements }) => elements > 0);
  const apart = rest.find(
    (other) =>
      first !== undefined &&
      other.startedAt !== first.startedAt &&
      (Number(other.minTimestamp) > Number(first.maxTimestamp) ||
        Number(other.maxTimestamp) < Number(first.minTimestamp)),
  );
  if (!first || !apart) return;
  const text =
    `"${first.label}" and "${apart.label}" were recorded at different times, and their event times do not overlap. ` +
    'If they are to meet in windows, record them together.';
  onEvent({ kind: 'message', severity: 'warning', text });
}

/** Recordings to replay for a source: one, or one for each of its outputs. @throws Error that says what to do */
function recordingsOfSource(
  recordings: Recording[],
  source: UnboundedSource,
  text: PipelineSource | undefined,
  statuses: SourceStatus[],
): Recording[] {
  if (!text) {
    const own = recordings.filter(
      (recording) => recording.uniqueName === source.uniqueName && isUsable(recording),
    );
    if (own.length > 0) return own.reverse();
    throw new Error(`Nothing is recorded for "${source.uniqueName}". Record the sources first.`);
  }
  const status = statuses.find((each) => each.source === text);
  if (status?.state !== 'valid' || !status.recording) {
    const reason = status?.reason ? ` (${status.reason})` : '';
    const state = status?.state === 'stale' ? 'is stale' : 'is missing';
    throw new Error(
      `The recording of "${text.label}" ${state}${reason}. Record its sources again.`,
    );
  }
  const together = recordedTogether(status.recording, recordings);
  // A source in a loop is several by the time it runs.
  const named = together.filter(({ uniqueName }) => uniqueName === source.uniqueName);
  return text.repeated && named.length > 0 ? named : together;
}

/** The elements' bytes mean something only to the coder they were written by. */
function checkCoder(
  pipeline: Pipeline,
  source: UnboundedSource,
  pcollectionId: string,
  recording: Recording,
): void {
  const { components } = pipeline;
  const pcollection = components?.pcollections[pcollectionId];
  if (!components || !pcollection) return;
  const coder = coderUrnTree(recordedCoder(components, pcollection.coderId), components.coders);
  if (coder === recording.coder) return;
  throw new Error(
    `The elements of "${source.uniqueName}" are now encoded by ${coder}, but were recorded as ${recording.coder}. ` +
      'Record its sources again.',
  );
}
