import { encodeWindowedKey } from '../beam/coders/windowedValue.js';
import { replayKey, routeTag } from '../beam/pipeline/replaceByWorker.js';
import { MIN_TIMESTAMP_MILLIS } from '../beam/urns.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';

/**
 * Sends each recorded output one element, at the beginning of time, to start its follow DoFn with. As the route
 * DoFn does, it gives its input back to Prism once, so that Prism schedules what follows a held watermark.
 */
export function startDoFn(outputs: number, runner: string): EncodedDoFn {
  let isCheckpointed = runner !== 'prism';
  return {
    process(windowedValues, bundle) {
      if (!isCheckpointed) {
        isCheckpointed = true;
        bundle.defer(windowedValues);
        return;
      }
      const start = encodeWindowedKey(MIN_TIMESTAMP_MILLIS, replayKey);
      for (let output = 0; output < outputs; output++) bundle.emit(routeTag(output), start);
    },
    onTimers() {
      throw new Error('The start DoFn sets no timers.');
    },
    finishBundle: () => Promise.resolve(),
  };
}
