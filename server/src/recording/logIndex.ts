import { readFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { LogEntry } from './logEntries.js';
import {
  decodeEntries,
  encodeEntries,
  EntryBuilder,
  factOf,
  indexMagic,
  logStart,
} from './logEntries.js';
import { checksumSeed } from './logFrame.js';
import { readLogHeader } from './readFrames.js';
import { readStored } from './readLog.js';
import { listSegments, logIndexFile, segmentPath } from './segments.js';
import { stat } from 'node:fs/promises';

/** An index that leaves so much of the log out is completed before it is used, bytes. */
const tailBytes = 4 << 20;

/** The places of a log that can be gone to at once, ascending; the first is its start. */
export type LogIndex = LogEntry[];

/** Replaces the index of a log. */
export async function writeIndexFile(
  folder: string,
  recordingId: string,
  entries: LogEntry[],
): Promise<void> {
  const block = encodeEntries(entries, checksumSeed(recordingId));
  const bytes = Buffer.concat(entries.length > 0 ? [indexMagic, block] : [indexMagic]);
  await writeFileAtomic(path.join(folder, logIndexFile), bytes, { mode: 0o600 });
}

/**
 * The index of a log that is not written any more. What is missing of it, or damaged, is made again from the log; that
 * takes as long as reading the log does.
 */
export async function readIndex(folder: string): Promise<LogIndex> {
  const id = (await readLogHeader(folder))?.recordingId ?? path.basename(folder);
  const entries = await readIndexFile(folder, id);
  const last = entries.at(-1) ?? logStart;
  const size = await bytesBehind(folder, last);
  // An index of another log, or of one that was shortened.
  if (size < 0) return completed(folder, id, []);
  return size > tailBytes ? completed(folder, id, entries) : [logStart, ...entries];
}

async function readIndexFile(folder: string, recordingId: string): Promise<LogEntry[]> {
  try {
    return decodeEntries(
      await readFile(path.join(folder, logIndexFile)),
      checksumSeed(recordingId),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

async function completed(folder: string, id: string, known: LogEntry[]): Promise<LogIndex> {
  const entries = [...known];
  const last = entries.at(-1) ?? logStart;
  const builder = new EntryBuilder(last);
  for await (const { message, end } of readStored(folder, () => undefined, last)) {
    const entry = builder.add(factOf(message.record), end);
    if (entry) entries.push(entry);
  }
  // In a store that cannot be written it is made each time.
  await writeIndexFile(folder, id, entries).catch(() => undefined);
  return [logStart, ...entries];
}

/** Bytes of the log behind an entry; negative if the log ends before. */
async function bytesBehind(folder: string, entry: LogEntry): Promise<number> {
  const segments = await listSegments(folder);
  const sizes = await Promise.all(
    segments
      .filter((segment) => segment >= entry.segment)
      .map(async (segment) => (await stat(segmentPath(folder, segment))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0) - entry.offset;
}
