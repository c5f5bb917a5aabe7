import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { cancelRequestPath, isOwned } from '../recording/store.js';
import { recordingsOf } from './statusOfFile.js';

/** How long a recording may take to end, ms. */
const patienceMs = 15_000;

/**
 * Tells the running recordings of a file to end, whatever process they run in, and waits until they have.
 * What was recorded stays.
 * @returns how many there were
 * @throws Error if one does not end
 */
export async function cancelRecording(store: string, file: string): Promise<number> {
  const running = (await recordingsOf(store, file)).filter(isOwned);
  for (const { id } of running) await writeFile(cancelRequestPath(store, id), '', { mode: 0o600 });
  const ids = new Set(running.map(({ id }) => id));
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = (await recordingsOf(store, file)).filter((one) => ids.has(one.id) && isOwned(one));
    const [first] = left;
    if (!first) return running.length;
    if (performance.now() > deadline) {
      throw new Error(
        `The recording of "${first.label}" (process ${first.owner?.pid ?? 'unknown'}) was told to end and has not.`,
      );
    }
    await setTimeout(100);
  }
}
