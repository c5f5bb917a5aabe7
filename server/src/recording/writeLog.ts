import { create } from '@bufbuild/protobuf';
import { open } from 'node:fs/promises';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../beam/proto/beam_rewind/recording_pb.js';
import { encodeFrame, logMagic } from './logFrame.js';

/** How long written data may wait for the disk, ms: what a power loss can cost. */
const syncIntervalMs = 1000;

/** An open recording log. Appends are written in order; those made while a write runs go out together. */
export interface LogWriter {
  /** Bytes appended so far, whether written yet or not. */
  readonly bytes: number;
  append(record: LogRecord['record']): void;
  /** Resolves when all that was appended has been written. @throws what the file system said, for good. */
  flush(): Promise<void>;
  /** Writes what is left, makes it durable and closes the file. */
  close(): Promise<void>;
}

/** Creates a log. @throws if the file exists or cannot be created. */
export async function createLog(path: string): Promise<LogWriter> {
  const file = await open(path, 'wx', 0o600);
  let pending: Buffer[] = [logMagic];
  let bytes = logMagic.length;
  let failure: Error | undefined;
  let lastSync = Date.now();
  let writing: Promise<void> | undefined;

  const writePending = async (): Promise<void> => {
    try {
      while (pending.length > 0) {
        const batch = pending;
        pending = [];
        await writeWhole(file, batch);
        if (Date.now() - lastSync >= syncIntervalMs) {
          await file.datasync();
          lastSync = Date.now();
        }
      }
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      throw failure;
    }
  };
  const flush = async (): Promise<void> => {
    if (failure) throw failure;
    // What is appended while a write runs goes with the loop of that write.
    writing ??= writePending().finally(() => {
      writing = undefined;
    });
    await writing;
  };
  return {
    get bytes() {
      return bytes;
    },
    append(record) {
      const frame = encodeFrame(create(LogRecordSchema, { record }));
      bytes += frame.length;
      pending.push(frame);
    },
    flush,
    async close() {
      try {
        await flush();
        await file.datasync();
      } finally {
        await file.close();
      }
    },
  };
}

async function writeWhole(file: Awaited<ReturnType<typeof open>>, batch: Buffer[]): Promise<void> {
  const expected = batch.reduce((sum, buffer) => sum + buffer.length, 0);
  const { bytesWritten } = await file.writev(batch);
  if (bytesWritten === expected) return;
  // A short write (a disk that is nearly full): try the rest, so that the system names the cause.
  const rest = Buffer.concat(batch).subarray(bytesWritten);
  for (let written = 0; written < rest.length;) {
    written += (await file.write(rest, written)).bytesWritten;
  }
}
