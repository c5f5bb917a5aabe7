import { create } from '@bufbuild/protobuf';
import { exactTimestampMillis, summarize } from '../beam/coders/windowedValue.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import {
  LogRecord_ElementsSchema,
  LogRecord_End_Reason as Reason,
  LogRecord_EndSchema,
  LogRecord_HeaderSchema,
  LogRecord_WatermarkSchema,
} from '../beam/proto/beam_rewind/recording_pb.js';
import { processingTimeMicros } from './processingTime.js';
import type { EndReason, Recording, WrittenEndReason } from './recording.js';
import { createRecording, logPath } from './store.js';
import { createLog } from './writeLog.js';

/** How often a running recording's counts reach its index, ms. */
const indexIntervalMs = 1000;

/** Writes one recording: its log and, now and then, its index. */
export interface RecordingWriter {
  /** As it stands now. */
  readonly recording: Readonly<Recording>;
  /** Appends windowed values with length-prefixed elements, as they came from the runner. Ignored after the end. */
  addElements(windowedValues: Uint8Array): void;
  /** @param watermarkMillis ms since the epoch, up to Beam's end of time */
  addWatermark(watermarkMillis: bigint): void;
  /** Resolves when everything added is written. @throws if the log cannot be written; then it never can again. */
  flush(): Promise<void>;
  /** Ends the recording; the first call decides why. What was added before stays. */
  end(reason: WrittenEndReason, message?: string): Promise<void>;
}

const reasons: Record<WrittenEndReason, Reason> = {
  'source finished': Reason.SOURCE_FINISHED,
  'duration limit': Reason.DURATION_LIMIT,
  'bytes limit': Reason.BYTES_LIMIT,
  'elements limit': Reason.ELEMENTS_LIMIT,
  'store limit': Reason.STORE_LIMIT,
  cancelled: Reason.CANCELLED,
  failed: Reason.FAILED,
};

/** Why a log says that it ended. */
export function endReasonOf(reason: Reason): EndReason {
  const found = Object.entries(reasons).find(([, value]) => value === reason);
  return found ? (found[0] as EndReason) : 'interrupted';
}

/**
 * Creates a recording in the store and opens it for writing.
 * @param coders the element coder with its components
 */
export async function openRecording(
  store: string,
  initial: Recording,
  coders: Record<string, Coder>,
  coderId: string,
): Promise<RecordingWriter> {
  const index = await createRecording(store, initial);
  const recording = index.data;
  const log = await createLog(logPath(store, recording.id));
  log.append({
    case: 'header',
    value: create(LogRecord_HeaderSchema, {
      format: 1,
      recordingId: recording.id,
      startedMicros: processingTimeMicros(),
      coders,
      coderId,
    }),
  });
  let ended: Promise<void> | undefined;
  let lastIndexWrite = Date.now();
  let indexWrite = Promise.resolve();

  const flush = async (): Promise<void> => {
    await log.flush();
    recording.bytes = log.bytes;
    // The index of a recording that has ended may be changed by others.
    if (ended || Date.now() - lastIndexWrite < indexIntervalMs) return;
    lastIndexWrite = Date.now();
    indexWrite = index.write();
    await indexWrite;
  };
  await flush();

  const writeEnd = async (reason: keyof typeof reasons, message: string): Promise<void> => {
    log.append({
      case: 'end',
      value: create(LogRecord_EndSchema, {
        arrivalMicros: processingTimeMicros(),
        reason: reasons[reason],
        message,
      }),
    });
    try {
      await log.close();
    } catch (error) {
      // The log cannot take its own end (a full disk): the index still says what happened.
      recording.endReason = 'failed';
      recording.message = `The recording could not be written: ${String(error)}`;
    }
    recording.bytes = log.bytes;
    await indexWrite;
    delete recording.owner;
    await index.write();
  };

  return {
    recording,
    addElements(windowedValues) {
      if (ended) return;
      const { count, minTimestampMillis, maxTimestampMillis } = summarize(windowedValues);
      if (count === 0) return;
      recording.elements += count;
      recording.minTimestamp = Math.min(recording.minTimestamp ?? Infinity, minTimestampMillis);
      recording.maxTimestamp = Math.max(recording.maxTimestamp ?? -Infinity, maxTimestampMillis);
      log.append({
        case: 'elements',
        value: create(LogRecord_ElementsSchema, {
          arrivalMicros: processingTimeMicros(),
          count,
          minTimestampMillis: exactTimestampMillis(minTimestampMillis),
          maxTimestampMillis: exactTimestampMillis(maxTimestampMillis),
          data: windowedValues,
        }),
      });
      recording.bytes = log.bytes;
    },
    addWatermark(watermarkMillis) {
      if (ended) return;
      recording.watermark = Number(watermarkMillis);
      const arrivalMicros = processingTimeMicros();
      log.append({
        case: 'watermark',
        value: create(LogRecord_WatermarkSchema, { arrivalMicros, watermarkMillis }),
      });
    },
    flush,
    end(reason, message = '') {
      if (!ended) {
        recording.endedAt = Date.now();
        recording.endReason = reason;
        if (message) recording.message = message;
        ended = writeEnd(reason, message);
      }
      return ended;
    },
  };
}
