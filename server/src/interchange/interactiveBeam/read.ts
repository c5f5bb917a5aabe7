import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { fromBinary } from '@bufbuild/protobuf';
import { decodeElement } from '../../beam/coders/coderFor.js';
import { fastPrimitivesCoder } from '../../beam/coders/fastPrimitives.js';
import {
  TestStreamFileHeaderSchema,
  TestStreamFileRecordSchema,
} from '../../beam/proto/beam/interactive_pb.js';
import type { LogRecord } from '../../beam/proto/beam_rewind/recording_pb.js';
import { MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../../beam/urns.js';
import { ImportError } from '../importError.js';
import { endRecord, watermarkRecord } from '../../recording/logRecords.js';
import { headerRecord, recordOfElements } from '../logRecords.js';
import { noFiringPane } from '../windowedElements.js';
import { fastPrimitivesCoderId, fastPrimitivesCoders } from './pythonElements.js';
import { unquote } from './quote.js';

const bytesTag = 3;

/**
 * Reads a cache file of Interactive Beam as a log's content. Its elements are of Python's FastPrimitivesCoder; pickles among
 * them stay as they are and are not loaded. Event times lose what is finer than a millisecond, as they do in a runner.
 * @throws ImportError that names the line
 */
export async function* readCacheLines(
  lines: AsyncIterable<string>,
): AsyncGenerator<LogRecord['record']> {
  let number = 0;
  let clock: bigint | undefined;
  let watermarkMillis = MIN_TIMESTAMP_MILLIS;
  for await (const text of lines) {
    number++;
    if (number === 1) {
      parse(TestStreamFileHeaderSchema, text, number);
      continue;
    }
    const event = parse(TestStreamFileRecordSchema, text, number).recordedEvent?.event;
    if (clock === undefined) {
      // The clock starts at 1970: its first advance is to the time of the start.
      clock = event?.case === 'processingTimeEvent' ? event.value.advanceDuration : 0n;
      yield headerRecord(clock, fastPrimitivesCoders(), fastPrimitivesCoderId);
      if (event?.case === 'processingTimeEvent') continue;
    }
    switch (event?.case) {
      case 'processingTimeEvent':
        if (event.value.advanceDuration < 0n)
          throw new ImportError('processing time goes back', number);
        clock += event.value.advanceDuration;
        break;
      case 'watermarkEvent': {
        const next = millisOf(event.value.newWatermark);
        // A sample that found the watermark where it was.
        if (next <= watermarkMillis) break;
        watermarkMillis = next;
        yield watermarkRecord(clock, watermarkMillis);
        break;
      }
      case 'elementEvent': {
        const elements = event.value.elements.map(({ encodedElement, timestamp }) => ({
          timestampMillis: millisOf(timestamp),
          pane: noFiringPane,
          element: pythonElement(encodedElement, number),
        }));
        if (elements.length > 0) yield recordOfElements(clock, elements);
        break;
      }
      case undefined:
        throw new ImportError('a record without an event', number);
    }
  }
  if (clock === undefined) throw new ImportError('the file ends without an event', number + 1);
  yield watermarkMillis >= MAX_TIMESTAMP_MILLIS
    ? endRecord(clock, 'source finished', '')
    : endRecord(clock, 'cancelled', 'Interactive Beam does not note why a recording ended.');
}

function parse<D extends DescMessage>(schema: D, text: string, number: number): MessageShape<D> {
  const bytes = unquote(Buffer.from(text, 'latin1'));
  if (bytes?.[0] !== bytesTag) {
    throw new ImportError("not bytes of Interactive Beam's SafeFastPrimitivesCoder", number);
  }
  try {
    return fromBinary(schema, bytes.subarray(1));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ImportError(`not a ${schema.name} (${reason})`, number);
  }
}

/** The bytes of FastPrimitivesCoder, checked to be such. */
function pythonElement(encoded: Uint8Array, number: number): Uint8Array {
  const element = unquote(encoded);
  try {
    if (element) {
      decodeElement(fastPrimitivesCoder, element);
      return element;
    }
  } catch {
    // Said below.
  }
  throw new ImportError(
    "an element that is not of Interactive Beam's SafeFastPrimitivesCoder",
    number,
  );
}

function millisOf(micros: bigint): bigint {
  const millis = micros / 1000n;
  return micros < 0n && millis * 1000n !== micros ? millis - 1n : millis;
}
