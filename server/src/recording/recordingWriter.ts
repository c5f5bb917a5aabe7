import { toJson } from '@bufbuild/protobuf';
import {
  exactTimestampMillis,
  splitWindowedValues,
  summarize,
} from '../beam/coders/windowedValue.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import { CoderSchema } from '../beam/proto/beam/pipeline_pb.js';
import { elementsRecord, endRecord, watermarkRecord } from './logRecords.js';
import { thisOwner } from './owner.js';
import type { ProcessingClock } from './processingTime.js';
import { processingClock } from './processingTime.js';
import type { Recording, WrittenEndReason } from './recording.js';
import { openIndex } from './recordingIndex.js';
import { recount } from './recount.js';
import { segmentFacts } from './segments.js';
import { createRecording, logPath } from './store.js';
import { createLog } from './writeLog.js';

/** More than this waits for the disk only if the runner cannot be slowed down, bytes. */
const fullBytes = 16 << 20;

/** A runner may deliver a bundle in one piece, of any size; who reads the log holds a record at a time. Bytes. */
const maxRecordBytes = 4 << 20;

/** Writes one recording: its log and, now and then, its index. */
export interface RecordingWriter {
  /** As it stands now. What bundles that have not ended have delivered counts. */
  readonly recording: Readonly<Recording>;
  /** Set when the recording cannot be written any more, in words for the user. */
  readonly failure: Error | undefined;
  /**
   * Appends windowed values with length-prefixed elements, as they came from the runner. Ignored after the end.
   * @param bundle of which they are a part; without one they are a bundle of their own
   */
  addElements(windowedValues: Uint8Array, bundle?: string): void;
  /** The bundle was delivered whole, or it failed: then its elements do not count, and come again. */
  endBundle(bundle: string, isWhole: boolean): void;
  /** @param watermarkMillis ms since the epoch, up to Beam's end of time. Ignored if it is behind the one before. */
  addWatermark(watermarkMillis: bigint): void;
  /** True while so much waits to be written that no more should be added before {@link RecordingWriter.flush}. */
  readonly isFull: boolean;
  /** Resolves when everything added is written. @throws {@link RecordingWriter.failure} */
  flush(): Promise<void>;
  /** Ends the recording; the first call decides why. What was added before stays. */
  end(reason: WrittenEndReason, message?: string): Promise<void>;
}

interface OpenBundle {
  number: number;
  elements: number;
  dataBytes: number;
  minTimestamp: number;
  maxTimestamp: number;
}

export interface OpenRecordingOptions {
  /** Shared by recordings that are made together. */
  clock?: ProcessingClock;
  /** Called once when the recording cannot be written any more. */
  onFailure?: (error: Error) => void;
}

/**
 * Creates a recording in the store and opens it for writing.
 * @param coders the element coder with its components
 * @throws Error in words for the user, if the store cannot be written
 */
