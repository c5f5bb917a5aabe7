import { deleteRecording, isOwned, listRecordings } from '../recording/store.js';
import { recordingsOf } from './statusOfFile.js';

/**
 * Deletes the recordings of a file, or all of the store. Running ones are left alone.
 * @returns how many were deleted
 */
export async function clearRecordings(store: string, file?: string): Promise<number> {
  const recordings =
    file === undefined ? await listRecordings(store) : await recordingsOf(store, file);
  const ended = recordings.filter((recording) => !isOwned(recording));
  for (const { id } of ended) await deleteRecording(store, id);
  return ended.length;
}
