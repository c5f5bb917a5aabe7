import type { Recording } from '../recording/recording.js';
import { deleteRecording, isOwned, listRecordings } from '../recording/store.js';

/** How often the other recordings of the store are looked at, ms. */
const lookMs = 1000;

/** The room that a store has for a job's recordings. */
export interface StoreRoom {
  /** Bytes that the store will hold when retention has removed what it may. @param own bytes of the job's recordings */
  bytes(own: number): number;
  /** Now and then looks at the store, and removes the oldest unpinned recordings while it holds too much. */
  look(own: number): void;
}

/**
 * Watches over the total size of a store while a job records into it.
 * @param maxBytes what all recordings may take together
 * @param ids recordings of the job
 * @param onRemoved told of each recording that made room
 */
export async function watchRoom(
  store: string,
  maxBytes: number,
  ids: string[],
  onRemoved: (recording: Recording) => void,
): Promise<StoreRoom> {
  let others: Recording[] = [];
  let lastLook = 0;
  let looking: Promise<void> | undefined;
  const bytesOf = (recordings: Recording[]): number =>
    recordings.reduce((sum, { bytes }) => sum + bytes, 0);
  const read = async (): Promise<void> => {
    others = (await listRecordings(store)).filter(({ id }) => !ids.includes(id));
    lastLook = performance.now();
  };
  const makeRoom = async (own: number): Promise<void> => {
    await read();
    while (bytesOf(others) + own >= maxBytes) {
      const oldest = others.find(isExpendable);
      if (!oldest) return;
      await deleteRecording(store, oldest.id);
      others = others.filter((other) => other !== oldest);
      onRemoved(oldest);
    }
  };
  await read();
  return {
    bytes: (own) => own + bytesOf(others.filter((other) => !isExpendable(other))),
    look(own) {
      const isFull = bytesOf(others) + own >= maxBytes;
      if (!isFull && performance.now() - lastLook < lookMs) return;
      // A store that cannot be read now is looked at again; writing to it tells what is wrong.
      looking ??= makeRoom(own)
        .catch(() => undefined)
        .finally(() => (looking = undefined));
    },
  };
}

/** True for a recording that retention may remove: it has ended and nobody pinned it. */
export function isExpendable(recording: Recording): boolean {
  return !recording.pinned && !isOwned(recording);
}
