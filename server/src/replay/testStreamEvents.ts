import { create } from '@bufbuild/protobuf';
import { encodeVarint } from '../beam/coders/varint.js';
import { exactTimestampMillis, forEachWindowedElement } from '../beam/coders/windowedValue.js';
import type {
  TestStreamPayload_Event,
  TestStreamPayload_TimestampedElement,
} from '../beam/proto/beam/pipeline_pb.js';
import {
  TestStreamPayload_EventSchema,
  TestStreamPayload_TimestampedElementSchema,
} from '../beam/proto/beam/pipeline_pb.js';
import type { MergedRecord } from './testStream/mergeLogs.js';
import type { TestStreamStep } from './testStream/steps.js';
import { testStreamSteps } from './testStream/steps.js';

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
  const steps = testStreamSteps(merged, {
    outputs,
    unitMicros: 1000n,
    watermarks: 'common',
    endsOutput: () => true,
  });
  for await (const step of steps) {
    events.push(create(TestStreamPayload_EventSchema, { event: embedded(step, outputs) }));
  }
  return events;
}

function embedded(step: TestStreamStep, outputs: number) {
  switch (step.kind) {
    case 'processing time':
      return { case: 'processingTimeEvent', value: { advanceDuration: step.advance } } as const;
    case 'watermark':
      return { case: 'watermarkEvent', value: { newWatermark: step.watermarkMillis } } as const;
    case 'elements': {
      const tag = outputs > 1 ? encodeVarint(step.output) : undefined;
      const elements = timestampedElements(step.elements.data, tag);
      return { case: 'elementEvent', value: { elements } } as const;
    }
  }
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
