import { encodeVarint } from '../beam/coders/varint.js';
import { forEachKeyedElement } from '../beam/coders/windowedValue.js';
import { replayKey, replayTimerFamily } from '../beam/pipeline/replaceByWorker.js';
import { AHEAD_OF_ALL_MILLIS, GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS, urns } from '../beam/urns.js';
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
  // Prism (2.77) takes two settings of a timer for one another that are to fire at the same time: none do.
  let fireMillis = GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS;
  const hold = (watermarkMillis: bigint, bundle: BundleContext): void => {
    const isHeld = watermarkMillis < AHEAD_OF_ALL_MILLIS;
    const timer = isHeld
      ? encodeTimer(replayKey, 'hold', fireMillis--, watermarkMillis)
      : encodeClearTimer(replayKey, 'hold');
    bundle.setTimers(replayTimerFamily, timer);
  };
  return {
    process(windowedValues, bundle) {
      const withLength = bundle.wireCoderUrn('out') !== urns.kvCoder;
      const parts: Uint8Array[] = [];
      forEachKeyedElement(windowedValues, (headerStart, headerEnd, kindAt, end) => {
        if (isWatermark(windowedValues, kindAt)) {
          hold(readWatermark(windowedValues, kindAt), bundle);
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
