import type { LogRecord } from '../../beam/proto/beam_rewind/recording_pb.js';
import { MIN_TIMESTAMP_MILLIS } from '../../beam/urns.js';
import type { LogCounts, LogEntry } from '../../recording/logEntries.js';
import { count, factOf, logStart } from '../../recording/logEntries.js';
import { readIndex } from '../../recording/logIndex.js';
import type { PlacedRecord } from '../../recording/readFrames.js';
import { readLogHeader } from '../../recording/readFrames.js';
import { readStored } from '../../recording/readLog.js';
import type { LogPlace } from '../../recording/segments.js';
import type { Place } from './place.js';
import type { Resumed } from './steps.js';

/** Where a test stream can begin at once, with what was told before. */
export interface Start extends Resumed {
  /** Number of the first event. */
  ordinal: number;
  /** The logs from there on. */
  logs: AsyncIterable<LogRecord>[];
}

/** What is known of the logs of a test stream without reading them. */
interface Indexed {
  indexes: LogEntry[][];
  /** Arrival of the first record that is told, µs. */
  firstArrival: bigint;
  /** It is itself an event, not only the passing of time. */
  firstIsEvent: boolean;
  /** Times of arrival at which a test stream can begin, ascending. */
  arrivals: bigint[];
}

/** Reads the logs of a test stream: what is skipped need not be unpacked. */
export interface StoredLogs {
  read: (output: number, from: LogPlace) => AsyncIterable<PlacedRecord>;
  isUnpacked: (output: number, placed: PlacedRecord) => boolean;
}

const indexed = new WeakMap<object, Promise<Indexed | undefined>>();

/**
 * Begins a test stream a little before a place, by the indexes of its logs.
 * @param outputs the folders of the logs; what is known of them is kept as long as this array is
 * @returns undefined if it has to be read from its first event
 */
export async function startNear(
  outputs: { log: string }[],
  place: Place,
  stored: StoredLogs,
): Promise<Start | undefined> {
  if ('ordinal' in place && place.ordinal === 0) return undefined;
  let known = indexed.get(outputs);
  if (!known) {
    known = indexOf(outputs);
    indexed.set(outputs, known);
  }
  const index = await known;
  if (!index) return undefined;
  if ('processingTime' in place) return startAt(index, place.processingTime, stored);
  if ('eventTime' in place) return startAt(index, arrivalBefore(index, place.eventTime), stored);
  // The entries tell nearly how much is in front: what is too far is found out, and gone back from.
  let candidate = lastWhere(
    index.arrivals,
    (arrival) => eventsBefore(index, arrival) <= place.ordinal,
  );
  for (let back = 1; candidate >= 0; candidate -= back, back *= 2) {
    const start = await startAt(index, index.arrivals[candidate] ?? 0n, stored);
    if (start.ordinal <= place.ordinal) return start;
    for (const log of start.logs) await log[Symbol.asyncIterator]().return?.();
  }
  return undefined;
}

async function indexOf(outputs: { log: string }[]): Promise<Indexed | undefined> {
  const clocks = await Promise.all(outputs.map(({ log }) => readLogHeader(log)));
  // Records of different clocks may have arrived at the same time: then only reading tells how many events there are.
  const areTogether = clocks.every((header) => header?.clock && header.clock === clocks[0]?.clock);
  if (outputs.length > 1 && !areTogether) return undefined;
  const indexes = await Promise.all(outputs.map(({ log }) => readIndex(log)));
  const firsts = await Promise.all(outputs.map(({ log }) => firstArrivals(log)));
  const told = firsts.flatMap(({ record }) => (record === undefined ? [] : [record]));
  const events = firsts.flatMap(({ event }) => (event === undefined ? [] : [event]));
  if (told.length === 0) return undefined;
  const firstArrival = least(told);
  const firstIsEvent = events.length > 0 && least(events) === firstArrival;
  const arrivals = indexes.flat().map(({ lastArrivalMicros }) => lastArrivalMicros);
  arrivals.sort((a, b) => (a < b ? -1 : 1));
  return { indexes, firstArrival, firstIsEvent, arrivals };
}

async function firstArrivals(log: string): Promise<{ record?: bigint; event?: bigint }> {
  let first: bigint | undefined;
  for await (const { message } of readStored(log, () => undefined)) {
    const { record } = message;
    if (record.case !== 'elements' && record.case !== 'watermark' && record.case !== 'end')
      continue;
    const { arrivalMicros } = record.value;
    first ??= arrivalMicros;
    const isEvent =
      record.case === 'elements' ||
      (record.case === 'watermark' && record.value.watermarkMillis > MIN_TIMESTAMP_MILLIS);
    if (isEvent) return { record: first, event: arrivalMicros };
  }
  return first === undefined ? {} : { record: first };
}

