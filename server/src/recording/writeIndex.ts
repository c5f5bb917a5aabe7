import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { BundleOrder } from './bundleOrder.js';
import type { LogEntry, RecordFact } from './logEntries.js';
import { encodeEntries, EntryBuilder, factOf, indexMagic } from './logEntries.js';
import type { LogPlace } from './segments.js';
import { logIndexFile } from './segments.js';

/** Records that may wait for the end of a bundle; with more, the index ends there and is completed by its first reader. */
const maxWaiting = 100_000;

/** Writes the index of a log while the log is written. */
export interface IndexWriter {
  /** @param end where the record ends */
  add(record: LogRecord['record'], end: LogPlace): void;
  /** A bundle is whole though its parts do not say so, or it failed. */
  endBundle(bundle: number, isWhole: boolean): void;
  /** Writes the entries there are, for what of the log is safe on the disk. */
  write(): Promise<void>;
  close(): Promise<void>;
}

/** Creates the index of a log. It can be made again from the log: what goes wrong with it ends nothing. */
export async function createIndex(folder: string, seed: number): Promise<IndexWriter> {
  let file: FileHandle | undefined = await open(path.join(folder, logIndexFile), 'wx', 0o600);
  await file.chmod(0o600);
  await file.write(indexMagic);
  const builder = new EntryBuilder();
  const order = new BundleOrder<{ fact: RecordFact | undefined; end: LogPlace }>();
  let entries: LogEntry[] = [];
  let isComplete = true;

  const drain = (): void => {
    for (let next = order.take(); next; next = order.take()) {
      const entry = builder.add(next.fact, next.end);
      if (entry) entries.push(entry);
    }
    if (order.size > maxWaiting) isComplete = false;
  };
  const close = async (): Promise<void> => {
    const closing = file;
    file = undefined;
    await closing?.close().catch(() => undefined);
  };
  return {
    add(record, end) {
      if (!isComplete) return;
      const isPart = record.case === 'elements' && !record.value.endsBundle;
      if (record.case === 'elements' && !isPart) order.end(record.value.bundle, true);
      order.add({ fact: factOf(record), end }, isPart ? record.value.bundle : undefined);
      drain();
    },
    endBundle(bundle, isWhole) {
      order.end(bundle, isWhole);
      drain();
    },
    async write() {
      if (entries.length === 0 || !file) return;
      const block = encodeEntries(entries, seed);
      entries = [];
      try {
        await file.write(block);
      } catch {
        await close();
      }
    },
    close,
  };
}
