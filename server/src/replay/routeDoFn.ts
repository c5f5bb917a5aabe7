import { encodeVarint, varintBytes } from '../beam/coders/varint.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import { replayKey, routeTag } from '../beam/pipeline/replaceByWorker.js';
import type { EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import { isCheckpoint, readTag } from './taggedElement.js';

const key = Buffer.concat([Uint8Array.of(replayKey.length), Buffer.from(replayKey)]);

/**
 * Sends each element of a tagged test stream to the output it is for, without its tag, under the one key that
 * the timers of the hold DoFn behind it need.
 *
 * Prism (2.77) schedules what follows a stage only when the stage's watermark moves, which ours does not while it
 * is held, unless something in the job has given an element back: so one is, once. Other runners need not know.
 */
export function routeDoFn(runner: string): EncodedDoFn {
  let isCheckpointed = runner !== 'prism';
  return {
    process(windowedValues, bundle) {
      const parts = new Map<number, Uint8Array[]>();
      let headerStart = 0;
      forEachWindowedElement(windowedValues, (_timestamp, _pane, start, end) => {
        const from = headerStart;
        headerStart = end;
        const { output, kindAt } = readTag(windowedValues, start);
        if (isCheckpoint(windowedValues, kindAt)) {
          if (!isCheckpointed) bundle.defer(windowedValues.subarray(from, end));
          isCheckpointed = true;
          return;
        }
        const headerEnd = start - varintBytes(end - start);
        const routed = parts.get(output) ?? [];
        parts.set(output, routed);
        routed.push(
          windowedValues.subarray(from, headerEnd),
          key,
          encodeVarint(end - kindAt),
          windowedValues.subarray(kindAt, end),
        );
      });
      for (const [output, routed] of parts) bundle.emit(routeTag(output), Buffer.concat(routed));
    },
    onTimers() {
      throw new Error('The route DoFn sets no timers.');
    },
    finishBundle: () => Promise.resolve(),
  };
}