export async function openRecording(
  store: string,
  initial: Recording,
  coders: Record<string, Coder>,
  coderId: string,
  { clock = processingClock(), onFailure = () => undefined }: OpenRecordingOptions = {},
): Promise<RecordingWriter> {
  const all = Object.entries(coders).map(
    ([id, coder]) => [id, toJson(CoderSchema, coder)] as const,
  );
  const recording: Recording = {
    ...initial,
    coders: { id: coderId, all: Object.fromEntries(all) },
    owner: thisOwner(),
  };
  const stored = await createRecording(store, recording);
  let failure: Error | undefined;
  const fail = (error: Error): void => {
    if (failure) return;
    failure = error;
    onFailure(error);
  };
  const folder = logPath(store, recording.id);
  const header = {
    recordingId: recording.id,
    startedMicros: clock.nowMicros(),
    coders,
    coderId,
    clock: clock.id,
    indexJson: JSON.stringify(recording),
  };
  const log = await createLog(folder, header, { onFailure: fail });
  const index = openIndex(stored, folder, () => log.check(), fail);

  const bundles = new Map<string, OpenBundle>();
  let lastBundle = 0;
  let ended: Promise<void> | undefined;
  await log.flush();
  recording.bytes = log.bytes;

  const endBundle = (bundle: string, isWhole: boolean): void => {
    const open = bundles.get(bundle);
    if (!open) return;
    bundles.delete(bundle);
    log.endBundle(open.number, isWhole);
    recording.bytes = log.bytes;
    if (isWhole) addSpan(recording, open);
    else {
      recording.elements -= open.elements;
      recording.dataBytes = (recording.dataBytes ?? 0) - open.dataBytes;
    }
  };
  const writeEnd = async (reason: WrittenEndReason, message: string): Promise<void> => {
    const record = endRecord(clock.nowMicros(), reason, message);
    log.append(record);
    try {
      await log.close();
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
    await index.close(async () => {
      delete recording.owner;
      recording.segments = await segmentFacts(folder);
      recording.bytes = recording.segments.reduce((sum, { bytes }) => sum + bytes, 0);
      if (!failure) return;
      recording.endReason = 'write failure';
      recording.message = failure.message;
      // What was added last is not in the log.
      Object.assign(recording, await recount(folder, recording));
    });
  };

  return {
    recording,
    get failure() {
      return failure;
    },
    get isFull() {
      return log.waitingBytes >= fullBytes;
    },
    addElements(windowedValues, bundle) {
      if (ended) return;
      const open = bundles.get(bundle ?? '') ?? newBundle(++lastBundle);
      const arrivalMicros = clock.nowMicros();
      const parts = splitWindowedValues(windowedValues, maxRecordBytes);
      for (const [index, data] of parts.entries()) {
        const { count, minTimestampMillis, maxTimestampMillis } = summarize(data);
        if (count === 0) return;
        open.elements += count;
        open.dataBytes += data.length;
        open.minTimestamp = Math.min(open.minTimestamp, minTimestampMillis);
        open.maxTimestamp = Math.max(open.maxTimestamp, maxTimestampMillis);
        recording.elements += count;
        recording.dataBytes = (recording.dataBytes ?? 0) + data.length;
        log.append(
          elementsRecord({
            arrivalMicros,
            count,
            minTimestampMillis: exactTimestampMillis(minTimestampMillis),
            maxTimestampMillis: exactTimestampMillis(maxTimestampMillis),
            bundle: open.number,
            endsBundle: bundle === undefined && index === parts.length - 1,
            data,
          }),
        );
      }
      if (bundle === undefined) addSpan(recording, open);
      else bundles.set(bundle, open);
      recording.bytes = log.bytes;
    },
    endBundle(bundle, isWhole) {
      if (!ended) endBundle(bundle, isWhole);
    },
    addWatermark(watermarkMillis) {
      const before = recording.watermark;
      if (ended || (before !== undefined && Number(watermarkMillis) <= before)) return;
      recording.watermark = Number(watermarkMillis);
      log.append(watermarkRecord(clock.nowMicros(), watermarkMillis));
    },
    flush: () => log.flush(),
    end(reason, message = '') {
      if (!ended) {
        // Of a bundle that a limit cut short, what arrived counts; that of a job that failed would come again.
        for (const bundle of [...bundles.keys()]) endBundle(bundle, reason !== 'failed');
        recording.endedAt = Number(clock.nowMicros() / 1000n);
        recording.endReason = reason;
        if (message) recording.message = message;
        ended = writeEnd(reason, message);
      }
      return ended;
    },
  };
}

function newBundle(number: number): OpenBundle {
  return { number, elements: 0, dataBytes: 0, minTimestamp: Infinity, maxTimestamp: -Infinity };
}

function addSpan(recording: Recording, { minTimestamp, maxTimestamp }: OpenBundle): void {
  recording.minTimestamp = Math.min(recording.minTimestamp ?? Infinity, minTimestamp);
  recording.maxTimestamp = Math.max(recording.maxTimestamp ?? -Infinity, maxTimestamp);
}
