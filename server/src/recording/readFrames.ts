import { open } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord, LogRecord_Header } from '../beam/proto/beam_rewind/recording_pb.js';
import {
  checksumSeed,
  decodeFrame,
  earlierLogMagic,
  frameHeaderBytes,
  frameLength,
  frameMarker,
  headerSeed,
  logFormat,
  logMagic,
} from './logFrame.js';
import { ReadWindow } from './readWindow.js';
import type { LogPlace } from './segments.js';
import { listSegments, segmentFile, segmentPath } from './segments.js';

/** So many records are read at a time: few at first, for a reader that wants no more. */
const firstBatchRecords = 4;
const maxBatchRecords = 64;

/** A place where a log is not as it was written. */
export interface LogDamage extends LogPlace {
  /** Words for people. */
  what: string;
  /** Nothing readable follows: what a writer that died leaves behind. */
  isTail: boolean;
}

/** A damage in words, with its place. */
export function damageText({ segment, offset, what }: LogDamage): string {
  return `at byte ${offset} of ${segmentFile(segment)}: ${what}`;
}

/** A record and where it stands. */
export interface PlacedRecord {
  message: LogRecord;
  begin: LogPlace;
  end: LogPlace;
}

/**
 * Reads a log record by record, also those of bundles that failed. What is damaged is reported and skipped:
 * reading goes on at the next frame whose checksums agree. Memory does not depend on the log's length.
 * @param from where a record begins
 * @throws if a file cannot be read, or the log is of another format
 */
export async function* readFrames(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from?: LogPlace,
): AsyncGenerator<PlacedRecord> {
  for await (const batch of readBatches(folder, onDamage, from)) yield* batch;
}

/** As {@link readFrames}, some records at a time: to wait for each costs more than to read it. */
export async function* readBatches(
  folder: string,
  onDamage: (damage: LogDamage) => void,
  from: LogPlace = { segment: 1, offset: 0 },
): AsyncGenerator<PlacedRecord[]> {
  const segments = await listSegments(folder);
  // Without a header the folder's name, which is the recording's id, is believed.
  const id = (await readLogHeader(folder))?.recordingId ?? path.basename(folder);
  const last = segments.at(-1) ?? 0;
  for (let segment = from.segment; segment <= last; segment++) {
    if (!segments.includes(segment)) {
      onDamage({ segment, offset: 0, what: 'the file is missing', isTail: false });
      continue;
    }
    const offset = segment === from.segment ? from.offset : 0;
    const isHeader = ({ recordingId }: LogRecord_Header): boolean => recordingId === id;
    yield* readSegment(folder, { segment, offset }, checksumSeed(id), isHeader, (damage) => {
      onDamage({ ...damage, isTail: damage.isTail && segment === last });
    });
  }
}

/** The first header of a log that is whole; undefined if none is. @throws as {@link readFrames} does */
export async function readLogHeader(folder: string): Promise<LogRecord_Header | undefined> {
  for (const segment of await listSegments(folder)) {
    // A log may hold elements that are logs themselves: their headers stand elsewhere and name others.
    const isHeader = ({ recordingId }: LogRecord_Header, offset: number): boolean =>
      offset === logMagic.length || recordingId === path.basename(folder);
    const records = readSegment(folder, { segment, offset: 0 }, undefined, isHeader);
    const first = await records.next();
    await records.return(undefined);
    const record = first.done ? undefined : first.value[0]?.message.record;
    if (record?.case !== 'header') continue;
    if (record.value.format <= logFormat) return record.value;
    throw new Error(
      `The log in ${folder} is of format ${record.value.format}, which a newer version of Beam Rewind wrote.`,
    );
  }
  return undefined;
}

/** @param seed of the checksums; without it only a header is found */
async function* readSegment(
  folder: string,
  from: LogPlace,
  seed: number | undefined,
  isHeader: (header: LogRecord_Header, offset: number) => boolean,
  onDamage: (damage: LogDamage) => void = () => undefined,
): AsyncGenerator<PlacedRecord[]> {
  const { segment } = from;
  const file = await open(segmentPath(folder, segment), 'r');
  const window = new ReadWindow(file, from.offset);

  const decode = (withSeed: number) => {
    const length = frameLength(window.bytes, withSeed);
    if (length === undefined) return undefined;
    const bytes = frameHeaderBytes + length;
    if (window.bytes.length < bytes) return { bytes };
    const message = decodeFrame(window.bytes.subarray(0, bytes), withSeed);
    return message && { bytes, message };
  };
  /** Takes the frame at the window's offset; tells how many bytes it has if the window has less; else there is none. */
  const take = (): PlacedRecord | number | undefined => {
    if (window.bytes.length < frameHeaderBytes) return frameHeaderBytes;
    const { offset } = window;
    let found = seed === undefined ? undefined : decode(seed);
    if (!found) {
      found = decode(headerSeed);
      const record = found?.message?.record;
      if (found?.message && (record?.case !== 'header' || !isHeader(record.value, offset))) {
        return undefined;
      }
    }
    if (!found?.message) return found?.bytes;
    window.skip(found.bytes);
    return {
      message: found.message,
      begin: { segment, offset },
      end: { segment, offset: window.offset },
    };
  };

  let batchRecords = firstBatchRecords;
  let damagedFrom: number | undefined;
  const report = (what: string, isTail: boolean): void => {
    if (damagedFrom !== undefined) onDamage({ segment, offset: damagedFrom, what, isTail });
    damagedFrom = undefined;
  };
  try {
    if (from.offset === 0) {
      const isLog =
        (await window.startsWith(logMagic)) || (await window.startsWith(earlierLogMagic));
      if (isLog) window.skip(logMagic.length);
    }
    for (;;) {
      const batch: PlacedRecord[] = [];
      let next = take();
      for (; typeof next === 'object'; next = take()) {
        report(`${next.begin.offset - (damagedFrom ?? 0)} bytes are damaged`, false);
        batch.push(next);
        if (batch.length === batchRecords) break;
      }
      if (batch.length > 0) yield batch;
      if (typeof next === 'object') {
        batchRecords = Math.min(2 * batchRecords, maxBatchRecords);
        continue;
      }
      if (next !== undefined && (await window.fill(next))) continue;
      if (!(await window.fill(1))) break;
      damagedFrom ??= window.offset;
      await window.skipTo(frameMarker);
    }
    report(`the last ${window.offset - (damagedFrom ?? 0)} bytes are cut off or damaged`, true);
  } finally {
    await file.close();
  }
}
