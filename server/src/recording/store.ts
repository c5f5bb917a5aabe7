import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { Adapter } from 'lowdb';
import { Low } from 'lowdb';
import writeFileAtomic from 'write-file-atomic';
import { holdRecording, holdsRecording } from './liveRecordings.js';
import { isOwnerAlive, isThisProcess } from './owner.js';
import type { Recording } from './recording.js';
import { formatVersion } from './recording.js';
import { logIndexFile, segmentNumber } from './segments.js';
import { storageFailure } from './storageFailure.js';

const indexFile = 'recording.json';
const cancelFile = 'cancel-requested';
/** Gives back its space when the recording ends. */
export const reserveFile = 'reserve';
const lockFile = 'recovery.lock';

/** A recording's folder in the store. It holds its index, its log and, while it is told to end, a request. */
function folderOf(store: string, id: string): string {
  return path.join(store, 'recordings', id);
}

/** Folder of a recording's log: of its segments and their index. */
export function logPath(store: string, id: string): string {
  return folderOf(store, id);
}

/** Held by the process that brings a recording's index up to its log. */
export function lockPath(store: string, id: string): string {
  return path.join(folderOf(store, id), lockFile);
}

/** Path of a recording's index. */
export function indexPath(store: string, id: string): string {
  return path.join(folderOf(store, id), indexFile);
}

/** Path of the file whose existence asks the recording's owner, in whatever process, to end it. */
export function cancelRequestPath(store: string, id: string): string {
  return path.join(folderOf(store, id), cancelFile);
}

/** An entry of the index, owned by the one process that writes the recording. */
export type RecordingIndex = Low<Recording>;

/** Creates the folder of a store if there is none. */
export async function createStore(store: string): Promise<void> {
  const isNew = (await mkdir(store, { recursive: true, mode: 0o700 })) !== undefined;
  // Recordings are data of their author's: they are not committed by accident.
  if (isNew) await writeFile(path.join(store, '.gitignore'), '*\n', { mode: 0o600 });
}

/**
 * Creates the folder and the index of a new recording.
 * @throws Error in words for the user, if the store cannot be written
 */
export async function createRecording(
  store: string,
  recording: Recording,
): Promise<RecordingIndex> {
  try {
    await checkWritable(store);
    await createStore(store);
    for (const folder of [path.join(store, 'recordings'), folderOf(store, recording.id)]) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      // Whatever the process's mask is, and whoever made the folder.
      await chmod(folder, 0o700);
    }
    const index = new Low<Recording>(indexAdapter(store, recording.id), recording);
    await index.write();
    holdRecording(recording.id);
    return index;
  } catch (error) {
    throw storageFailure('A recording cannot be made', store, error);
  }
}

/** @throws what the system says of the nearest folder that exists; making a folder deep in a read-only one says less. */
async function checkWritable(folder: string): Promise<void> {
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const parent = path.dirname(folder);
    if (!hasCode(error, 'ENOENT') || parent === folder) throw error;
    await checkWritable(parent);
  }
}

/** A new id: sorts by time, and no two processes choose the same. */
export function newRecordingId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

/**
 * All recordings of a store, oldest first. One index per recording, written by its owner alone, so that
 * the editor and the CLI can use a store at the same time. An index that is missing or malformed is made again from
 * the log; a recording that has neither is left out, and nothing of it is touched.
 */
export async function listRecordings(store: string): Promise<Recording[]> {
  const ids = await namesIn(path.join(store, 'recordings'));
  const recordings = await Promise.all(ids.sort().map((id) => readRecording(store, id)));
  return recordings.filter((recording) => recording !== null);
}

/** A recording as its index tells of it, or, without an index, its log; null if neither does. */
export async function readRecording(store: string, id: string): Promise<Recording | null> {
  return (await indexAdapter(store, id).read()) ?? (await restoredIndex(store, id));
}

/** Replaces the index of a recording that has no owner any more. */
export async function rewriteIndex(store: string, recording: Recording): Promise<void> {
  await indexAdapter(store, recording.id).write(recording);
}

/** Deletes a recording: the files this program wrote, and the folder if nothing else is in it. */
export async function deleteRecording(store: string, id: string): Promise<void> {
  const folder = folderOf(store, id);
  const own = (await namesIn(folder)).filter(isOwnFile);
  // The logs first: what is left of them would bring back the index.
  own.sort((a, b) => Number(a.startsWith(indexFile)) - Number(b.startsWith(indexFile)));
  for (const name of own)
    await rm(path.join(folder, name), { force: true, recursive: name === lockFile });
  try {
    await rmdir(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'ENOENT', 'EEXIST')) throw error;
  }
}

/** True for the names of files that this program makes in a recording's folder. */
function isOwnFile(name: string): boolean {
  return (
    [indexFile, logIndexFile, cancelFile, reserveFile, lockFile].includes(name) ||
    segmentNumber(name) !== undefined ||
    // Set aside as malformed, or being written when the program was killed.
    /^(recording\.json\.(malformed-)?|elements\.index\.)\d+$/.test(name)
  );
}

/** True while the process that writes a recording lives, and writes it. */
export function isOwned(recording: Recording): boolean {
  const { owner } = recording;
  if (recording.endedAt !== undefined || !owner) return false;
  if (isThisProcess(owner)) return holdsRecording(recording.id);
  return isOwnerAlive(owner, recording.startedAt);
}

/** As {@link isOwned}, by what the store says of a recording now. */
export async function isStillOwned(store: string, id: string): Promise<boolean> {
  const now = await readRecording(store, id);
  return now !== null && isOwned(now);
}

function indexAdapter(store: string, id: string): Adapter<Recording> {
  const file = path.join(folderOf(store, id), indexFile);
  return {
    async read() {
      try {
        return checked(JSON.parse(await readFile(file, 'utf8')), id);
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR') || error instanceof SyntaxError) return null;
        throw error;
      }
    },
    async write(recording) {
      await writeFileAtomic(file, JSON.stringify(recording, null, 2) + '\n', { mode: 0o600 });
    },
  };
}

/** A recording as JSON tells of it; null if that is none of the recording's. */
function checked(json: unknown, id: string): Recording | null {
  const recording = json as Partial<Omit<Recording, 'formatVersion'>> & { formatVersion?: number };
  if (typeof json !== 'object' || json === null || recording.id !== id) return null;
  const { formatVersion: version, file, label, pipeline } = recording;
  if ([file, label, pipeline].some((text) => typeof text !== 'string')) return null;
  if (version === formatVersion) return recording as Recording;
  if (typeof version !== 'number') return null;
  const who = version < formatVersion ? 'a development version' : 'a newer version';
  const message = `This recording is of format ${version}, of ${who} of Beam Rewind: record the source again.`;
  return {
    ...(recording as Recording),
    elements: 0,
    endedAt: recording.startedAt ?? 0,
    endReason: 'failed',
    message,
    damage: [message],
  };
}

/** The index as it was when the log began; a malformed one is set aside, unless its owner is about to replace it. */
async function restoredIndex(store: string, id: string): Promise<Recording | null> {
  const folder = folderOf(store, id);
  try {
    // Rarely needed, and the code of protos is large.
    const { readLogHeader } = await import('./readFrames.js');
    const header = await readLogHeader(folder);
    const recording = header && checked(JSON.parse(header.indexJson), id);
    if (!recording || isOwned(recording)) return recording ?? null;
    const file = path.join(folder, indexFile);
    await rename(file, `${file}.malformed-${Date.now()}`).catch(() => undefined);
    await rewriteIndex(store, recording).catch(() => undefined);
    return recording;
  } catch {
    return null;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
