import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { segmentPath } from './segments.js';
import { storageFailure } from './storageFailure.js';

/** When written data is told to go to the disk, ms after it was written. */
const syncIntervalMs = 500;
/** How long written data may be at risk, ms: a write waits where the disk is slower. */
const maxRiskMs = 1000;

/** The files of a log that is being written. */
export interface LogFiles {
  /** Begins a segment; what follows goes there. */
  openSegment(segment: number): Promise<void>;
  /** Writes behind what is there. When it throws, none of it is there. */
  write(pieces: Uint8Array[]): Promise<void>;
  /** @throws if the present segment was deleted */
  check(): Promise<void>;
  /** Makes everything safe against a loss of power, and closes the files. */
  close(): Promise<void>;
}

/**
 * Opens the files of a log for writing. What was written goes to the disk at most a second later, whether more is
 * written or not.
 * @param onSynced called when what was written before is safe on the disk
 * @param onFailure called when it cannot be made safe
 */
export function logFiles(
  folder: string,
  onSynced: () => Promise<void>,
  onFailure: (error: Error) => void,
): LogFiles {
  let file: FileHandle | undefined;
  let size = 0;
  /** Written to its end; to be closed when it is safe. */
  let sealed: FileHandle[] = [];
  /** When the oldest data was written that is not safe, and that a running sync makes safe. */
  let unsafeSince: number | undefined;
  let syncingSince: number | undefined;
  let syncing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const syncAll = async (): Promise<void> => {
    const closing = sealed;
    sealed = [];
    const present = file;
    syncingSince = unsafeSince;
    unsafeSince = undefined;
    try {
      for (const each of closing) {
        await each.datasync();
        await each.close();
      }
      await present?.datasync();
      await onSynced();
    } catch (error) {
      throw storageFailure('The recording cannot be written to the disk', folder, error);
    }
  };
  const sync = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    syncing ??= syncAll().finally(() => {
      syncing = undefined;
      syncingSince = undefined;
      if (unsafeSince !== undefined) scheduleSync();
    });
    return syncing;
  };
  const scheduleSync = (): void => {
    if (syncing) return;
    const waited = performance.now() - (unsafeSince ?? performance.now());
    timer ??= setTimeout(
      () => {
        sync().catch(onFailure);
      },
      Math.max(0, syncIntervalMs - waited),
    );
  };

  return {
    async openSegment(segment) {
      try {
        if (file) sealed.push(file);
        file = await open(segmentPath(folder, segment), 'wx', 0o600);
        size = 0;
        // What the process's mask took away its owner needs.
        await file.chmod(0o600);
        await syncFolder(folder);
      } catch (error) {
        throw storageFailure('The recording cannot be written', folder, error);
      }
    },
    async write(pieces) {
      if (!file) throw new Error('No segment is open.');
      if (syncingSince !== undefined && performance.now() - syncingSince > maxRiskMs) await syncing;
      try {
        size += await writeWhole(file, pieces);
      } catch (error) {
        // A part may be there; without it the log ends with a whole record.
        await file.truncate(size).catch(() => undefined);
        throw storageFailure('The recording cannot be written', folder, error);
      }
      unsafeSince ??= performance.now();
      scheduleSync();
    },
    async check() {
      if (file && (await file.stat()).nlink === 0) {
        throw new Error(`The recording in ${folder} was deleted while it was written.`);
      }
    },
    async close() {
      try {
        await syncing;
        await sync();
      } finally {
        clearTimeout(timer);
        for (const each of [...sealed, ...(file ? [file] : [])]) {
          await each.close().catch(() => undefined);
        }
        sealed = [];
        file = undefined;
      }
    },
  };
}

/** @returns how many bytes that were */
async function writeWhole(file: FileHandle, pieces: Uint8Array[]): Promise<number> {
  const expected = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const { bytesWritten } = await file.writev(pieces);
  if (bytesWritten === expected) return expected;
  // A short write (a disk that is nearly full): try the rest, so that the system names the cause.
  const rest = Buffer.concat(pieces).subarray(bytesWritten);
  for (let written = 0; written < rest.length;) {
    written += (await file.write(rest, written)).bytesWritten;
  }
  return expected;
}

/** Makes the name of a new file as safe as its content. Windows knows no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
