import { crc32 } from 'node:zlib';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { MIN_TIMESTAMP_MILLIS } from '../beam/urns.js';
import { frameHeaderBytes, frameLength, frameMarker } from './logFrame.js';
import type { LogPlace } from './segments.js';
import { isBehind } from './segments.js';

// docs/recording-format.md describes the file.

/** First bytes of an index of a log. */
export const indexMagic = Buffer.from('BEAMRWX2', 'latin1');

/**
 * What is read to find a place exactly: at most so much lies between two entries, with the record that reaches it. Elements that are
 * much alike take few bytes, and still have to be unpacked.
 */
const spacing = { bytes: 256 << 10, elements: 10_000, events: 256 };

const entryBytes = 64;

/** What a log holds up to a place, of bundles that are whole. */
export interface LogCounts {
  elements: number;
  /** Records of elements, and of watermarks that go on: the events of a test stream of this log, without its advances of time. */
  events: number;
  /** Times of arrival of these that differ from the one before. */
  arrivals: number;
  /** Arrival of the last of these, µs since the epoch; -1 without one. */
  lastArrivalMicros: bigint;
  /** ms since the epoch. */
  watermarkMillis: bigint;
  /** Greatest event timestamp or watermark, ms since the epoch. */
  maxEventMillis: bigint;
}

/** An entry of the index: where a record begins, and what is in front of it. */
export interface LogEntry extends LogPlace, LogCounts {}

/** The place before the first record. */
export const logStart: LogEntry = {
  segment: 1,
  offset: 0,
  elements: 0,
  events: 0,
  arrivals: 0,
  lastArrivalMicros: -1n,
  watermarkMillis: MIN_TIMESTAMP_MILLIS,
  maxEventMillis: MIN_TIMESTAMP_MILLIS,
};

/** What counts of a record: small, where the record may hold megabytes. */
export type RecordFact =
  | { kind: 'elements'; arrivalMicros: bigint; count: number; maxEventMillis: bigint }
  | { kind: 'watermark'; arrivalMicros: bigint; watermarkMillis: bigint };

export function factOf(record: LogRecord['record']): RecordFact | undefined {
  if (record.case === 'elements') {
    const { arrivalMicros, count, maxTimestampMillis: maxEventMillis } = record.value;
    return { kind: 'elements', arrivalMicros, count, maxEventMillis };
  }
  if (record.case !== 'watermark') return undefined;
  const { arrivalMicros, watermarkMillis } = record.value;
  return { kind: 'watermark', arrivalMicros, watermarkMillis };
}

/** Adds a record to the counts. */
export function count(counts: LogCounts, fact: RecordFact): void {
  if (fact.kind === 'watermark' && fact.watermarkMillis <= counts.watermarkMillis) return;
  counts.events++;
  if (fact.arrivalMicros !== counts.lastArrivalMicros) counts.arrivals++;
  counts.lastArrivalMicros = fact.arrivalMicros;
  if (fact.kind === 'elements') counts.elements += fact.count;
  else counts.watermarkMillis = fact.watermarkMillis;
  const eventMillis = fact.kind === 'elements' ? fact.maxEventMillis : fact.watermarkMillis;
  if (eventMillis > counts.maxEventMillis) counts.maxEventMillis = eventMillis;
}

/** Makes the entries of a log that it is told record by record. */
export class EntryBuilder {
  private readonly counts: LogCounts;

  /** @param last the last entry there is */
  constructor(private last: LogEntry = logStart) {
    this.counts = { ...last };
  }

  /** @param end where the record ends @returns an entry for that place, if it is time for one */
  add(fact: RecordFact | undefined, end: LogPlace): LogEntry | undefined {
    if (fact) count(this.counts, fact);
    if (!this.isFar(end) || !isBehind(end, this.last)) return undefined;
    this.last = { ...this.counts, segment: end.segment, offset: end.offset };
    return this.last;
  }

  private isFar({ segment, offset }: LogPlace): boolean {
    const { last, counts } = this;
    return (
      segment > last.segment ||
      offset - last.offset >= spacing.bytes ||
      counts.elements - last.elements >= spacing.elements ||
      counts.events - last.events >= spacing.events
    );
  }
}

/** Entries as a block of the index: framed as the log is. */
export function encodeEntries(entries: LogEntry[], seed: number): Buffer {
  const block = Buffer.alloc(frameHeaderBytes + entries.length * entryBytes);
  block.set(frameMarker, 0);
  block.writeUInt32LE(block.length - frameHeaderBytes, 4);
  block.writeUInt32LE(crc32(block.subarray(0, 8), seed), 8);
  entries.forEach((entry, index) => {
    const at = frameHeaderBytes + index * entryBytes;
    block.writeBigUInt64LE(BigInt(entry.segment), at);
    block.writeBigUInt64LE(BigInt(entry.offset), at + 8);
    block.writeBigUInt64LE(BigInt(entry.elements), at + 16);
    block.writeBigUInt64LE(BigInt(entry.events), at + 24);
    block.writeBigUInt64LE(BigInt(entry.arrivals), at + 32);
    block.writeBigInt64LE(entry.lastArrivalMicros, at + 40);
    block.writeBigInt64LE(entry.watermarkMillis, at + 48);
    block.writeBigInt64LE(entry.maxEventMillis, at + 56);
  });
  block.writeUInt32LE(crc32(block.subarray(frameHeaderBytes), seed), 12);
  return block;
}

/** Without a detour through a BigInt: there are many to be read before anything of a long log is. */
function readNumber(view: DataView, at: number): number {
  return view.getUint32(at + 4, true) * 0x100000000 + view.getUint32(at, true);
}

/** The entries of an index up to its first block that is not whole. */
export function decodeEntries(index: Buffer, seed: number): LogEntry[] {
  const entries: LogEntry[] = [];
  if (!index.subarray(0, indexMagic.length).equals(indexMagic)) return entries;
  let rest = index.subarray(indexMagic.length);
  while (rest.length >= frameHeaderBytes) {
    const length = frameLength(rest, seed);
    if (length === undefined) break;
    const payload = rest.subarray(frameHeaderBytes, frameHeaderBytes + length);
    if (payload.length < length || crc32(payload, seed) !== rest.readUInt32LE(12)) break;
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
    for (let at = 0; at + entryBytes <= payload.length; at += entryBytes) {
      entries.push({
        segment: readNumber(view, at),
        offset: readNumber(view, at + 8),
        elements: readNumber(view, at + 16),
        events: readNumber(view, at + 24),
        arrivals: readNumber(view, at + 32),
        lastArrivalMicros: view.getBigInt64(at + 40, true),
        watermarkMillis: view.getBigInt64(at + 48, true),
        maxEventMillis: view.getBigInt64(at + 56, true),
      });
    }
    rest = rest.subarray(frameHeaderBytes + length);
  }
  return entries;
}
