import type { MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import { exactTimestampMillis, forEachWindowedElement } from '../beam/coders/windowedValue.js';
import type {
  TestStreamPayload_Event,
  TestStreamPayload_TimestampedElement,
} from '../beam/proto/beam/pipeline_pb.js';
import {
  TestStreamPayload_EventSchema,
  TestStreamPayload_TimestampedElementSchema,
} from '../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../beam/urns.js';
import { encodeVarint } from './selectDoFn.js';

/** A record of one of the merged logs. */
export interface MergedRecord {
  /** Number of the recorded output it belongs to. */
  output: number;
  /** Processing time, µs since the epoch. */
  arrivalMicros: bigint;
  record: LogRecord['record'];
}

/**
 * Merges logs that were recorded together into their one order: by time of arrival, ties by the order of
 * the outputs in the pipeline, then as recorded. Looks one record ahead in each log.
 */
export async function* mergeLogs(logs: AsyncIterable<LogRecord>[]): AsyncGenerator<MergedRecord> {
  const iterators = logs.map((log) => log[Symbol.asyncIterator]());
  const next = async (output: number): Promise<MergedRecord | undefined> => {
    for (;;) {
      const step = await iterators[output]?.next();
      if (!step || step.done) return undefined;
      const { record } = step.value;
      if (record.case === undefined || record.case === 'header') continue;
      return { output, arrivalMicros: record.value.arrivalMicros, record };
    }
  };
  const heads = await Promise.all(iterators.map((_, output) => next(output)));
  for (;;) {
    let first: MergedRecord | undefined;
    for (const head of heads) {
      if (head && (!first || head.arrivalMicros < first.arrivalMicros)) first = head;
    }
    if (!first) return;
    heads[first.output] = await next(first.output);
    yield first;
  }
}

/**
 * The events of a TestStream, in milliseconds, as they go into a pipeline. With several outputs each element
 * is preceded by its output's number, and the watermark is the least of the outputs'. Processing time
 * advances as it did while recording; the stream ends with the watermark at the end of time.
 */
export async function testStreamEvents(
  merged: AsyncIterable<MergedRecord>,
  outputs: number,
): Promise<TestStreamPayload_Event[]> {
  const events: TestStreamPayload_Event[] = [];
  const watermarks = Array.from({ length: outputs }, () => MIN_TIMESTAMP_MILLIS);
  let watermark = MIN_TIMESTAMP_MILLIS;
  let firstArrival: bigint | undefined;
  let processingMillis = 0n;

  const add = (
    event: NonNullable<MessageInitShape<typeof TestStreamPayload_EventSchema>['event']>,
  ): void => {
    events.push(create(TestStreamPayload_EventSchema, { event }));
  };
  const advanceWatermark = (newWatermark: bigint): void => {
    if (newWatermark <= watermark) return;
    watermark = newWatermark;
    add({ case: 'watermarkEvent', value: { newWatermark } });
  };
  const advanceProcessingTime = (arrivalMicros: bigint): void => {
    firstArrival ??= arrivalMicros;
    // From the first arrival each time, so that rounding to milliseconds does not add up.
    const millis = (arrivalMicros - firstArrival) / 1000n;
    if (millis <= processingMillis) return;
    const advanceDuration = millis - processingMillis;
    processingMillis = millis;
    add({ case: 'processingTimeEvent', value: { advanceDuration } });
  };

  for await (const { output, arrivalMicros, record } of merged) {
    advanceProcessingTime(arrivalMicros);
    if (record.case === 'elements') {
      const tag = outputs > 1 ? encodeVarint(output) : undefined;
      const elements = timestampedElements(record.value.data, tag);
      add({ case: 'elementEvent', value: { elements } });
    } else if (record.case === 'watermark') {
      watermarks[output] = record.value.watermarkMillis;
      advanceWatermark(watermarks.reduce((least, each) => (each < least ? each : least)));
    }
  }
  advanceWatermark(MAX_TIMESTAMP_MILLIS);
  return events;
}

function timestampedElements(
  windowedValues: Uint8Array,
  tag: Uint8Array | undefined,
): TestStreamPayload_TimestampedElement[] {
  const elements: TestStreamPayload_TimestampedElement[] = [];
  forEachWindowedElement(windowedValues, (timestampMillis, _pane, start, end) => {
    const element = windowedValues.subarray(start, end);
    elements.push(
      create(TestStreamPayload_TimestampedElementSchema, {
        encodedElement: tag ? Buffer.concat([tag, element]) : element,
        timestamp: exactTimestampMillis(timestampMillis),
      }),
    );
  });
  return elements;
}
