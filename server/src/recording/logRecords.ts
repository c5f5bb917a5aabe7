import type { MessageInitShape } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import {
  LogRecord_ElementsSchema,
  LogRecord_End_Reason as Reason,
  LogRecord_EndSchema,
  LogRecord_WatermarkSchema,
} from '../beam/proto/beam_rewind/recording_pb.js';
import type { EndReason, WrittenEndReason } from './recording.js';

const reasons = {
  'source finished': Reason.SOURCE_FINISHED,
  'duration limit': Reason.DURATION_LIMIT,
  'bytes limit': Reason.BYTES_LIMIT,
  'elements limit': Reason.ELEMENTS_LIMIT,
  'store limit': Reason.STORE_LIMIT,
  cancelled: Reason.CANCELLED,
  failed: Reason.FAILED,
  'write failure': Reason.WRITE_FAILURE,
} satisfies Record<WrittenEndReason, Reason>;

/** Why a log says that it ended. */
export function endReasonOf(reason: Reason): EndReason {
  const found = Object.entries(reasons).find(([, value]) => value === reason);
  return found ? (found[0] as EndReason) : 'interrupted';
}

/** True for what a log can say of why it ended. */
export function isWrittenEndReason(text: string): text is WrittenEndReason {
  return Object.hasOwn(reasons, text);
}

export function elementsRecord(
  init: MessageInitShape<typeof LogRecord_ElementsSchema>,
): LogRecord['record'] {
  return { case: 'elements', value: create(LogRecord_ElementsSchema, init) };
}

export function watermarkRecord(
  arrivalMicros: bigint,
  watermarkMillis: bigint,
): LogRecord['record'] {
  const value = create(LogRecord_WatermarkSchema, { arrivalMicros, watermarkMillis });
  return { case: 'watermark', value };
}

export function endRecord(
  arrivalMicros: bigint,
  reason: WrittenEndReason,
  message: string,
): LogRecord['record'] {
  const value = create(LogRecord_EndSchema, { arrivalMicros, reason: reasons[reason], message });
  return { case: 'end', value };
}
