import { open } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord, LogRecord_Header } from '../beam/proto/beam_rewind/recording_pb.js';
import {
  checksumSeed,
  decodeFrame,
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
  from: LogPlace = { segment: 1, offset: 0 },
): AsyncGenerator<PlacedRecord> {
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
    const record = first.done ? undefined : first.value.message.record;
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
): AsyncGenerator<PlacedRecord> {
  const { segment } = from;
  const file = await open(segmentPath(folder, segment), 'r');
  const window = new ReadWindow(file, from.offset);

  const decode = async (withSeed: number) => {
    const length = frameLength(window.bytes, withSeed);
    if (length === undefined) return undefined;
    const bytes = frameHeaderBytes + length;
    if (window.bytes.length < bytes && !(await window.fill(bytes))) return undefined;
    const message = decodeFrame(window.bytes.subarray(0, bytes), withSeed);
    return message && { message, bytes };
  };
  /** Takes the frame at the window's offset, if there is one. */
  const take = async (): Promise<PlacedRecord | undefined> => {
    if (window.bytes.length < frameHeaderBytes && !(await window.fill(frameHeaderBytes))) {
      return undefined;
    }
    const { offset } = window;
    let decoded = seed === undefined ? undefined : await decode(seed);
    if (!decoded) {
      decoded = await decode(headerSeed);
      const record = decoded?.message.record;
      if (record?.case !== 'header' || !isHeader(record.value, offset)) return undefined;
    }
    if (!decoded) return undefined;
    window.skip(decoded.bytes);
    return {
      message: decoded.message,
      begin: { segment, offset },
      end: { segment, offset: window.offset },
    };
  };

  let damagedFrom: number | undefined;
  const report = (what: string, isTail: boolean): void => {
    if (damagedFrom !== undefined) onDamage({ segment, offset: damagedFrom, what, isTail });
    damagedFrom = undefined;
  };
  try {
    if (from.offset === 0 && (await window.startsWith(logMagic))) window.skip(logMagic.length);
    for (;;) {
      const placed = await take();
      if (placed) {
        report(`${placed.begin.offset - (damagedFrom ?? 0)} bytes are damaged`, false);
        yield placed;
      } else {
        if (!(await window.fill(1))) break;
        damagedFrom ??= window.offset;
        await window.skipTo(frameMarker);
      }
    }
    report(`the last ${window.offset - (damagedFrom ?? 0)} bytes are cut off or damaged`, true);
  } finally {
    await file.close();
  }
}
