import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoderError } from '../../../server/src/beam/coders/coderError.js';
import { readPane } from '../../../server/src/beam/coders/pane.js';
import {
  encodeWindowedElement,
  exactTimestampMillis,
  forEachWindowedElement,
  splitWindowedValues,
  summarize,
} from '../../../server/src/beam/coders/windowedValue.js';
import {
  GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS,
  MAX_TIMESTAMP_MILLIS,
  MIN_TIMESTAMP_MILLIS,
} from '../../../server/src/beam/urns.js';
import { coderOf, encode, fromHex, spec, utf8 } from './coderSpec.js';

const header = '8000000000000005 00000001';

/** Every element as `timestamp:text`. */
function visited(data: Uint8Array): string[] {
  const elements: string[] = [];
  forEachWindowedElement(data, (timestampMillis, _pane, start, end) => {
    elements.push(`${timestampMillis}:${Buffer.from(data.subarray(start, end)).toString()}`);
  });
  return elements;
}

describe('windowed values of the global window', () => {
  it('are cut between elements into parts of a size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 60 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 200 }),
        (texts, maxBytes) => {
          const data = Buffer.concat(
            texts.map((text, index) => encodeWindowedElement(index, Buffer.from(text))),
          );
          const parts = splitWindowedValues(data, maxBytes);
          assert.deepEqual(Buffer.concat(parts), data);
          assert.deepEqual(parts.flatMap(visited), visited(data));
          for (const [index, part] of parts.entries()) {
            assert.ok(part.length <= maxBytes || summarize(part).count === 1);
            const next = parts[index + 1];
            const [first] = next ? splitWindowedValues(next, 1) : [];
            assert.ok(
              !first || part.length + first.length > maxBytes,
              'parts are as large as may be',
            );
          }
        },
      ),
    );
  });

  it('are visited in order, whatever their pane', () => {
    const data = fromHex(
      `${header} 0f 02 6162 ${header} 19 8101 00 ${header} 28 8101 00 01 63 7fffffffffffffff 00000001 0f 01 64`,
    );
    assert.deepEqual(visited(data), ['5:ab', '5:', '5:c', '-1:d']);
  });

  it('tell where their pane is', () => {
    const data = fromHex(`${header} 28 8101 02 01 63`);
    let pane: unknown;
    forEachWindowedElement(data, (_timestamp, paneOffset) => {
      pane = readPane(data, paneOffset);
    });
    assert.deepEqual(pane, {
      kind: 'pane',
      isFirst: false,
      isLast: false,
      timing: 'LATE',
      index: 129n,
      onTimeIndex: 2n,
    });
  });

  it('are encoded as the coder of windowed values does', () => {
    const coder = coderOf(
      spec('windowed_value', spec('length_prefix', spec('bytes')), spec('global_window')),
    );
    for (const length of [0, 1, 127, 128, 16384]) {
      const element = new Uint8Array(length).fill(7);
      const expected = encode(
        coder,
        {
          kind: 'windowed value',
          value: element,
          timestampMillis: -12345n,
          windows: [{ kind: 'global window' }],
          pane: {
            kind: 'pane',
            isFirst: true,
            isLast: true,
            timing: 'UNKNOWN',
            index: 0n,
            onTimeIndex: 0n,
          },
        },
        'outer',
      );
      const encoded = encodeWindowedElement(-12345, element);
      assert.equal(Buffer.from(encoded).toString('hex'), expected);
    }
  });

  it('come back as they were encoded', () => {
    const elements = fc.array(fc.tuple(fc.maxSafeInteger(), fc.uint8Array({ maxLength: 300 })));
    fc.assert(
      fc.property(elements, (given) => {
        const data = Buffer.concat(
          given.map(([time, bytes]) => encodeWindowedElement(time, bytes)),
        );
        const found: [number, Uint8Array][] = [];
        forEachWindowedElement(data, (time, _pane, start, end) => {
          found.push([time, new Uint8Array(data.subarray(start, end))]);
        });
        assert.deepEqual(found, given);
        const times = given.map(([time]) => time);
        assert.deepEqual(summarize(data), {
          count: given.length,
          minTimestampMillis: Math.min(...times),
          maxTimestampMillis: Math.max(...times),
        });
      }),
    );
  });

  it('keep the ends of time exactly, although no number holds them', () => {
    for (const extreme of [
      MIN_TIMESTAMP_MILLIS,
      MAX_TIMESTAMP_MILLIS,
      GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS,
    ]) {
      const data = encodeWindowedElement(extreme, utf8('x'));
      const view = new DataView(data.buffer);
      assert.equal(view.getBigInt64(0) ^ (-1n << 63n), extreme);
      const { minTimestampMillis } = summarize(data);
      assert.equal(exactTimestampMillis(minTimestampMillis), extreme);
      assert.deepEqual(encodeWindowedElement(minTimestampMillis, utf8('x')), data);
    }
    assert.throws(() => exactTimestampMillis(0.5), RangeError);
    assert.throws(() => exactTimestampMillis(Infinity), RangeError);
  });

  it('of no elements have no span', () => {
    assert.deepEqual(summarize(new Uint8Array()), {
      count: 0,
      minTimestampMillis: Infinity,
      maxTimestampMillis: -Infinity,
    });
  });

  for (const [what, hex, message] of [
    ['cut off in the header', `${header} 0f`, /cut off: 13 bytes left \(at byte 0\)/],
    ['cut off in the element', `${header} 0f 02 61`, /2 bytes, but 1 are left \(at byte 13\)/],
    ['with an endless length', `${header} 0f ${'80'.repeat(20)}`, /Varint cut off \(at byte 13\)/],
    [
      'with a huge length',
      `${header} 0f ${'ff'.repeat(9)}01 61`,
      /bytes, but 1 are left \(at byte 13\)/,
    ],
    ['with too long a length', `${header} 0f ${'80'.repeat(10)}00`, /10 bytes \(at byte 13\)/],
    ['with an unknown pane', `${header} 3f 00 61`, /pane encoding 3 \(at byte 12\)/],
    ['cut off in the pane', `${header} 1f ff`, /Varint cut off \(at byte 13\)/],
    ['in two windows', '8000000000000005 00000002 0f 00', /2 windows \(at byte 0\)/],
    ['after a good one', `${header} 0f 00 ${header}`, /cut off: 12 bytes left \(at byte 14\)/],
  ] as const) {
    it(`${what} are refused with the place`, () => {
      const data = fromHex(hex);
      for (const read of [() => visited(data), () => summarize(data)]) {
        assert.throws(read, (error) => error instanceof CoderError && message.test(error.message));
      }
    });
  }

  it('with any bytes changed are read or refused', () => {
    const good = Buffer.concat([1, 2, 200].map((n) => encodeWindowedElement(n, new Uint8Array(n))));
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.nat(good.length), (bytes, end) => {
        const data = Buffer.from(good.subarray(0, end));
        for (const [at, byte] of bytes) data[at] = byte;
        try {
          assert.ok(summarize(data).count <= data.length);
        } catch (error) {
          assert.ok(error instanceof CoderError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
