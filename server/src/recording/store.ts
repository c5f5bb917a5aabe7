import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import path from 'node:path';
import type { Adapter } from 'lowdb';
import { Low } from 'lowdb';
import writeFileAtomic from 'write-file-atomic';
import type { Recording } from './recording.js';

const indexFile = 'recording.json';
const logFile = 'elements.log';
const cancelFile = 'cancel-requested';

/** A recording's folder in the store. It holds its index, its log and, while it is told to end, a request. */
function folderOf(store: string, id: string): string {
  return path.join(store, 'recordings', id);
}

/** Path of a recording's log. */
export function logPath(store: string, id: string): string {
  return path.join(folderOf(store, id), logFile);
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

/** Creates the folder and the index of a new recording. */
export async function createRecording(
  store: string,
  recording: Recording,
): Promise<RecordingIndex> {
  await createStore(store);
  await mkdir(folderOf(store, recording.id), { recursive: true, mode: 0o700 });
  const index = new Low<Recording>(indexAdapter(store, recording.id), recording);
  await index.write();
  return index;
}

/** A new id: sorts by time, and no two processes choose the same. */
export function newRecordingId(now: Date): string {
  const time = now.toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${time}-${randomBytes(4).toString('hex')}`;
}

/**
 * All recordings of a store, oldest first. One index per recording, written by its owner alone, so that
 * the editor and the CLI can use a store at the same time. An unreadable index is left out; its log stays.
 */
export async function listRecordings(store: string): Promise<Recording[]> {
  const ids = await namesIn(path.join(store, 'recordings'));
  const recordings = await Promise.all(ids.sort().map((id) => indexAdapter(store, id).read()));
  return recordings.filter((recording) => recording !== null);
}

/** Replaces the index of a recording that has no owner any more. */
export async function rewriteIndex(store: string, recording: Recording): Promise<void> {
  await indexAdapter(store, recording.id).write(recording);
}

/** Deletes a recording: the files this program wrote, and the folder if nothing else is in it. */
export async function deleteRecording(store: string, id: string): Promise<void> {
  const folder = folderOf(store, id);
  for (const name of [cancelFile, logFile, indexFile])
    await rm(path.join(folder, name), { force: true });
  try {
    await rmdir(folder);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'ENOENT')) throw error;
  }
}

/** True while the process that writes a recording lives. */
export function isOwned(recording: Recording): boolean {
  if (recording.endedAt !== undefined || !recording.owner) return false;
  // After a restart of the machine its process id may be another's.
  if (Date.now() - uptime() * 1000 > recording.startedAt) return false;
  return isAlive(recording.owner.pid);
}

/** True while a process of that id lives, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function indexAdapter(store: string, id: string): Adapter<Recording> {
  const file = path.join(folderOf(store, id), indexFile);
  return {
    async read() {
      try {
        const recording = JSON.parse(await readFile(file, 'utf8')) as Partial<Recording>;
        return recording.formatVersion === 1 && recording.id === id
          ? (recording as Recording)
          : null;
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
