import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import { recordedCoderAsWritten } from '../beam/pipeline/goCoders.js';
import { recordedCoder } from '../beam/pipeline/recordedCoder.js';
import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { explainDifference } from '../language/signature.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { isFromInteractiveBeam } from '../recording/recording.js';
import type { MatchedSource } from './matchSources.js';
import { namedRecordings } from './recordings.js';
import type { ReplayOptions } from './session.js';
import type { SourceStatus } from './sourceStatus.js';
import { recordedTogether, recordingsOf, statusesFrom } from './statusOfFile.js';
import { isReplayable } from './sourceStatus.js';
import { incompleteText, isReadable, isUsable } from './usable.js';

/**
 * The recordings to replay in place of submitted sources: one for each of their outputs, in order.
 * @throws Error that says what to do, when one is missing
 */
export async function chooseRecordings(
  options: ReplayOptions,
  texts: PipelineSource[],
  pipeline: Pipeline,
  matched: MatchedSource[],
): Promise<Recording[]> {
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
  warnOfDifferentTimes(chosen, options);
  return chosen;
}

/**
 * The recordings of a source that the user named; undefined if none of the names means one of its recordings. One that is
 * stale, or failed, is replayed when it is asked for, with a warning.
 */
function recordingsByName(
  { recordings: names = [], onEvent }: ReplayOptions,
  recordings: Recording[],
  source: UnboundedSource,
  text: PipelineSource | undefined,
): Recording[] | undefined {
  const isOfSource = ({ pipeline, label, uniqueName }: Recording): boolean =>
    text ? pipeline === text.pipeline && label === text.label : uniqueName === source.uniqueName;
  const own = recordings.filter((recording) => isReadable(recording) && isOfSource(recording));
  const [named] = names.flatMap((name) => namedRecordings(own, name));
  if (!named) return undefined;
  const incomplete = incompleteText(named);
  if (incomplete) onEvent({ kind: 'message', severity: 'warning', text: incomplete });
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
  if (!status?.recording || !isReplayable(status)) {
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
  // Those of Interactive Beam are of no pipeline's coder: they are encoded anew.
  if (isFromInteractiveBeam(recording)) return;
  const { components } = pipeline;
  const pcollection = components?.pcollections[pcollectionId];
  if (!components || !pcollection) return;
  const coder = coderUrnTree(recordedCoderAsWritten(components, pcollectionId), components.coders);
  // Of Go, earlier recordings name the coder that was submitted.
  const submitted = coderUrnTree(recordedCoder(components, pcollection.coderId), components.coders);
  if (recording.coder === coder || recording.coder === submitted) return;
  throw new Error(
    `The elements of "${source.uniqueName}" are now encoded by ${coder}, but were recorded as ${recording.coder}. ` +
      'Record its sources again.',
  );
}
