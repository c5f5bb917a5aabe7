import { encodeVarint } from '../beam/coders/varint.js';
import { forEachKeyedElement } from '../beam/coders/windowedValue.js';
import { holdKey, holdTimerFamily } from '../beam/pipeline/replayPipeline.js';
import { GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS, urns } from '../beam/urns.js';
import type { BundleContext, EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import { encodeClearTimer, encodeTimer } from '../beam/worker/timers.js';
import { isWatermark, readWatermark } from './taggedElement.js';

/**
 * Emits the elements of one recorded output, and gives it the watermark it had when it was recorded. The test
 * stream's own watermark is far ahead of every source's; a timer that never fires before the end holds this
 * output's back (Beam: a stage's output watermark does not pass the hold timestamp of a timer that is set).
 *
 * An element goes on in the form the runner asked for: length-prefixed, or, for pairs, which are recorded so
 * that their bytes mean the same everywhere, as it is.
 */
export function holdDoFn(): EncodedDoFn {
  return {
    process(windowedValues, bundle) {
      const withLength = bundle.wireCoderUrn('out') !== urns.kvCoder;
      const parts: Uint8Array[] = [];
      forEachKeyedElement(windowedValues, (headerStart, headerEnd, kindAt, end) => {
        if (isWatermark(windowedValues, kindAt)) {
          holdWatermark(readWatermark(windowedValues, kindAt), bundle);
          return;
        }
        const element = windowedValues.subarray(kindAt + 1, end);
        parts.push(windowedValues.subarray(headerStart, headerEnd));
        if (withLength) parts.push(encodeVarint(element.length));
        parts.push(element);
      });
      if (parts.length > 0) bundle.emit('out', Buffer.concat(parts));
    },
    // It fires when the test stream has ended: nothing is held any more.
    onTimers: () => undefined,
    finishBundle: () => Promise.resolve(),
  };
}

function holdWatermark(watermarkMillis: bigint, bundle: BundleContext): void {
  const isHeld = watermarkMillis < GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS;
  bundle.setTimers(
    holdTimerFamily,
    isHeld
      ? encodeTimer(holdKey, 'hold', GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS, watermarkMillis)
      : encodeClearTimer(holdKey, 'hold'),
  );
}
