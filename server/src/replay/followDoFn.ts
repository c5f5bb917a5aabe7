import { varintBytes } from '../beam/coders/varint.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import { replayKey, replayTimerFamily } from '../beam/pipeline/replaceByWorker.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { MIN_TIMESTAMP_MILLIS, urns } from '../beam/urns.js';
import type { BundleContext, EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { FollowedLog } from '../recording/followLog.js';
import { encodeTimer } from '../beam/worker/timers.js';

/** How often a recording that is being written is looked at, ms. */
const pollMs = 100;

/**
 * Emits what a recording holds and what is written to it, until it ends. A timer in processing time looks for
 * more, and holds the output's watermark where the recorded one is. In each bundle are the elements up to one
 * that is late for a watermark told before it: it goes into a later bundle, and is late there, too.
 */
export function followDoFn(log: Pick<FollowedLog, 'next'>): EncodedDoFn {
  let watermark = MIN_TIMESTAMP_MILLIS;
  let isDue = false;
  let late: LogRecord['record'] | undefined;

  const wake = (bundle: BundleContext, afterMs: number): void => {
    const at = BigInt(Date.now() + afterMs);
    bundle.setTimers(replayTimerFamily, encodeTimer(replayKey, 'next', at, watermark));
  };

  return {
    process(_start, bundle) {
      wake(bundle, 0);
    },
    onTimers() {
      isDue = true;
    },
    async emitDue(bundle) {
      if (!isDue) return;
      isDue = false;
      const parts: Uint8Array[] = [];
      const withLength = bundle.wireCoderUrn('out') !== urns.kvCoder;
      let bytes = 0;
      let next: LogRecord['record'] | 'pending' | 'ended' = late ?? (await log.next());
      late = undefined;
      const before = watermark;
      while (typeof next !== 'string' && bytes < bundleBytes) {
        if (next.case === 'watermark' && next.value.watermarkMillis > watermark) {
          watermark = next.value.watermarkMillis;
        } else if (next.case === 'elements') {
          const isLate = next.value.minTimestampMillis < watermark;
          if (isLate && watermark > before) {
            late = next;
            break;
          }
          parts.push(...(withLength ? [next.value.data] : withoutLengths(next.value.data)));
          bytes += next.value.data.length;
        }
        next = await log.next();
      }
      if (parts.length > 0) bundle.emit('out', Buffer.concat(parts));
      if (next === 'ended') return; // no timer holds the watermark any more
      if (typeof next !== 'string') late ??= next;
      wake(bundle, next === 'pending' ? pollMs : 0);
    },
    finishBundle: () => Promise.resolve(),
  };
}

/** Elements that go out in one bundle, about so many bytes. */
const bundleBytes = 4 << 20;

/** Elements that are pairs, as their coder writes them: no length before each. */
function withoutLengths(windowedValues: Uint8Array): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let headerStart = 0;
  forEachWindowedElement(windowedValues, (_timestamp, _pane, start, end) => {
    const headerEnd = start - varintBytes(end - start);
    parts.push(
      windowedValues.subarray(headerStart, headerEnd),
      windowedValues.subarray(start, end),
    );
    headerStart = end;
  });
  return parts;
}
