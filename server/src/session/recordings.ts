import type { Recording } from '../recording/recording.js';
import { recoverRecording, verifyRecording } from '../recording/recoverRecording.js';
import { deleteRecording, isOwned, listRecordings, rewriteIndex } from '../recording/store.js';

/** All recordings of a store, or of a file in it, oldest first. @param file absolute path */
export async function storedRecordings(store: string, file?: string): Promise<Recording[]> {
  const all = await listRecordings(store);
  const wanted = file === undefined ? all : all.filter((recording) => recording.file === file);
  return Promise.all(wanted.map((recording) => recoverRecording(store, recording)));
}

/**
 * Reads the recordings of a store, or of a file in it, whole, one after the other, and notes where they are damaged. What is
 * being recorded is passed over.
 */
export async function verifyRecordings(store: string, file?: string): Promise<Recording[]> {
  const verified: Recording[] = [];
  for (const recording of await storedRecordings(store, file))
    if (!isOwned(recording)) verified.push(await verifyRecording(store, recording));
  return verified;
}

/**
 * The recordings that a name or an id, or the beginning of one id, means. A name may mean one recording of each
 * source.
 */
export function namedRecordings(recordings: Recording[], reference: string): Recording[] {
  const named = recordings.filter(({ id, name }) => id === reference || name === reference);
  if (named.length > 0 || reference === '') return named;
  const begun = recordings.filter(({ id }) => id.startsWith(reference));
  return begun.length === 1 ? begun : [];
}

/** Recordings that nobody writes any more, of the store. @throws Error that says why there is none */
async function endedRecordings(store: string, reference: string): Promise<Recording[]> {
  const all = await storedRecordings(store);
  const found = namedRecordings(all, reference);
  const running = found.find(isOwned);
  if (running) throw new Error(`"${running.label}" is still being recorded. Wait for its end.`);
  if (found.length > 0) return found;
  const begun = all.filter(({ id }) => id.startsWith(reference)).length;
  throw new Error(
    begun > 1
      ? `"${reference}" is the beginning of the ids of ${begun} recordings. Give more of it.`
      : `There is no recording "${reference}" in ${store}.`,
  );
}

/** Keeps recordings from retention, or no longer. @throws Error if there is no such recording */
export async function pinRecordings(
  store: string,
  reference: string,
  pinned: boolean,
): Promise<Recording[]> {
  return change(store, reference, ({ pinned: _before, ...recording }) => ({
    ...recording,
    ...(pinned && { pinned }),
  }));
}

/**
 * Names recordings; an empty name takes the name away.
 * @throws Error if there is no such recording, the name is not one, or another of the source has it
 */
export async function nameRecordings(
  store: string,
  reference: string,
  name: string,
): Promise<Recording[]> {
  if (name !== '') {
    checkName(name);
    const all = await storedRecordings(store);
    const named = namedRecordings(all, reference);
    const [first, second] = named;
    if (first && second && isSameSource(first, second))
      throw new Error(`"${reference}" means several recordings of "${first.label}". Give an id.`);
    for (const recording of named) {
      const other = all.find((one) => one.name === name && isSameSource(one, recording));
      if (other && other.id !== recording.id)
        throw new Error(`Recording ${other.id} of "${other.label}" is named "${name}" already.`);
    }
  }
  return change(store, reference, ({ name: _before, ...recording }) => ({
    ...recording,
    ...(name !== '' && { name }),
  }));
}

/** Says something of recordings; an empty note takes the note away. @throws Error if there is no such recording */
export async function noteRecordings(
  store: string,
  reference: string,
  note: string,
): Promise<Recording[]> {
  return change(store, reference, ({ note: _before, ...recording }) => ({
    ...recording,
    ...(note !== '' && { note }),
  }));
}

/** Deletes recordings, pinned or not. @throws Error if there is no such recording, or it is being made */
export async function deleteRecordings(store: string, reference: string): Promise<Recording[]> {
  const found = await endedRecordings(store, reference);
  for (const { id } of found) await deleteRecording(store, id);
  return found;
}

/** @throws Error that says what is wrong with a name */
export function checkName(name: string): void {
  if (name.trim() !== name || name === '' || /\p{Cc}/u.test(name))
    throw new Error(`${JSON.stringify(name)} is no name: it is empty, or has blanks or line ends.`);
  if (name.length > 200) throw new Error('A name is at most 200 characters long.');
}

async function change(
  store: string,
  reference: string,
  to: (recording: Recording) => Recording,
): Promise<Recording[]> {
  const changed = (await endedRecordings(store, reference)).map(to);
  for (const recording of changed) await rewriteIndex(store, recording);
  return changed;
}

function isSameSource(a: Recording, b: Recording): boolean {
  return (
    a.file === b.file && a.pipeline === b.pipeline && a.label === b.label && a.output === b.output
  );
}
