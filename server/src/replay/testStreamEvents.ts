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
import { AHEAD_OF_ALL_MILLIS, MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../beam/urns.js';
import { checkpoint, tagElement, tagWatermark } from './taggedElement.js';
import type { MergedRecord } from './testStream/mergeLogs.js';
import { testStreamSteps } from './testStream/steps.js';

/**
 * The events of a TestStream of one output, in milliseconds, as they go into a pipeline. Processing time
 * advances as it did while recording; the stream ends with the watermark at the end of time.
 */
export async function testStreamEvents(
  merged: AsyncIterable<MergedRecord>,
): Promise<TestStreamPayload_Event[]> {
  const events: TestStreamPayload_Event[] = [];
  for await (const step of stepsOf(merged, 1, true)) {
    switch (step.kind) {
      case 'processing time':
        events.push(processingTimeEvent(step.advance));
        break;
      case 'watermark':
        events.push(watermarkEvent(step.watermarkMillis));
        break;
      case 'elements':
        events.push(elementEvent(timestampedElements(step.elements.data)));
    }
  }
  return events;
}

/**
 * The events of a TestStream of one or several outputs, for the route and hold DoFns. Its own watermark goes, as soon
 * as every output's is held at the beginning of time, some decades before the end of the global window, where it is no
 * hindrance to any; the watermarks recorded travel among the elements, each in its place.
 * @param hasProcessingTime false for a runner whose TestStream cannot advance it
 */
export async function taggedTestStreamEvents(
  merged: AsyncIterable<MergedRecord>,
  outputs: number,
  hasProcessingTime: boolean,
): Promise<TestStreamPayload_Event[]> {
  const held = Array.from({ length: outputs }, (_, output) =>
    control(tagWatermark(output, MIN_TIMESTAMP_MILLIS)),
  );
  const events = [
    elementEvent([control(checkpoint)]),
    elementEvent(held),
    watermarkEvent(AHEAD_OF_ALL_MILLIS),
  ];
  for await (const step of stepsOf(merged, outputs, false)) {
    switch (step.kind) {
      case 'processing time':
        if (hasProcessingTime) events.push(processingTimeEvent(step.advance));
        break;
      case 'watermark':
        events.push(elementEvent([control(tagWatermark(step.output, step.watermarkMillis))]));
        break;
      case 'elements': {
        const tag = (element: Uint8Array) => tagElement(step.output, element);
        events.push(elementEvent(timestampedElements(step.elements.data, tag)));
      }
    }
  }
  return [...events, watermarkEvent(MAX_TIMESTAMP_MILLIS)];
}

function stepsOf(merged: AsyncIterable<MergedRecord>, outputs: number, endsOutput: boolean) {
  return testStreamSteps(merged, {
    outputs,
    unitMicros: 1000n,
    endsOutput: () => endsOutput,
  });
}

function processingTimeEvent(advanceDuration: bigint): TestStreamPayload_Event {
  return create(TestStreamPayload_EventSchema, {
    event: { case: 'processingTimeEvent', value: { advanceDuration } },
  });
}

function watermarkEvent(newWatermark: bigint): TestStreamPayload_Event {
  return create(TestStreamPayload_EventSchema, {
    event: { case: 'watermarkEvent', value: { newWatermark } },
  });
}

function elementEvent(elements: TestStreamPayload_TimestampedElement[]): TestStreamPayload_Event {
  return create(TestStreamPayload_EventSchema, {
    event: { case: 'elementEvent', value: { elements } },
  });
}

/** What is said to our DoFns among the elements. */
function control(encodedElement: Uint8Array): TestStreamPayload_TimestampedElement {
  const timestamp = AHEAD_OF_ALL_MILLIS;
  return create(TestStreamPayload_TimestampedElementSchema, { encodedElement, timestamp });
}

function timestampedElements(
  windowedValues: Uint8Array,
  tag = (element: Uint8Array) => element,
): TestStreamPayload_TimestampedElement[] {
  const elements: TestStreamPayload_TimestampedElement[] = [];
  forEachWindowedElement(windowedValues, (timestampMillis, _pane, start, end) => {
    elements.push(
      create(TestStreamPayload_TimestampedElementSchema, {
        encodedElement: tag(windowedValues.subarray(start, end)),
        timestamp: exactTimestampMillis(timestampMillis),
      }),
    );
  });
  return elements;
}
