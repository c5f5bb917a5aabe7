import { watermarkTimerFamily } from '../beam/pipeline/recordingPipeline.js';
import { GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS, MAX_TIMESTAMP_MILLIS } from '../beam/urns.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import { decodeTimestamp } from '../beam/worker/timers.js';
import { encodeTimer, readTimers } from '../beam/worker/timers.js';
import type { RecordingWriter } from './recordingWriter.js';

/** Event time between two watermarks that are told apart, ms, unless the user says otherwise. */
export const defaultWatermarkResolutionMs = 1000;

/**
 * Observes the watermark of a recorded output. The runner fires an event-time timer when its watermark
 * passes the timer, so a ladder of timers, one resolution step ahead, then two, four …, finds the
 * watermark in a few bundles however far it jumps. A watermark is written only after the elements it
 * passed: they had to go through the record sink before the runner could fire the timer. With the watermark at the end
 * of time the source has finished, whatever other sources of the job do.
 * @param resolutionMs event time between two watermarks that are told apart, a whole number
 * @param onSourceEnd called when the watermark is at the end of time
 */
export function watermarkDoFn(
  recording: RecordingWriter,
  resolutionMs: number,
  onSourceEnd: () => void,
): EncodedDoFn {
  const resolution = BigInt(resolutionMs);
  let watermark: bigint | undefined;
  return {
    process(windowedValues, bundle) {
      const timestamp = decodeTimestamp(windowedValues, 0);
      watermark ??= (timestamp / resolution) * resolution;
      bundle.setTimers(watermarkTimerFamily, ladder(watermark, resolution));
    },
    onTimers(family, timers, bundle) {
      const fired = readTimers(timers).map(({ fireTimestamp }) => fireTimestamp);
      const latest = fired.reduce((max, time) => (time > max ? time : max));
      if (watermark !== undefined && latest <= watermark) return;
      watermark = latest;
      if (latest >= GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS) {
        recording.addWatermark(MAX_TIMESTAMP_MILLIS);
        onSourceEnd();
      } else {
        recording.addWatermark(latest);
        bundle.setTimers(family, ladder(latest, resolution));
      }
    },
    finishBundle: () => recording.flush(),
  };
}

/** Timers at growing distance after a watermark, up to the end of the global window. */
function ladder(watermark: bigint, resolution: bigint): Uint8Array {
  const timers: Uint8Array[] = [];
  for (let rung = 0, ahead = resolution; ; rung++, ahead *= 2n) {
    const isLast = watermark + ahead >= GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS;
    const time = isLast ? GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS : watermark + ahead;
    timers.push(encodeTimer('w', String(rung), time));
    if (isLast) return Buffer.concat(timers);
  }
}
