import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import type { LogRecord_Elements } from '../beam/proto/beam_rewind/recording_pb.js';
import type { LogEntry } from './logEntries.js';
import { logStart } from './logEntries.js';
import { readIndex } from './logIndex.js';
import type { LogDamage } from './readFrames.js';
import { isUnpacked, readStored } from './readLog.js';

/**
 * A place in a recording: the element of a number, from 0; the first element of an event time (ms since the epoch) or
 * later; or the first that arrived so many ms after the first of all, or later.
 */
export type PlaceInRecording = { element: number } | { eventTime: number } | { passedMs: number };

/**
 * The records of elements of a log from a place on, and how many elements at their beginnings are in front of it. What is in front
 * of the place is not read, as far as the index tells.
 * @param isWritten the log is still being written: then its index is not complete
 */
export async function* readFromPlace(
  folder: string,
  place: PlaceInRecording,
  isWritten: boolean,
  onDamage: (damage: LogDamage) => void,
): AsyncGenerator<{ elements: LogRecord_Elements; skip: number }> {
  const reached = await reachedBy(folder, place);
  const entries = isWritten ? [logStart] : await readIndex(folder);
  // The place is in front of the first entry that has reached it.
  const behind = entries.findIndex((entry) => reached(entry));
  const entry = entries.at(behind < 0 ? -1 : Math.max(0, behind - 1)) ?? logStart;
  let before = entry.elements;
  let isThere = false;
  let isFirst = true;
  for await (const placed of readStored(folder, onDamage, entry)) {
    const { record } = placed.message;
    if (record.case !== 'elements') continue;
    const { arrivalMicros: lastArrivalMicros, maxTimestampMillis: maxEventMillis } = record.value;
    const elements = before + record.value.count;
    isThere ||= reached({ elements, lastArrivalMicros, maxEventMillis });
    if (isThere && isUnpacked(placed, onDamage)) {
      yield { elements: record.value, skip: skipped(record.value, place, before, isFirst) };
      isFirst = false;
    }
    before = elements;
  }
}

function skipped(
  { data }: LogRecord_Elements,
  place: PlaceInRecording,
  before: number,
  isFirst: boolean,
): number {
  if (!isFirst || 'passedMs' in place) return 0;
  if ('element' in place) return Math.max(0, place.element - before);
  let number = 0;
  let first: number | undefined;
  forEachWindowedElement(data, (timestampMillis) => {
    if (timestampMillis >= place.eventTime) first ??= number;
    number++;
  });
  return first ?? 0;
}

type Counts = Pick<LogEntry, 'elements' | 'lastArrivalMicros' | 'maxEventMillis'>;

/** Tells of the counts behind a place in the log whether they have come to what is looked for. */
async function reachedBy(
  folder: string,
  place: PlaceInRecording,
): Promise<(counts: Counts) => boolean> {
  if ('element' in place) return ({ elements }) => elements > place.element;
  if ('eventTime' in place) {
    return ({ maxEventMillis }) => Number(maxEventMillis) >= place.eventTime;
  }
  const first = await firstArrival(folder);
  return ({ lastArrivalMicros }) => Number(lastArrivalMicros - first) / 1000 >= place.passedMs;
}

async function firstArrival(folder: string): Promise<bigint> {
  for await (const { message } of readStored(folder, () => undefined))
    if (message.record.case === 'elements') return message.record.value.arrivalMicros;
  return 0n;
}
