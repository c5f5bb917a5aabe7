import assert from 'node:assert/strict';
import { encodeWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import { urns } from '../../../server/src/beam/urns.js';
import type { BundleContext } from '../../../server/src/beam/worker/encodedDoFn.js';
import { holdDoFn } from '../../../server/src/replay/holdDoFn.js';
import { routeDoFn } from '../../../server/src/replay/routeDoFn.js';
import { checkpoint, tagElement, tagWatermark } from '../../../server/src/replay/taggedElement.js';
import { windowedValues } from '../../windowedValues.js';

/** A bundle that keeps what a DoFn does in it. */
function openBundle(coderUrn = '') {
  const emitted = new Map<string, Uint8Array>();
  const timers: Uint8Array[] = [];
  const deferred: Uint8Array[] = [];
  const context: BundleContext = {
    id: '1',
    emit: (tag, values) => emitted.set(tag, values),
    wireCoderUrn: () => coderUrn,
    setTimers: (_family, timer) => timers.push(timer),
    defer: (value) => deferred.push(value),
  };
  return { context, emitted, timers, deferred };
}

const tagged = Buffer.concat([
  encodeWindowedElement(1000, tagElement(0, Buffer.from('a'))),
  encodeWindowedElement(2000, tagElement(300, Buffer.from('bc'))),
  encodeWindowedElement(9, tagWatermark(0, 1500n)),
  encodeWindowedElement(3000, tagElement(0, Buffer.from('d'))),
]);

function routed(): Map<string, Uint8Array> {
  const { context, emitted } = openBundle();
  routeDoFn('flink').process(tagged, context);
  return emitted;
}

describe('route and hold', () => {
  it('bring each element to its output, as it was', () => {
    const outputs = routed();
    assert.deepEqual([...outputs.keys()], ['0', '300']);
    const { context, emitted } = openBundle(urns.lengthPrefixCoder);
    holdDoFn().process(outputs.get('0')!, context);
    assert.deepEqual(
      emitted.get('out'),
      windowedValues([
        [1000, 'a'],
        [3000, 'd'],
      ]),
    );
  });

  it('hand pairs on without a length', () => {
    const { context, emitted } = openBundle(urns.kvCoder);
    holdDoFn().process(routed().get('300')!, context);
    const [header] = [windowedValues([[2000, '']])];
    assert.deepEqual(
      emitted.get('out'),
      Buffer.concat([header.subarray(0, 13), Buffer.from('bc')]),
    );
  });

  it('hold a watermark by a timer, and let go of it at the end of time', () => {
    const { context, timers } = openBundle(urns.lengthPrefixCoder);
    const doFn = holdDoFn();
    doFn.process(routed().get('0')!, context);
    assert.equal(timers.length, 1);
    const hold = Buffer.alloc(8);
    hold.writeBigUInt64BE(BigInt.asUintN(64, 1500n) ^ (1n << 63n));
    assert.ok(Buffer.from(timers[0]!).includes(hold));

    const last = openBundle();
    const end = encodeWindowedElement(9, tagWatermark(0, 9223372036854775n));
    routeDoFn('flink').process(end, last.context);
    doFn.process(last.emitted.get('0')!, context);
    assert.equal(timers.at(-1)!.at(-1), 1, 'a clearing timer');
    assert.ok(timers.at(-1)!.length < timers[0]!.length);
  });

  it('give a checkpoint back to Prism, once, and to nobody else', () => {
    const element = encodeWindowedElement(9, checkpoint);
    const bundle = openBundle();
    const doFn = routeDoFn('prism');
    doFn.process(element, bundle.context);
    assert.deepEqual(bundle.deferred, [element]);
    doFn.process(bundle.deferred[0]!, bundle.context);
    assert.equal(bundle.deferred.length, 1);
    const elsewhere = openBundle();
    routeDoFn('').process(element, elsewhere.context);
    assert.equal(elsewhere.deferred.length + elsewhere.emitted.size + bundle.emitted.size, 0);
  });
});
