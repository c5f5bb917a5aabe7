import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import { endReasonOf } from '../recording/logRecords.js';
import type { Recording } from '../recording/recording.js';
import type { RecordingWriter } from '../recording/recordingWriter.js';
import { openRecording } from '../recording/recordingWriter.js';
import { deleteRecording } from '../recording/store.js';
import type { LogContent } from './logRecords.js';

/**
 * Writes a log's content to the store as a recording, with the times it came with. What cannot be imported to
 * its end leaves nothing behind.
 * @param facts of the recording, but for what the content tells
 * @throws ImportError that names the line, or the reason of the signal
 */
export async function importRecording(
  store: string,
  facts: Omit<Recording, 'coder' | 'startedAt' | 'elements' | 'bytes'>,
  content: LogContent,
  signal: AbortSignal,
): Promise<Recording> {
  let writer: RecordingWriter | undefined;
  let now = 0n;
  // Nothing else is timed by it.
  const clock = { id: facts.id, nowMicros: () => now };
  try {
    for await (const record of content) {
      signal.throwIfAborted();
      switch (record.case) {
        case 'header': {
          const { startedMicros, coders, coderId } = record.value;
          now = startedMicros;
          const recording: Recording = {
            ...facts,
            coder: coderUrnTree(coderId, coders),
            startedAt: Number(startedMicros / 1000n),
            elements: 0,
            bytes: 0,
          };
          writer = await openRecording(store, recording, coders, coderId, { clock });
          break;
        }
        case 'elements':
          now = record.value.arrivalMicros;
          writer?.addElements(record.value.data);
          if (writer?.isFull) await writer.flush();
          break;
        case 'watermark':
          now = record.value.arrivalMicros;
          writer?.addWatermark(record.value.watermarkMillis);
          break;
        case 'end': {
          const reason = endReasonOf(record.value.reason);
          now = record.value.arrivalMicros;
          await writer?.flush();
          await writer?.end(reason === 'interrupted' ? 'cancelled' : reason, record.value.message);
          break;
        }
        case 'bundleEnd':
        case undefined:
          break;
      }
    }
    if (writer?.failure) throw writer.failure;
  } catch (error) {
    await writer?.end('failed');
    if (writer) await deleteRecording(store, writer.recording.id);
    throw error;
  }
  if (!writer) throw new Error('The file is empty.');
  return writer.recording;
}
