import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { RecordingWriter } from './recordingWriter.js';
import type { Redactor } from './redaction/redactor.js';

/** The pair (key "w", no value) in the global window, after its timestamp: what starts the watermark observer. */
const kickAfterTimestamp = Uint8Array.of(0, 0, 0, 1, 0x0f, 1, 0x77, 0);

/**
 * The record sink: writes what the runner delivers, and acknowledges a bundle only after the write. The
 * first bundle also emits one element, which starts the watermark observer behind it.
 * @param onElements called after each part of a bundle, so that limits can end the recording there
 * @param redact applied before anything is written; a part that it refuses fails its bundle
 */
export function recordDoFn(
  recording: RecordingWriter,
  onElements: () => void,
  redact?: Redactor,
): EncodedDoFn {
  let kicked = false;
  return {
    process(windowedValues, bundle) {
      if (!kicked && windowedValues.length >= 8) {
        kicked = true;
        bundle.emit('kick', Buffer.concat([windowedValues.subarray(0, 8), kickAfterTimestamp]));
      }
      recording.addElements(redact ? redact(windowedValues) : windowedValues, bundle.id);
      onElements();
      return recording.isFull ? recording.flush() : undefined;
    },
    onTimers() {
      throw new Error('The record sink sets no timers.');
    },
    finishBundle(bundle) {
      recording.endBundle(bundle, true);
      return recording.flush();
    },
    failBundle(bundle) {
      recording.endBundle(bundle, false);
    },
  };
}
