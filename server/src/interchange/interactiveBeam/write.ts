import { create, toBinary } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { TestStreamPayload_EventSchema } from '../../beam/proto/beam/pipeline_pb.js';
import {
  TestStreamFileHeaderSchema,
  TestStreamFileRecordSchema,
} from '../../beam/proto/beam/interactive_pb.js';
import { MIN_TIMESTAMP_MILLIS } from '../../beam/urns.js';
import type { LogContent } from '../logRecords.js';
import { elementsOf } from '../windowedElements.js';
import { pythonEncoder } from './pythonElements.js';
import { quote } from './quote.js';

type Event = NonNullable<MessageInitShape<typeof TestStreamPayload_EventSchema>['event']>;

/** The type tag of bytes in FastPrimitivesCoder. */
const bytesTag = Uint8Array.of(3);

/**
 * A recording as a cache file of Interactive Beam (StreamingCache), line by line: a header, then test stream events in
 * microseconds. The first advance of processing time is the time of the start, as it is in Interactive Beam's own.
 * @param tag the name of the cache, which is that of the file
 * @throws Error for elements that FastPrimitivesCoder has no form for
 */
export async function* cacheLines(content: LogContent, tag: string): AsyncGenerator<Buffer> {
  let encode: ((element: Uint8Array) => Uint8Array) | undefined;
  let clock = 0n;
  const advanceTo = (micros: bigint): Buffer[] => {
    const advanceDuration = micros - clock;
    clock = micros;
    return advanceDuration > 0n
      ? [recordLine({ case: 'processingTimeEvent', value: { advanceDuration } })]
      : [];
  };
  for await (const record of content) {
    switch (record.case) {
      case 'header':
        encode = pythonEncoder(record.value.coderId, record.value.coders);
        yield line(
          toBinary(TestStreamFileHeaderSchema, create(TestStreamFileHeaderSchema, { tag })),
        );
        yield* advanceTo(record.value.startedMicros);
        yield watermarkLine(MIN_TIMESTAMP_MILLIS);
        break;
      case 'elements': {
        yield* advanceTo(record.value.arrivalMicros);
        const elements = elementsOf(record.value.data).map(({ timestampMillis, element }) => ({
          encodedElement: encode ? quote(encode(element)) : element,
          timestamp: timestampMillis * 1000n,
        }));
        yield recordLine({ case: 'elementEvent', value: { elements } });
        break;
      }
      case 'watermark':
        yield* advanceTo(record.value.arrivalMicros);
        yield watermarkLine(record.value.watermarkMillis);
        break;
      case 'end':
        yield* advanceTo(record.value.arrivalMicros);
        break;
      case 'bundleEnd':
      case undefined:
        break;
    }
  }
}

function watermarkLine(watermarkMillis: bigint): Buffer {
  return recordLine({ case: 'watermarkEvent', value: { newWatermark: watermarkMillis * 1000n } });
}

function recordLine(event: Event): Buffer {
  const record = create(TestStreamFileRecordSchema, { recordedEvent: { event } });
  return line(toBinary(TestStreamFileRecordSchema, record));
}

function line(message: Uint8Array): Buffer {
  return Buffer.concat([quote(Buffer.concat([bytesTag, message])), newline]);
}

const newline = Buffer.from('\n');
