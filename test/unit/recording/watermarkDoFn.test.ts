import assert from 'node:assert/strict';
import {
  GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS,
  MAX_TIMESTAMP_MILLIS,
} from '../../../server/src/beam/urns.js';
import type { BundleContext } from '../../../server/src/beam/worker/encodedDoFn.js';
import { encodeTimer, readTimers } from '../../../server/src/beam/worker/timers.js';
import type { RecordingWriter } from '../../../server/src/recording/recordingWriter.js';
import {
  defaultWatermarkResolutionMs,
  watermarkDoFn,
} from '../../../server/src/recording/watermarkDoFn.js';
import { windowedValues } from '../../windowedValues.js';

/** A runner's timers: the latest set for each tag, fired when the watermark passes them. */
function observedWatermarks(resolutionMs = defaultWatermarkResolutionMs) {
  let ends = 0;
  const watermarks: bigint[] = [];
  const pending = new Map<string, bigint>();
  const bundle: BundleContext = {
    id: '1',
    emit: () => assert.fail('it emits nothing'),
    wireCoderUrn: () => assert.fail('it emits nothing'),
    defer: () => assert.fail('it takes everything'),
    setTimers: (_family, timers) => {
      for (const { dynamicTag, fireTimestamp } of readTimers(timers)) {
        pending.set(dynamicTag, fireTimestamp);
      }
    },
  };
  const writer = {
    addWatermark: (millis: bigint) => watermarks.push(millis),
    flush: () => Promise.resolve(),
  };
  const doFn = watermarkDoFn(writer as unknown as RecordingWriter, resolutionMs, () => {
    ends++;
  });
  return {
    ends: () => ends,
    watermarks,
    pending,
    start: (timestampMillis: number) => {
      doFn.process(windowedValues([[timestampMillis, 'w']]), bundle);
    },
    /** Fires bundles of due timers until none is due; answers how many bundles it took. */
    advanceTo(watermark: bigint): number {
      for (let bundles = 0; ; bundles++) {
        const due = [...pending].filter(([, time]) => time <= watermark);
        if (due.length === 0) return bundles;
        due.forEach(([tag]) => pending.delete(tag));
        const timers = due.map(([tag, time]) => encodeTimer('w', tag, time));
        doFn.onTimers('watermark', Buffer.concat(timers), bundle);
      }
    },
  };
}

describe('watermark DoFn', () => {
  it('reports each step of a watermark that moves in steps', () => {
    const runner = observedWatermarks();
    runner.start(10_400);
    runner.advanceTo(11_000n);
    runner.advanceTo(12_999n);
    assert.deepEqual(runner.watermarks.at(-1), 12_000n);
    assert.ok(runner.watermarks.includes(11_000n));
  });

  it('tells watermarks apart that are one resolution apart', () => {
    const runner = observedWatermarks(50);
    runner.start(10_020);
    runner.advanceTo(10_049n);
    assert.deepEqual(runner.watermarks, []);
    runner.advanceTo(10_060n);
    runner.advanceTo(10_120n);
    assert.deepEqual(runner.watermarks, [10_050n, 10_100n]);
  });

  it('finds a watermark that jumps far in few bundles', () => {
    const runner = observedWatermarks();
    runner.start(0);
    const year = 365n * 24n * 3600n * 1000n;
    assert.ok(runner.advanceTo(50n * year) <= 32);
    assert.equal(runner.watermarks.at(-1), 50n * year);
  });

  it('never reports a watermark that the runner has not reached, nor goes back', () => {
    const runner = observedWatermarks();
    runner.start(5_000);
    for (let watermark = 5_000n; watermark < 100_000n; watermark += 777n) {
      runner.advanceTo(watermark);
      assert.ok((runner.watermarks.at(-1) ?? 0n) <= watermark);
    }
    assert.deepEqual(
      runner.watermarks,
      [...new Set(runner.watermarks)].sort((a, b) => Number(a - b)),
    );
  });

  it('ends with the end of time, and sets no timer after it', () => {
    const runner = observedWatermarks();
    runner.start(-1);
    runner.advanceTo(GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS);
    assert.equal(runner.watermarks.at(-1), MAX_TIMESTAMP_MILLIS);
    assert.equal(runner.pending.size, 0);
    assert.equal(runner.ends(), 1);
  });
});
