import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { forEachWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import {
  LogRecord_ElementsSchema,
  LogRecord_WatermarkSchema,
} from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { urns } from '../../../server/src/beam/urns.js';
import type { BundleContext } from '../../../server/src/beam/worker/encodedDoFn.js';
import { decodeTimestamp } from '../../../server/src/beam/worker/timers.js';
import { followDoFn } from '../../../server/src/replay/followDoFn.js';
import { windowedValues } from '../../windowedValues.js';

type Next = LogRecord['record'] | 'pending' | 'ended';

function elements(...values: [number, string][]): Next {
  const value = create(LogRecord_ElementsSchema, {
    count: values.length,
    minTimestampMillis: BigInt(Math.min(...values.map(([time]) => time))),
    data: windowedValues(values),
  });
  return { case: 'elements', value };
}

function watermark(millis: number): Next {
  const value = create(LogRecord_WatermarkSchema, { watermarkMillis: BigInt(millis) });
  return { case: 'watermark', value };
}

/** Runs bundles until no timer is set any more; each as `a b w5`: its elements and where it leaves the watermark. */
async function bundlesOf(records: Next[], coderUrn: string = urns.lengthPrefixCoder) {
  const left = [...records];
  const doFn = followDoFn({ next: () => Promise.resolve(left.shift() ?? 'ended') });
  const bundles: string[] = [];
  const timer: { hold?: bigint } = {};
  let emitted: Uint8Array[] = [];
  const context: BundleContext = {
    id: 'bundle',
    emit: (_tag, values) => emitted.push(values),
    wireCoderUrn: () => coderUrn,
    // Key, tag, windows and the clear bit are before the fire timestamp; the hold is behind it.
    setTimers: (_family, set) => {
      timer.hold = decodeTimestamp(set, set.length - 9);
    },
    defer: () => assert.fail('it takes everything'),
  };
  doFn.process(new Uint8Array(), context);
  while (timer.hold !== undefined) {
    delete timer.hold;
    emitted = [];
    doFn.onTimers('replay', new Uint8Array(), context);
    await doFn.emitDue?.(context);
    const names = coderUrn === urns.kvCoder ? [] : emitted.flatMap(namesOf);
    bundles.push([...names, 'hold' in timer ? `w${String(timer.hold)}` : 'end'].join(' '));
  }
  return { bundles, emitted };
}

function namesOf(values: Uint8Array): string[] {
  const names: string[] = [];
  forEachWindowedElement(values, (_time, _pane, start, end) => {
    names.push(Buffer.from(values.subarray(start, end)).toString());
  });
  return names;
}

const beginning = 'w-9223372036854775';

describe('follow DoFn', () => {
  it('emits what is there, waits for more, and ends with the recording', async () => {
    const { bundles } = await bundlesOf([
      elements([1, 'a'], [2, 'b']),
      'pending',
      'pending',
      watermark(1),
      elements([3, 'c']),
      'ended',
    ]);
    assert.deepEqual(bundles, [`a b ${beginning}`, beginning, 'c end']);
  });

  it('keeps a late element for a bundle behind its watermark', async () => {
    const { bundles } = await bundlesOf([
      elements([1, 'a']),
      watermark(10),
      elements([12, 'on time']),
      elements([5, 'late']),
      elements([6, 'late too']),
      watermark(20),
      'ended',
    ]);
    assert.deepEqual(bundles, ['a on time w10', 'late late too end']);
  });

  it('ends at once with a recording that holds nothing', async () => {
    assert.deepEqual((await bundlesOf(['ended'])).bundles, ['end']);
  });

  it('hands pairs on without a length', async () => {
    const { emitted } = await bundlesOf([elements([7, 'pair']), 'ended'], urns.kvCoder);
    const header = windowedValues([[7, '']]).subarray(0, 13);
    assert.deepEqual(Buffer.concat(emitted), Buffer.concat([header, Buffer.from('pair')]));
  });
});