/** About so many events are in front of a time of arrival: a few too many, or, near the end of a log, too few. */
function eventsBefore({ indexes }: Indexed, arrival: bigint): number {
  const counts = indexes.map((entries) => {
    const last = indexBefore(entries, arrival);
    return entries[last + 1] ?? entries[last] ?? logStart;
  });
  return counts.reduce((sum, { events, arrivals }) => sum + events + arrivals, 0) - 1;
}

/** A time of arrival before which no event reaches an event time, µs. */
function arrivalBefore({ indexes }: Indexed, eventTime: bigint): bigint {
  const arrivals = indexes.map((entries) => {
    const reaching = entries.findIndex(({ maxEventMillis }) => maxEventMillis * 1000n >= eventTime);
    return entries.at(reaching < 0 ? -1 : Math.max(0, reaching - 1))?.lastArrivalMicros ?? -1n;
  });
  return least(arrivals);
}

/** Skips what arrived before a time, and counts it. */
async function startAt(index: Indexed, arrival: bigint, stored: StoredLogs): Promise<Start> {
  const skipped = await Promise.all(
    index.indexes.map((entries, output) => {
      const entry = lastBefore(entries, arrival);
      const isUnpacked = (placed: PlacedRecord): boolean => stored.isUnpacked(output, placed);
      return skipTo(stored.read(output, entry), isUnpacked, { ...entry }, arrival);
    }),
  );
  const sum = (of: (counts: LogCounts) => number): number =>
    skipped.reduce((total, { counts }) => total + of(counts), 0);
  const events = sum((counts) => counts.events);
  const advances = sum((counts) => counts.arrivals) - (events > 0 && index.firstIsEvent ? 1 : 0);
  const lasts = skipped.map(({ counts }) => counts.lastArrivalMicros);
  return {
    ordinal: events + advances,
    firstArrival: index.firstArrival,
    lastArrival: events > 0 ? lasts.reduce((a, b) => (b > a ? b : a)) : undefined,
    watermarks: skipped.map(({ counts }) => counts.watermarkMillis),
    logs: skipped.map(({ rest }) => rest),
  };
}

async function skipTo(
  log: AsyncIterable<PlacedRecord>,
  isUnpacked: (placed: PlacedRecord) => boolean,
  counts: LogCounts,
  arrival: bigint,
) {
  const records = log[Symbol.asyncIterator]();
  let next = await records.next();
  for (; !next.done; next = await records.next()) {
    const { record } = next.value.message;
    if (record.case === 'end' && record.value.arrivalMicros >= arrival) break;
    const fact = factOf(record);
    if (!fact) continue;
    if (fact.arrivalMicros >= arrival) break;
    count(counts, fact);
  }
  let head: IteratorResult<PlacedRecord> | undefined = next;
  // No generator: one that was not begun would leave its log open.
  const rest: AsyncIterableIterator<LogRecord> = {
    [Symbol.asyncIterator]: () => rest,
    async next() {
      let result = head ?? (await records.next());
      head = undefined;
      while (!result.done && !isUnpacked(result.value)) result = await records.next();
      return result.done ? { done: true, value: undefined } : { value: result.value.message };
    },
    async return() {
      await records.return?.();
      return { done: true, value: undefined };
    },
  };
  return { counts, rest };
}

function lastBefore(entries: LogEntry[], arrival: bigint): LogEntry {
  return entries[indexBefore(entries, arrival)] ?? logStart;
}

/** Number of the last for which something is true that is true up to some number; -1 if for none. */
function lastWhere<T>(items: T[], isTrue: (item: T) => boolean): number {
  let low = -1;
  for (let high = items.length - 1; low < high;) {
    const middle = Math.ceil((low + high) / 2);
    if (isTrue(items[middle] as T)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Number of the last entry in front of which everything arrived before a time; the first stands at the start of the log. */
function indexBefore(entries: LogEntry[], arrival: bigint): number {
  return Math.max(
    0,
    lastWhere(entries, ({ lastArrivalMicros }) => lastArrivalMicros < arrival),
  );
}

function least(numbers: bigint[]): bigint {
  return numbers.reduce((a, b) => (b < a ? b : a));
}
