import { create, fromBinary, toBinary, toJsonString } from '@bufbuild/protobuf';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { encodeWindowedElement } from '../../../../server/src/beam/coders/windowedValue.js';
import { TestStreamPayload_EventSchema } from '../../../../server/src/beam/proto/beam/pipeline_pb.js';
import { LogRecord_ElementsSchema } from '../../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../../../../server/src/beam/urns.js';
import { encodeStep, stepJson } from '../../../../server/src/replay/testStream/encodeStep.js';
import type { TestStreamStep } from '../../../../server/src/replay/testStream/steps.js';

const timestamps = fc.oneof(
  fc.constantFrom(0n, -1n, 1n, MIN_TIMESTAMP_MILLIS, MAX_TIMESTAMP_MILLIS),
  fc.constantFrom(9_007_199_254_740n, 9_007_199_254_741n, -9_007_199_254_741n),
  fc.bigInt(-(2n ** 52n), 2n ** 52n),
);
const tags = fc.constantFrom('', 'Clicks', 'ü"\\\n');
const elements = fc.array(
  fc.record({ timestamp: timestamps, element: fc.uint8Array({ maxLength: 400 }) }),
  { maxLength: 20 },
);

describe('an encoded step', () => {
  it('is the event that the library writes, for elements', () => {
    fc.assert(
      fc.property(elements, tags, (values, tag) => {
        const data = Buffer.concat(
          values.map(({ timestamp, element }) => encodeWindowedElement(timestamp, element)),
        );
        const step: TestStreamStep = {
          kind: 'elements',
          output: 0,
          arrivalMicros: 0n,
          elements: create(LogRecord_ElementsSchema, { data }),
        };
        const event = create(TestStreamPayload_EventSchema, {
          event: {
            case: 'elementEvent',
            value: {
              tag,
              elements: values.map(({ timestamp, element }) => ({
                encodedElement: element,
                timestamp: timestamp * 1000n,
              })),
            },
          },
        });
        assert.deepEqual(
          Buffer.from(encodeStep(step, tag)),
          Buffer.from(toBinary(TestStreamPayload_EventSchema, event)),
        );
        const options = { alwaysEmitImplicit: true };
        const written = JSON.parse(stepJson(step, tag)) as { elementEvent: { tag?: string } };
        written.elementEvent.tag ??= '';
        assert.deepEqual(
          written,
          JSON.parse(toJsonString(TestStreamPayload_EventSchema, event, options)),
        );
      }),
    );
  });

  it('is the event that the library writes, for watermarks and processing time', () => {
    fc.assert(
      fc.property(timestamps, tags, (time, tag) => {
        const watermark: TestStreamStep = {
          kind: 'watermark',
          output: 0,
          watermarkMillis: time,
          arrivalMicros: 0n,
        };
        const { event } = fromBinary(TestStreamPayload_EventSchema, encodeStep(watermark, tag));
        assert(event.case === 'watermarkEvent');
        assert.equal(event.value.newWatermark, time * 1000n);
        assert.equal(event.value.tag, tag);
        assert.deepEqual(JSON.parse(stepJson(watermark, tag)), {
          watermarkEvent: { newWatermark: `${time * 1000n}`, ...(tag && { tag }) },
        });
      }),
    );
    const advance = { kind: 'processing time', advance: 1500n, arrivalMicros: 0n } as const;
    assert.equal(
      stepJson(advance, ''),
      toJsonString(
        TestStreamPayload_EventSchema,
        fromBinary(TestStreamPayload_EventSchema, encodeStep(advance, '')),
      ),
    );
  });
});
