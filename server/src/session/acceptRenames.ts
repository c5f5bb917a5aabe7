import { makeSignature } from '../language/signature.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { rewriteIndex } from '../recording/store.js';
import { ofOneName, ownRecordings } from './ownRecordings.js';
import { RecordingGroups } from './recordingGroups.js';
import { recordingsOf } from './statusOfFile.js';

/** A source whose recordings were made under another label. */
export interface AcceptedRename {
  pipeline: string;
  from: string;
  to: string;
}

/**
 * Lets recordings serve the sources that differ from theirs in the label alone.
 * @param sources what analysis finds in the file now
 */
export async function acceptRenames(
  store: string,
  file: string,
  sources: PipelineSource[],
): Promise<AcceptedRename[]> {
  const recordings = await recordingsOf(store, file);
  const owned = ownRecordings(new RecordingGroups(recordings), sources);
  const accepted: AcceptedRename[] = [];
  for (const source of sources) {
    const renamed = owned.renamed(source);
    await giveTo(store, source, ofOneName(recordings, renamed));
    const [first] = renamed;
    if (first) accepted.push({ pipeline: source.pipeline, from: first.label, to: source.label });
  }
  return accepted;
}

/** Writes down which source recordings belong to whose pipeline has another name now. */
export async function settleMoved(
  store: string,
  file: string,
  sources: PipelineSource[],
): Promise<void> {
  const groups = new RecordingGroups(await recordingsOf(store, file));
  const owned = ownRecordings(groups, sources);
  for (const source of sources) {
    const own = owned.of(source)?.recordings ?? [];
    const moved = own.filter(({ pipeline }) => pipeline !== source.pipeline);
    await giveTo(store, source, moved);
  }
}

async function giveTo(
  store: string,
  { pipeline, label }: PipelineSource,
  recordings: Recording[],
): Promise<void> {
  for (const recording of recordings) {
    const signature = recording.signature && makeSignature({ ...recording.signature, label });
    await rewriteIndex(store, { ...recording, pipeline, label, ...(signature && { signature }) });
  }
}
