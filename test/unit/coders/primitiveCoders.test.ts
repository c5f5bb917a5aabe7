import assert from 'node:assert/strict';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import type { ElementCoder } from '../../../server/src/beam/coders/elementCoder.js';
import { paneInfoCoder } from '../../../server/src/beam/coders/pane.js';
import {
  bigIntegerCoder,
  decimalCoder,
  floatCoder,
  stringUtf8Coder,
  varint32Coder,
  varintCoder,
} from '../../../server/src/beam/coders/primitiveCoders.js';
import { coderOf, decode, encode, fromHex, spec } from './coderSpec.js';

function encodesAs(coder: ElementCoder, vectors: [value: BeamValue, hex: string][]): void {
  for (const [value, hex] of vectors) {
    assert.equal(encode(coder, value, 'nested'), hex.replaceAll(' ', ''));
    assert.deepEqual(decode(coder, fromHex(hex), 'nested'), value);
  }
}

describe('primitive coders', () => {
  it('write integers of any size in as few bytes as have room for the sign', () => {
    encodesAs(bigIntegerCoder, [
      [0n, '01 00'],
      [127n, '01 7f'],
      [128n, '02 0080'],
      [-128n, '01 80'],
      [-129n, '02 ff7f'],
      [256n, '02 0100'],
    ]);
    assert.equal(decode(bigIntegerCoder, fromHex('00'), 'nested'), 0n);
  });

  it('write decimals as scale and integer', () => {
    encodesAs(decimalCoder, [
      [{ kind: 'decimal', unscaled: 10n, scale: 1 }, '01 01 0a'],
      [{ kind: 'decimal', unscaled: 1n, scale: -3 }, 'fdffffffffffffffff01 01 01'],
    ]);
    // Java writes a negative scale with 32 bits.
    assert.deepEqual(decode(decimalCoder, fromHex('fdffffff0f 01 01'), 'nested'), {
      kind: 'decimal',
      unscaled: 1n,
      scale: -3,
    });
    assert.throws(() => decode(decimalCoder, fromHex('ffffffffff0f 01 01'), 'nested'), /scale/);
  });

  it('write negative varints with all of their bits', () => {
    encodesAs(varintCoder, [
      [-1n, 'ffffffffffffffffff01'],
      [-(1n << 63n), '80808080808080808001'],
      [(1n << 63n) - 1n, 'ffffffffffffffff7f'],
    ]);
    encodesAs(varint32Coder, [
      [-1n, 'ffffffff0f'],
      [-(1n << 31n), '8080808008'],
    ]);
  });

  it('refuse varints that are too long', () => {
    const message = 'Varint of more than 64 bits (at byte 0)';
    for (const hex of ['ffffffffffffffffff02', `${'80'.repeat(10)}00`]) {
      assert.throws(() => decode(varintCoder, fromHex(hex), 'outer'), { message });
    }
    assert.throws(() => decode(varint32Coder, fromHex('8080808010'), 'outer'), /32 bits/);
    assert.throws(() => decode(varint32Coder, fromHex('ffffffffffffffffff01'), 'outer'), /32 bits/);
    assert.throws(() => encode(varintCoder, 1n << 63n, 'outer'), /is not within/);
  });

  it('keep a byte order mark, and refuse text that is not UTF-8', () => {
    encodesAs(stringUtf8Coder, [['\ufeffa', '04 efbbbf61']]);
    assert.throws(() => decode(stringUtf8Coder, fromHex('02 61ff'), 'nested'), {
      message: 'Text that is not UTF-8 (at byte 1)',
    });
  });

  it('read singles as their shortest digits', () => {
    encodesAs(floatCoder, [
      [0.1, '3dcccccd'],
      [3.1415, '40490e56'],
      [16777216, '4b800000'],
      [-0, '80000000'],
    ]);
  });

  it('leave out the indices of panes that follow from the rest', () => {
    const pane = { kind: 'pane', isFirst: false, isLast: false } as const;
    encodesAs(paneInfoCoder, [
      [{ ...pane, timing: 'EARLY', index: 3n, onTimeIndex: -1n }, '10 03'],
      [{ ...pane, timing: 'ON_TIME', index: 0n, onTimeIndex: 0n }, '04'],
      [{ ...pane, timing: 'LATE', index: 3n, onTimeIndex: 3n }, '18 03'],
      [{ ...pane, timing: 'LATE', index: 300n, onTimeIndex: 2n }, '28 ac02 02'],
      [
        { ...pane, isFirst: true, isLast: true, timing: 'UNKNOWN', index: 0n, onTimeIndex: 0n },
        '0f',
      ],
    ]);
    assert.throws(() => decode(paneInfoCoder, fromHex('30'), 'outer'), /pane encoding 3/);
  });

  it('refuse lengths that are negative or beyond the end', () => {
    const bytes = coderOf(spec('bytes'));
    assert.throws(() => decode(bytes, fromHex('ffffffffffffffffff01'), 'nested'), {
      message: 'Length -1, but 0 bytes are left (at byte 0)',
    });
    assert.throws(() => decode(bytes, fromHex('03 6162'), 'nested'), {
      message: 'Length 3, but 2 bytes are left (at byte 0)',
    });
    assert.throws(() => decode(coderOf(spec('double')), fromHex('00'), 'nested'), {
      message: 'Cut off: 8 bytes needed, 1 left (at byte 0)',
    });
  });

  it('refuse counts of less than no elements', () => {
    const texts = coderOf(spec('state_backed_iterable', spec('string_utf8')));
    assert.throws(() => decode(texts, fromHex('fffffffe'), 'outer'), /iterable of -2 elements/);
    const chunk = 'ffffffff feffffffffffffffff01 00';
    assert.throws(() => decode(texts, fromHex(chunk), 'outer'), /chunk of -2 elements/);
    const token = 'ffffffff ffffffffffffffffff01 01 78';
    const whole = coderOf(spec('iterable', spec('string_utf8')));
    assert.throws(() => decode(whole, fromHex(token), 'outer'), /ends in the runner's state/);
  });

  it('refuse values of another kind', () => {
    for (const [coder, value, message] of [
      [spec('bytes'), 'text', 'Expected bytes, got string'],
      [spec('varint'), 1.5, 'Expected an integer, got number'],
      [spec('double'), 1n, 'Expected a floating point number, got bigint'],
      [spec('string_utf8'), null, 'Expected text, got null'],
      [spec('bool'), [], 'Expected a boolean, got a list'],
      [spec('kv', spec('bytes'), spec('bytes')), new Uint8Array(), 'Expected kv, got bytes'],
      [spec('global_window'), { kind: 'date', days: 1n }, 'Expected global window, got date'],
    ] as const) {
      assert.throws(() => encode(coderOf(coder), value as BeamValue, 'outer'), { message });
    }
  });
});
