import assert from 'node:assert/strict';
import fc from 'fast-check';
import { encodeVarint } from '../../../server/src/beam/coders/varint.js';
import { fromColumns, toColumns } from '../../../server/src/recording/elementColumns.js';
import { windowedValues } from '../../windowedValues.js';

/** As Beam encodes them; a timing from 0 to 15, and none to two indices. */
const panes = fc
  .tuple(fc.nat(15), fc.array(fc.nat(), { maxLength: 2 }))
  .map(([timing, indices]) =>
    Buffer.concat([Uint8Array.of((indices.length << 4) | timing), ...indices.map(encodeVarint)]),
  );

const values = fc
  .tuple(
    fc.oneof(fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }), fc.bigInt(0n, 1000n)),
    fc.oneof(fc.constant(Uint8Array.of(0x0f)), panes),
    fc.oneof(fc.uint8Array(), fc.uint8Array({ minLength: 120, maxLength: 300 })),
  )
  .map(([timestamp, pane, element]) => {
    const header = Buffer.alloc(12);
    header.writeBigUInt64BE(BigInt.asUintN(64, timestamp) ^ (1n << 63n));
    header.writeUInt32BE(1, 8);
    return Buffer.concat([header, pane, encodeVarint(element.length), element]);
  });

describe('columns of elements', () => {
  it('give back the windowed values of which they are made, and are not longer', () => {
    fc.assert(
      fc.property(fc.array(values), (parts) => {
        const data = Buffer.concat(parts);
        const columns = toColumns(data, parts.length);
        assert.ok(columns.length <= data.length);
        assert.deepEqual(Buffer.from(fromColumns(columns, parts.length)), data);
      }),
    );
  });

  it('are those that the document describes', () => {
    const data = windowedValues([
      [1000, 'a'],
      [998, 'bcd'],
    ]);
    const expected = 'd00f' + '03' + '0f0f' + '0103' + '61626364';
    assert.equal(Buffer.from(toColumns(data, 2)).toString('hex'), expected);
  });

  it('are refused when they are cut off, too long, or of more values', () => {
    const columns = toColumns(
      windowedValues(Array.from({ length: 20 }, (_, index) => [index * 1000, 'x'.repeat(index)])),
      20,
    );
    for (let length = 0; length < columns.length; length++)
      assert.throws(() => fromColumns(columns.subarray(0, length), 20), RangeError);
    assert.throws(() => fromColumns(Buffer.concat([columns, Uint8Array.of(1)]), 20), RangeError);
    assert.throws(() => fromColumns(columns, 19), RangeError);
    assert.throws(() => fromColumns(columns, 2 ** 31), RangeError);
  });

  it('of any bytes are given back or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(20), (bytes, count) => {
        try {
          fromColumns(bytes, count);
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      }),
    );
  });
});
