import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { deleteRecording } from '../recording/store.js';
import { recordingsOf } from './statusOfFile.js';
import { isUsable } from './usable.js';
import { isExpendable } from './storeRoom.js';

/** How many recordings of a source are kept unless the user says otherwise. */
export const defaultRetention = 3;

/**
 * Removes what new recordings supersede: of each of their sources the last `keep` usable recordings stay, and pinned
 * ones. A failed recording supersedes nothing; failed attempts before a usable recording are of no more use.
 * @param texts what analysis finds in the file now
 */
export async function retainRecordings(
  store: string,
  file: string,
  latest: Readonly<Recording>[],
  texts: PipelineSource[],
  keep: number,
): Promise<void> {
  const all = await recordingsOf(store, file);
  for (const recording of latest.filter(isUsable)) {
    const earlier = all.filter(
      (other) =>
        other.pipeline === recording.pipeline &&
        other.label === recording.label &&
        other.output === recording.output &&
        other.startedAt < recording.startedAt &&
        !isOfNamesake(other, recording, texts),
    );
    const kept = earlier.filter(isUsable).slice(-(keep - 1) || Infinity);
    for (const other of earlier.filter(isExpendable))
      if (!kept.includes(other)) await deleteRecording(store, other.id);
  }
}

/** True if the text still has the other's source beside this one, under the same label: in another branch. */
function isOfNamesake(other: Recording, latest: Recording, texts: PipelineSource[]): boolean {
  const hash = other.signature?.hash;
  return hash !== latest.signature?.hash && texts.some(({ signature }) => signature.hash === hash);
}
