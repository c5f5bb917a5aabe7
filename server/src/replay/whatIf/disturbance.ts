import { create } from '@bufbuild/protobuf';
import { exactTimestampMillis, forEachWindowedElement } from '../../beam/coders/windowedValue.js';
import type { LogRecord } from '../../beam/proto/beam_rewind/recording_pb.js';
import { LogRecord_ElementsSchema } from '../../beam/proto/beam_rewind/recording_pb.js';
import type { MergedRecord } from '../testStream/mergeLogs.js';

/** Changes what a recording tells, on the way to a replay. The recording stays as it is. */
export type Disturbance = (merged: AsyncIterable<MergedRecord>) => AsyncIterable<MergedRecord>;

/** A record that is one element. */
export interface ElementRecord extends MergedRecord {
  record: Extract<LogRecord['record'], { case: 'elements' }>;
}

export function isElement(merged: MergedRecord): merged is ElementRecord {
  return merged.record.case === 'elements';
}

/** The same records, with one element in each that has any. */
export async function* eachElement(
  merged: AsyncIterable<MergedRecord>,
): AsyncGenerator<MergedRecord> {
  for await (const one of merged) {
    if (!isElement(one) || one.record.value.count <= 1) yield one;
    else yield* split(one);
  }
}

function split({ output, arrivalMicros, record }: ElementRecord): ElementRecord[] {
  const { data } = record.value;
  const parts: ElementRecord[] = [];
  let headerStart = 0;
  forEachWindowedElement(data, (millis, _pane, start, end) => {
    const timestampMillis = exactTimestampMillis(millis);
    const value = create(LogRecord_ElementsSchema, {
      arrivalMicros,
      count: 1,
      minTimestampMillis: timestampMillis,
      maxTimestampMillis: timestampMillis,
      data: data.subarray(headerStart, end),
    });
    parts.push({ output, arrivalMicros, record: { case: 'elements', value } });
    headerStart = end;
  });
  return parts;
}

/** A record at another time of arrival. */
export function movedTo<Record extends MergedRecord>(one: Record, arrivalMicros: bigint): Record {
  const { record } = one;
  if (record.case === undefined || record.case === 'header') return one;
  const moved = { ...record, value: { ...record.value, arrivalMicros } };
  return { ...one, arrivalMicros, record: moved };
}

/**
 * Lets some records arrive later, all by the same time, and the others pass them. Those that would come after
 * the last of the others come right behind it.
 */
export async function* later(
  merged: AsyncIterable<MergedRecord>,
  isLater: (one: MergedRecord) => boolean,
  byMicros: bigint,
): AsyncGenerator<MergedRecord> {
  const waiting: MergedRecord[] = [];
  for await (const one of merged) {
    for (let due = waiting[0]; due && due.arrivalMicros < one.arrivalMicros; due = waiting[0]) {
      yield due;
      waiting.shift();
    }
    if (isLater(one)) waiting.push(movedTo(one, one.arrivalMicros + byMicros));
    else yield one;
  }
  yield* waiting;
}
