import type { Recording } from '../recording/recording.js';
import { isOwned, rewriteIndex } from '../recording/store.js';
import { recordedTogether, recordingsOf } from './statusOfFile.js';

/**
 * Notes with a recording that it serves its source although that was changed: no warning, and it can be replayed,
 * until the source changes again.
 * @param hash of the source's signature now; absent: warn again
 * @throws Error when there is no such recording, or it is being written
 */
export async function ignoreChange(
  store: string,
  file: string,
  recordingId: string,
  hash?: string,
): Promise<void> {
  const all = await recordingsOf(store, file);
  const recording = all.find(({ id }) => id === recordingId);
  if (!recording) throw new Error('The recording was deleted meanwhile.');
  for (const one of recordedTogether(recording, all)) {
    if (isOwned(one)) throw new Error(`"${one.label}" is being recorded.`);
    const { acceptedSignature: _before, ...facts } = one;
    const noted: Recording = { ...facts, ...(hash !== undefined && { acceptedSignature: hash }) };
    await rewriteIndex(store, noted);
  }
}
