import { create } from '@bufbuild/protobuf';
import path from 'node:path';
import type { LogRecord } from '../../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { summarize } from '../../../../server/src/beam/coders/windowedValue.js';
import type { LogOptions } from '../../../../server/src/recording/writeLog.js';
import { createLog } from '../../../../server/src/recording/writeLog.js';
import type {
  OpenTestStream,
  TestStreamOutput,
} from '../../../../server/src/replay/testStream/openTestStream.js';
import { openTestStream } from '../../../../server/src/replay/testStream/openTestStream.js';
import type { Place, PlacedStep } from '../../../../server/src/replay/testStream/place.js';
import { stepJson } from '../../../../server/src/replay/testStream/encodeStep.js';
import { windowedValues } from '../../../windowedValues.js';

export type Record = LogRecord['record'];
type Header = Parameters<typeof createLog>[1];

let bundles = 0;

/** Times of arrival in µs, event times in ms. */
export function elements(arrivalMicros: number, ...values: [number, string][]): Record {
  const data = windowedValues(values);
  const { count, minTimestampMillis, maxTimestampMillis } = summarize(data);
  const value = {
    arrivalMicros: BigInt(arrivalMicros),
    count,
    minTimestampMillis: BigInt(minTimestampMillis),
    maxTimestampMillis: BigInt(maxTimestampMillis),
    data,
    bundle: ++bundles,
    endsBundle: true,
  };
  return create(LogRecordSchema, { record: { case: 'elements', value } }).record;
}

export function watermark(arrivalMicros: number, millis: number): Record {
  const value = { arrivalMicros: BigInt(arrivalMicros), watermarkMillis: BigInt(millis) };
  return create(LogRecordSchema, { record: { case: 'watermark', value } }).record;
}

export function end(arrivalMicros: number): Record {
  const value = { arrivalMicros: BigInt(arrivalMicros) };
  return create(LogRecordSchema, { record: { case: 'end', value } }).record;
}

/** Writes a log; the output is complete. */
export async function anOutput(
  folder: string,
  tag: string,
  records: Record[],
  { header = {}, options = {} }: { header?: Header; options?: LogOptions } = {},
): Promise<TestStreamOutput> {
  const log = path.join(folder, tag);
  const writer = await createLog(log, { recordingId: tag, ...header }, options);
  for (const record of records) writer.append(record);
  await writer.close();
  return { tag, log, isComplete: true };
}

export function failOnDamage(what: string): void {
  throw new Error(what);
}

/** A step as a short line: `2 +1500us`, `3 w1000000 A`, `4 a@1000000 A`. */
export function lineOf({ ordinal, step }: PlacedStep, tags: string[]): string {
  const event = JSON.parse(
    stepJson(step, step.kind === 'processing time' ? '' : (tags[step.output] ?? '')),
  ) as {
    processingTimeEvent?: { advanceDuration: string };
    watermarkEvent?: { newWatermark: string; tag?: string };
    elementEvent?: { elements: { encodedElement: string; timestamp: string }[]; tag?: string };
  };
  const { processingTimeEvent, watermarkEvent, elementEvent } = event;
  const parts = [
    ordinal,
    ...(processingTimeEvent ? [`+${processingTimeEvent.advanceDuration}us`] : []),
    ...(watermarkEvent ? [`w${watermarkEvent.newWatermark}`, watermarkEvent.tag ?? ''] : []),
    ...(elementEvent?.elements ?? []).map(
      ({ encodedElement, timestamp }) =>
        `${Buffer.from(encodedElement, 'base64').toString()}@${timestamp}`,
    ),
    elementEvent?.tag ?? '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** All steps from a place. */
export async function linesFrom(outputs: TestStreamOutput[], place: Place): Promise<string[]> {
  const stream: OpenTestStream = await openTestStream(outputs, place, failOnDamage);
  const tags = outputs.length > 1 ? outputs.map(({ tag }) => tag) : [];
  const lines: string[] = [];
  for (let step = await stream.next(); step; step = await stream.next())
    lines.push(lineOf(step, tags));
  await stream.close();
  return lines;
}
