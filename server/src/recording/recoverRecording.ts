import { stat } from 'node:fs/promises';
import { readLog } from './readLog.js';
import type { Recording } from './recording.js';
import { endReasonOf } from './recordingWriter.js';
import { isOwned, logPath, rewriteIndex } from './store.js';

/**
 * Brings the index of a recording up to its log when the process that wrote it is gone: what the log
 * holds counts. Answers the recording as it is if it has ended or is being written.
 */
export async function recoverRecording(store: string, recording: Recording): Promise<Recording> {
  if (recording.endedAt !== undefined || isOwned(recording)) return recording;
  const { owner: _gone, minTimestamp: _min, maxTimestamp: _max, ...facts } = recording;
  const recovered: Recording = {
    ...facts,
    elements: 0,
    endReason: 'interrupted',
    endedAt: recording.startedAt,
  };
  try {
    recovered.bytes = (await stat(logPath(store, recording.id))).size;
    // A record cut off at the end was never acknowledged: it is no loss.
    for await (const { record } of readLog(logPath(store, recording.id), () => undefined)) {
      if (record.case === undefined || record.case === 'header') continue;
      recovered.endedAt = Number(record.value.arrivalMicros / 1000n);
      if (record.case === 'elements') {
        const { count, minTimestampMillis, maxTimestampMillis } = record.value;
        recovered.elements += count;
        recovered.minTimestamp = Math.min(
          recovered.minTimestamp ?? Infinity,
          Number(minTimestampMillis),
        );
        recovered.maxTimestamp = Math.max(
          recovered.maxTimestamp ?? -Infinity,
          Number(maxTimestampMillis),
        );
      } else if (record.case === 'watermark') {
        recovered.watermark = Number(record.value.watermarkMillis);
      } else {
        recovered.endReason = endReasonOf(record.value.reason);
        if (record.value.message) recovered.message = record.value.message;
      }
    }
  } catch (error) {
    recovered.endReason = 'failed';
    recovered.message = `Its log cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  await rewriteIndex(store, recovered);
  return recovered;
}
