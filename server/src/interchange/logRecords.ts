import { create } from '@bufbuild/protobuf';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { LogRecord_HeaderSchema } from '../beam/proto/beam_rewind/recording_pb.js';
import { elementsRecord } from '../recording/logRecords.js';
import type { RecordedElement } from './windowedElements.js';
import { windowedElements } from './windowedElements.js';

/** The content of a log, as formats read and write it: a header, elements and watermarks, an end. */
export type LogContent = AsyncIterable<LogRecord['record']>;

/** The header of a log that is imported; what else a header says, its writer knows. */
export function headerRecord(
  startedMicros: bigint,
  coders: Record<string, Coder>,
  coderId: string,
): LogRecord['record'] {
  const value = create(LogRecord_HeaderSchema, { startedMicros, coders, coderId });
  return { case: 'header', value };
}

/** The record of elements that arrived together. @param arrivalMicros µs since the epoch */
export function recordOfElements(
  arrivalMicros: bigint,
  elements: RecordedElement[],
): LogRecord['record'] {
  const timestamps = elements.map(({ timestampMillis }) => timestampMillis);
  return elementsRecord({
    arrivalMicros,
    count: elements.length,
    minTimestampMillis: timestamps.reduce((a, b) => (b < a ? b : a)),
    maxTimestampMillis: timestamps.reduce((a, b) => (b > a ? b : a)),
    endsBundle: true,
    data: windowedElements(elements),
  });
}
