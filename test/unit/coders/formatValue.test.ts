import assert from 'node:assert/strict';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import { formatValue } from '../../../server/src/beam/coders/formatValue.js';
import { toJson } from '../../../server/src/beam/coders/toJson.js';
import { fromHex, utf8 } from './coderSpec.js';

const long = new Uint8Array(40).fill(0xab);
const longHex = 'ab'.repeat(32);
const pane = {
  kind: 'pane',
  isFirst: true,
  isLast: false,
  timing: 'EARLY',
  index: 2n,
  onTimeIndex: -1n,
} as const;
const jsonPane = { isFirst: true, isLast: false, timing: 'EARLY', index: 2, onTimeIndex: -1 };
const time = 1_454_293_425_000n;
const iso = '2016-02-01T02:23:45.000Z';

const shown: [value: BeamValue, text: string, json: unknown][] = [
  [null, 'null', null],
  [true, 'true', true],
  [-5n, '-5', -5],
  [9007199254740991n, '9007199254740991', 9007199254740991],
  [9007199254740992n, '9007199254740992', '9007199254740992'],
  [2, '2.0', 2],
  [-0, '-0.0', -0],
  [1e300, '1e+300', 1e300],
  [NaN, 'NaN', 'NaN'],
  [-Infinity, '-Infinity', '-Infinity'],
  ['a"b\n', '"a\\"b\\n"', 'a"b\n'],
  [
    '\u001b[31m\u009b\u202e\ufeff',
    '"\\u001b[31m\\u009b\\u202e\\ufeff"',
    '\u001b[31m\u009b\u202e\ufeff',
  ],
  [utf8('{"a": "ü"}\n'), 'b"{\\"a\\": \\"ü\\"}\\n"', '{"a": "ü"}\n'],
  [fromHex('00ff'), '0x00ff', { bytes: 'AP8=' }],
  [fromHex('61001b'), '0x61001b', { bytes: 'YQAb' }],
  [long, `0x${longHex}… (40 bytes)`, { bytes: Buffer.from(long).toString('base64') }],
  [[1n, 'a', []], '[1, "a", []]', [1, 'a', []]],
  [{ kind: 'kv', key: 'k', value: 1n }, '("k", 1)', { key: 'k', value: 1 }],
  [{ kind: 'tuple', items: [1n] }, '(1,)', [1]],
  [{ kind: 'set', items: [1n, 2n] }, '{1, 2}', [1, 2]],
  [{ kind: 'map', entries: [['__proto__', 1n]] }, '{"__proto__": 1}', { ['__proto__']: 1 }],
  [{ kind: 'map', entries: [[1n, null]] }, '{1: null}', [{ key: 1, value: null }]],
  [
    {
      kind: 'row',
      fields: [
        ['id', 7n],
        ['x', null],
      ],
    },
    'Row(id=7, x=null)',
    { id: 7, x: null },
  ],
  [{ kind: 'timestamp', units: time, precision: 3 }, iso, iso],
  [
    { kind: 'timestamp', units: -1n, precision: 9 },
    '1969-12-31T23:59:59.999999999Z',
    '1969-12-31T23:59:59.999999999Z',
  ],
  [{ kind: 'timestamp', units: 0n, precision: 0 }, '1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'],
  [
    { kind: 'timestamp', units: 9223372036854775n, precision: 3 },
    '+294247-01-10T04:00:54.775Z',
    '+294247-01-10T04:00:54.775Z',
  ],
  [
    { kind: 'timestamp', units: -9223372036854775n, precision: 3 },
    '-290308-12-21T19:59:05.225Z',
    '-290308-12-21T19:59:05.225Z',
  ],
  [
    { kind: 'timestamp', units: -62167219200000n, precision: 3 },
    '0000-01-01T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
  ],
  [{ kind: 'date', days: -1n }, '1969-12-31', '1969-12-31'],
  [{ kind: 'date', days: 11016n }, '2000-02-29', '2000-02-29'],
  [{ kind: 'decimal', unscaled: -100123n, scale: 3 }, '-100.123', '-100.123'],
  [{ kind: 'decimal', unscaled: 5n, scale: 3 }, '0.005', '0.005'],
  [{ kind: 'decimal', unscaled: 0n, scale: 0 }, '0', '0'],
  [{ kind: 'decimal', unscaled: 5n, scale: -3 }, '5E+3', '5E+3'],
  [{ kind: 'decimal', unscaled: 5n, scale: 2_000_000_000 }, '5E-2000000000', '5E-2000000000'],
  [{ kind: 'global window' }, 'global window', 'global'],
  [
    { kind: 'interval window', startMillis: time, endMillis: time + 1n },
    `[${iso}, 2016-02-01T02:23:45.001Z)`,
    { start: iso, end: '2016-02-01T02:23:45.001Z' },
  ],
  [
    { kind: 'custom window', maxTimestampMillis: time, window: 1n },
    `window(1, up to ${iso})`,
    { maxTimestamp: iso, window: 1 },
  ],
  [pane, 'EARLY pane 2/-1 (first)', jsonPane],
  [
    {
      kind: 'windowed value',
      value: 1n,
      timestampMillis: time,
      windows: [{ kind: 'global window' }],
      pane,
    },
    `1 @ ${iso} in global window, EARLY pane 2/-1 (first)`,
    { value: 1, timestamp: iso, windows: ['global'], pane: jsonPane },
  ],
  [
    { kind: 'timer', userKey: 'k', dynamicTimerTag: 't', windows: [{ kind: 'global window' }] },
    'timer "t" of "k" in global window, cleared',
    { userKey: 'k', dynamicTimerTag: 't', windows: ['global'], clearBit: true },
  ],
  [
    {
      kind: 'timer',
      userKey: 'k',
      dynamicTimerTag: 't',
      windows: [{ kind: 'global window' }],
      firing: { fireTimestampMillis: time, holdTimestampMillis: time, pane },
    },
    `timer "t" of "k" in global window, fires ${iso}, holds ${iso}, EARLY pane 2/-1 (first)`,
    {
      userKey: 'k',
      dynamicTimerTag: 't',
      windows: ['global'],
      clearBit: false,
      fireTimestamp: iso,
      holdTimestamp: iso,
      pane: jsonPane,
    },
  ],
  [
    { kind: 'sharded key', shardId: fromHex('01'), key: 'k' },
    '"k" of shard 0x01',
    { shardId: { bytes: 'AQ==' }, key: 'k' },
  ],
  [
    { kind: 'state-backed', items: [1n], token: utf8('t') },
    '[1 … rest in state b"t"]',
    { items: [1], stateToken: 't' },
  ],
  [
    { kind: 'python object', form: 'dataclass', type: long, items: [1n, 'x'] },
    '<dataclass of a pickled type of 40 bytes>(1, "x")',
    { form: 'dataclass', type: { length: 40, hex: 'ab'.repeat(40) }, items: [1, 'x'] },
  ],
  [
    {
      kind: 'python object',
      form: 'dataclass with names',
      type: long,
      typeName: 'shop.Order',
      items: [1n],
      names: ['id'],
    },
    'shop.Order(id=1)',
    { form: 'dataclass with names', type: 'shop.Order', items: [1], names: ['id'] },
  ],
  [
    { kind: 'pickle', bytes: fromHex('80'), typeName: 'shop.Order' },
    '<pickle of shop.Order, 1 bytes: 0x80>',
    { pickle: 'shop.Order', length: 1, hex: '80' },
  ],
  [
    { kind: 'pickle', bytes: long },
    `<pickle, 40 bytes: 0x${longHex}…>`,
    { pickle: null, length: 40, hex: 'ab'.repeat(40) },
  ],
  [
    { kind: 'opaque', coder: 'own:coder', coderClass: 'shop.OwnCoder', bytes: fromHex('0a0b') },
    '<own:coder shop.OwnCoder, 2 bytes: 0x0a0b>',
    { coder: 'own:coder', coderClass: 'shop.OwnCoder', length: 2, hex: '0a0b' },
  ],
];

describe('formatValue', () => {
  it('shows every kind of value on one line', () => {
    for (const [value, text] of shown) assert.equal(formatValue(value), text);
  });

  it('cuts what is too long', () => {
    assert.equal(formatValue('x'.repeat(100), 10), '"xxxxxxxx…');
    assert.equal(formatValue(Array<bigint>(1_000_000).fill(1n), 12), '[1, 1, 1, 1…');
    const nested: BeamValue = { kind: 'kv', key: 'x'.repeat(50), value: 'y'.repeat(50) };
    assert.equal(formatValue(nested, 20), `("${'x'.repeat(17)}…`);
    assert.match(formatValue(1n << 100_000n), /^1(0+)… \(hexadecimal\)$/);
  });
});

describe('toJson', () => {
  it('makes plain data of every kind of value', () => {
    for (const [value, , json] of shown) assert.deepEqual(toJson(value), json);
  });
});
