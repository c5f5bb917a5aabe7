import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { chmod, mkdir } from 'node:fs/promises';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import {
  LogRecord_BundleEndSchema,
  LogRecord_HeaderSchema,
} from '../beam/proto/beam_rewind/recording_pb.js';
import { elementPacker } from './elementData.js';
import { logFiles } from './logFiles.js';
import type { EncodedFrame } from './logFrame.js';
import {
  checksumSeed,
  elementsFrame,
  encodeFrame,
  headerSeed,
  logFormat,
  logMagic,
} from './logFrame.js';
import { defaultSegmentBytes } from './segments.js';
import { storageFailure } from './storageFailure.js';
import { createIndex } from './writeIndex.js';

/** Written without being asked for when so many bytes wait. */
const spillBytes = 1 << 20;
/** One write takes no more, so that a sync is not held up. */
const batchBytes = 8 << 20;

/** An open recording log. Appends are written in order; those made while a write runs go out together. */
export interface LogWriter {
  /** Bytes appended so far, whether written yet or not. */
  readonly bytes: number;
  /** Bytes that wait to be written. */
  readonly waitingBytes: number;
  /** Set when the log could not be written: nothing more is. */
  readonly failure: Error | undefined;
  append(record: LogRecord['record']): void;
  /** Says whether a bundle, of which parts were appended, was delivered whole. */
  endBundle(bundle: number, isWhole: boolean): void;
  /** Resolves when all that was appended has been written. @throws {@link LogWriter.failure} */
  flush(): Promise<void>;
  /** @throws if its files were deleted; then nothing more is written */
  check(): Promise<void>;
  /** Writes what is left, makes it durable and closes the files. @throws {@link LogWriter.failure} */
  close(): Promise<void>;
}

export interface LogOptions {
  /** Called once when the log cannot be written, also while nobody waits for a flush. */
  onFailure?: (error: Error) => void;
  segmentBytes?: number;
}

/**
 * Creates a log in a folder, which is made if need be.
 * @param header of each segment; the segment's number and the format are added
 * @throws if there is a log already, or it cannot be created
 */
export async function createLog(
  folder: string,
  header: MessageInitShape<typeof LogRecord_HeaderSchema>,
  { onFailure = () => undefined, segmentBytes = defaultSegmentBytes }: LogOptions = {},
): Promise<LogWriter> {
  const seed = checksumSeed(header.recordingId ?? '');
  const packed = elementPacker();
  let failure: Error | undefined;
  const fail = (error: unknown): Error => {
    if (failure) return failure;
    failure = error instanceof Error ? error : new Error(String(error));
    waiting = [];
    onFailure(failure);
    return failure;
  };
  const index = await createFolder(folder).then(() => createIndex(folder, seed));
  const files = logFiles(folder, () => index.write(), fail);

  interface Waiting {
    frame: EncodedFrame;
    bundle?: number;
    /** The first frame of a segment. */
    segment?: number;
  }
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  let segment = 0;
  let offset = 0;
  let writing: Promise<void> | undefined;

  const push = (record: LogRecord['record'], frame: EncodedFrame, more: Partial<Waiting>): void => {
    offset += frame.bytes;
    bytes += frame.bytes;
    waitingBytes += frame.bytes;
    waiting.push({ frame, ...more });
    index.add(record, { segment, offset });
  };
  const beginSegment = (): void => {
    segment++;
    offset = logMagic.length;
    bytes += logMagic.length;
    const value = create(LogRecord_HeaderSchema, { ...header, format: logFormat, segment });
    const record: LogRecord['record'] = { case: 'header', value };
    push(record, encodeFrame(record, headerSeed), { segment });
  };
  beginSegment();

  const writeNext = async (): Promise<void> => {
    const pieces: Uint8Array[] = [];
    let size = 0;
    let taken = 0;
    for (const { frame, segment: begins } of waiting) {
      if (taken > 0 && (begins !== undefined || size + frame.bytes > batchBytes)) break;
      if (begins !== undefined) pieces.push(logMagic);
      pieces.push(...frame.finish());
      size += frame.bytes;
      taken++;
    }
    const begins = waiting[0]?.segment;
    waiting = waiting.slice(taken);
    if (begins !== undefined) await files.openSegment(begins);
    await files.write(pieces);
    waitingBytes -= size;
  };
  const writeAll = async (): Promise<void> => {
    try {
      while (waiting.length > 0) await writeNext();
    } catch (error) {
      throw fail(error);
    }
  };
  const write = (): Promise<void> => {
    // What is appended while a write runs goes with the loop of that write.
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  };
  const append: LogWriter['append'] = (record) => {
    if (failure) return;
    if (offset >= segmentBytes) beginSegment();
    if (record.case === 'elements') {
      const frame = elementsFrame(record.value, packed(record.value), seed);
      push(record, frame, { bundle: record.value.bundle });
    } else push(record, encodeFrame(record, seed), {});
    // Whoever flushes next is told what went wrong.
    if (waitingBytes >= spillBytes) write().catch(() => undefined);
  };
  const flush = async (): Promise<void> => {
    if (failure) throw failure;
    await write();
  };
  return {
    get bytes() {
      return bytes;
    },
    get waitingBytes() {
      return waitingBytes;
    },
    get failure() {
      return failure;
    },
    append,
    endBundle(bundle, isWhole) {
      const last = waiting.findLast((each) => each.bundle === bundle);
      if (last && isWhole) {
        last.frame.endBundle();
        index.endBundle(bundle, true);
        return;
      }
      const value = create(LogRecord_BundleEndSchema, { bundle, committed: isWhole });
      append({ case: 'bundleEnd', value });
      index.endBundle(bundle, isWhole);
    },
    flush,
    async check() {
      try {
        await files.check();
      } catch (error) {
        throw fail(error);
      }
    },
    async close() {
      try {
        await flush();
      } finally {
        await files
          .close()
          .catch(fail)
          .finally(() => index.close());
      }
      if (failure) throw failure;
    },
  };
}

/** The folder of a log is its owner's alone, whatever the process's mask is. */
async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  } catch (error) {
    throw storageFailure('A recording cannot be made', folder, error);
  }
}
