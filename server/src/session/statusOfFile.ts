import path from 'node:path';
import { isRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import { explainDifference } from '../language/signature.js';
import type { Recording } from '../recording/recording.js';
import { isComplete } from '../recording/recording.js';
import { recoverRecording } from '../recording/recoverRecording.js';
import { isOwned, listRecordings } from '../recording/store.js';
import { ownRecordings } from './ownRecordings.js';
import type { RecordingGroup } from './recordingGroups.js';
import { bestOf, RecordingGroups } from './recordingGroups.js';
import type { SourceStatus } from './sourceStatus.js';
import { isUsable } from './usable.js';

/**
 * The state of each unbounded source of a file, in the order of the text, then of sources that were
 * recorded and are no longer in it.
 * @param store folder of the recordings
 * @param sources what analysis finds in the file now
 */
export async function sourceStatuses(
  store: string,
  file: string,
  sources: PipelineSource[],
): Promise<SourceStatus[]> {
  return statusesFrom(await recordingsOf(store, file), sources);
}

/** Recordings of a file, oldest first. */
export async function recordingsOf(store: string, file: string): Promise<Recording[]> {
  const absolute = path.resolve(file);
  const recordings = (await listRecordings(store)).filter(({ file: of }) => of === absolute);
  return Promise.all(recordings.map((recording) => recoverRecording(store, recording)));
}

/** Files that have a recording in the store. */
export async function recordedFiles(store: string): Promise<string[]> {
  const files = (await listRecordings(store)).map(({ file }) => file);
  return [...new Set(files)].sort();
}

/**
 * As {@link sourceStatuses}, with the file's recordings already read: nothing here waits. What is made of the recordings
 * alone is kept with the list of them, so that it costs the next edit nothing.
 */
export function statusesFrom(
  recordings: readonly Recording[],
  sources: readonly PipelineSource[],
): SourceStatus[] {
  const owned = ownRecordings(groupsOf(recordings), sources);
  const listed = sources.flatMap((source) => {
    const own = owned.of(source);
    // A bounded source can be read again as it is; it has a state if it is recorded all the same.
    return !isRecordable(source) && !own ? [] : [{ source, own }];
  });
  const removed = owned.orphans.flatMap(
    ({ notable }) => notable.findLast((one) => isUsable(one) || isOwned(one)) ?? [],
  );
  return [
    ...listed.map(({ source, own }) => ({
      pipeline: source.pipeline,
      label: source.label,
      source,
      ...stateOf(own, source, owned.renamed(source)),
    })),
    ...removed.map((recording) => ({
      pipeline: recording.pipeline,
      label: recording.label,
      recording,
      ...stateOfUnlisted(recording),
    })),
  ];
}

const grouped = new WeakMap<readonly Recording[], RecordingGroups>();

/** Groups recordings once. */
function groupsOf(recordings: readonly Recording[]): RecordingGroups {
  const groups = grouped.get(recordings) ?? new RecordingGroups(recordings);
  grouped.set(recordings, groups);
  return groups;
}

/** The recordings of a source that one job made: one for each of its outputs. */
export function recordedTogether(recording: Recording, all: Recording[]): Recording[] {
  return all.filter(
    (other) =>
      other.pipeline === recording.pipeline &&
      other.label === recording.label &&
      other.startedAt === recording.startedAt,
  );
}

type State = Pick<SourceStatus, 'state' | 'reason' | 'recording' | 'renamedFrom'>;

function stateOf(
  own: RecordingGroup | undefined,
  { signature }: PipelineSource,
  renamed: Recording[],
): State {
  const latest = own?.latest;
  if (!latest) return renamed.length > 0 ? stateOfRenamed(renamed) : { state: 'none' };
  if (isOwned(latest)) return { state: 'recording', recording: latest };
  const usable = own.best(signature.hash);
  const damaged = usable ? undefined : own.damaged(signature.hash);
  if (damaged) {
    const where = damaged.damage?.join('; ') ?? '';
    const reason = `its log is damaged ${where}: what is whole can be replayed`;
    return { state: 'damaged', reason, recording: damaged };
  }
  if (!usable) {
    const reason = latest.message ?? whyNothing(latest);
    return { state: 'failed', reason, recording: latest };
  }
  if (usable.signature && usable.signature.hash !== signature.hash) {
    const reason = explainDifference(usable.signature, signature);
    return usable.acceptedSignature === signature.hash
      ? { state: 'valid', reason: `the change is ignored: ${reason}`, recording: usable }
      : { state: 'stale', reason, recording: usable };
  }
  const reason = usable === latest ? howItEnded(usable) : howTheLatestFailed(latest);
  return { state: 'valid', recording: usable, ...(reason && { reason }) };
}

/** The source is as it was recorded, under another label. Whether it is the same one, its author knows. */
function stateOfRenamed(renamed: Recording[]): State {
  const recording = bestOf(renamed);
  if (!recording) return { state: 'none' };
  const { pipeline, label } = recording;
  const reason = `same source, renamed: it was recorded as "${label}"`;
  return { state: 'stale', reason, recording, renamedFrom: { pipeline, label } };
}

/** A recorded source that the text does not show: it was removed, or the program makes it elsewhere. */
function stateOfUnlisted(recording: Recording): State {
  if (isOwned(recording)) return { state: 'recording', recording };
  if (recording.signature) {
    return { state: 'removed', reason: 'the source is no longer in the file', recording };
  }
  const reason = 'not found in the text of the file: changes of this source are not noticed';
  return { state: 'valid', reason, recording };
}

function whyNothing({ endReason, damage }: Recording): string {
  if (damage) return `Its log is damaged: ${damage.join('; ')}.`;
  return endReason === 'cancelled'
    ? 'It was cancelled before an element arrived.'
    : 'The process that recorded it ended before an element arrived.';
}

function howTheLatestFailed({ endReason, message = '' }: Recording): string {
  return endReason === 'failed' || endReason === 'write failure'
    ? `the last attempt failed: ${message}`
    : 'the last attempt was cut off';
}

function howItEnded(recording: Recording): string | undefined {
  if (isComplete(recording)) return undefined;
  if (recording.endReason === 'write failure') return recording.message;
  return recording.endReason === 'cancelled'
    ? 'cancelled: what was recorded is kept'
    : 'the process that recorded it ended: what was recorded is kept';
}
