import assert from 'node:assert/strict';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import { decodeElement } from '../../../server/src/beam/coders/coderFor.js';
import { forEachWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import { AtomicType } from '../../../server/src/beam/proto/beam/schema_pb.js';
import { recordOfElements } from '../../../server/src/interchange/logRecords.js';
import { noFiringPane } from '../../../server/src/interchange/windowedElements.js';
import { redactorFor } from '../../../server/src/recording/redaction/redactor.js';
import {
  isRedactedEnough,
  parseRedactionRules,
  redactionOf,
} from '../../../server/src/recording/redaction/rules.js';
import type { CoderSpec } from '../coders/coderSpec.js';
import { coderOf, encode, fromHex, spec, toCoders } from '../coders/coderSpec.js';
import { atomic, fastPrimitivesSpec, fieldType, rowSpec } from '../coders/everyCoder.js';

/** Elements after they were redacted, as the runner would send and the log hold them. */
function redacted(coder: CoderSpec, values: BeamValue[], ...rules: object[]): BeamValue[] {
  const { coderId, coders } = toCoders(coder);
  const redact = redactorFor(parseRedactionRules(rules), 'Clicks', coderId, coders);
  const record = recordOfElements(
    5n,
    values.map((value, index) => ({
      timestampMillis: BigInt(index),
      pane: noFiringPane,
      element: fromHex(encode(coderOf(coder), value, 'outer')),
    })),
  );
  assert.ok(record.case === 'elements' && redact);
  const data = redact(record.value.data);
  const found: BeamValue[] = [];
  forEachWindowedElement(data, (timestamp, _pane, start, end) => {
    assert.equal(timestamp, found.length);
    const value = decodeElement(coderOf(coder), data.subarray(start, end));
    found.push(value instanceof Uint8Array ? new Uint8Array(value) : value);
  });
  return found;
}

const text = spec('string_utf8');
const clickSpec = rowSpec({
  card: atomic(AtomicType.STRING),
  note: atomic(AtomicType.STRING, true),
  pin: atomic(AtomicType.INT64),
  users: fieldType({
    case: 'arrayType',
    value: {
      elementType: fieldType({
        case: 'rowType',
        value: { schema: { fields: [{ name: 'email', type: atomic(AtomicType.STRING) }] } },
      }),
    },
  }),
});

function click(card: string, note: string | null, pin: bigint, ...emails: string[]): BeamValue {
  const users = emails.map((email): BeamValue => ({ kind: 'row', fields: [['email', email]] }));
  return {
    kind: 'row',
    fields: [
      ['card', card],
      ['note', note],
      ['pin', pin],
      ['users', users],
    ],
  };
}

describe('redaction', () => {
  it('takes fields out of rows, of rows in lists, and of any type', () => {
    const values = [click('4111', 'a', 99n, 'x@y', 'z@y'), click('5', null, 0n)];
    assert.deepEqual(
      redacted(
        clickSpec,
        values,
        { field: 'card' },
        { field: 'note', replacement: '' },
        { field: 'pin' },
        { field: 'users.email' },
      ),
      [click('[redacted]', '', 0n, '[redacted]', '[redacted]'), click('[redacted]', null, 0n)],
    );
    assert.deepEqual(redacted(clickSpec, values, { field: 'users' }), [
      click('4111', 'a', 99n),
      click('5', null, 0n),
    ]);
  });

  it('takes nodes out of JSON texts and leaves all else as it was written', () => {
    const json =
      '{ "id": 12345678901234567890, "u": {"email":"a@b", "n": 1.50}, "tags": ["s1", 7, true, null] }';
    assert.deepEqual(redacted(text, [json], { path: '$.u.email' }), [
      json.replace('a@b', '[redacted]'),
    ]);
    assert.deepEqual(redacted(text, [json], { path: '$.tags[*]', replacement: 'x' }), [
      json.replace('["s1", 7, true, null]', '["x", 0, false, null]'),
    ]);
    assert.deepEqual(redacted(text, [json], { path: '$.u' }), [
      json.replace('{"email":"a@b", "n": 1.50}', '{"email":"[redacted]","n":0}'),
    ]);
    assert.deepEqual(redacted(text, [json], { path: '$.nothing' }), [json]);
    const twice = '{"a":"one","a":"two"}';
    assert.deepEqual(redacted(text, [twice], { path: '$.a', replacement: '' }), [
      '{"a":"","a":""}',
    ]);
  });

  it('takes matches out of texts, bytes, names and numbers', () => {
    const rule = { pattern: String.raw`\d{4}`, replacement: '#' };
    assert.deepEqual(redacted(text, ['pay 1234 or 99'], rule), ['pay # or 99']);
    assert.deepEqual(redacted(spec('bytes'), [Buffer.from('é 1234')], rule), [
      new Uint8Array(Buffer.from('é #')),
    ]);
    assert.deepEqual(
      redacted(
        fastPrimitivesSpec,
        [{ kind: 'map', entries: [['1234', [12345n, 2.5, 'x1234']]] }],
        rule,
      ),
      [{ kind: 'map', entries: [['#', [0n, 2.5, 'x#']]] }],
    );
    assert.deepEqual(redacted(text, ['$& 1234'], { pattern: '1234', replacement: '$&' }), [
      '$& $&',
    ]);
  });

  it('narrows: a pattern within a path within a field', () => {
    const pair = (value: string): BeamValue => ({ kind: 'kv', key: 'k 42', value });
    assert.deepEqual(
      redacted(spec('kv', text, text), [pair('{"a":"42 x","b":"42","n":42}')], {
        field: 'value',
        path: "$['a','n']",
        pattern: '42',
        replacement: '-',
      }),
      [pair('{"a":"- x","b":"42","n":0}')],
    );
    assert.deepEqual(
      redacted(
        fastPrimitivesSpec,
        [
          {
            kind: 'map',
            entries: [
              ['user', 'ann'],
              ['id', 1n],
            ],
          },
        ],
        { field: 'user' },
      ),
      [
        {
          kind: 'map',
          entries: [
            ['user', '[redacted]'],
            ['id', 1n],
          ],
        },
      ],
    );
  });

  const refused: [
    what: string,
    coder: CoderSpec,
    value: BeamValue,
    rule: object,
    message: RegExp,
  ][] = [
    [
      'text that is not JSON',
      text,
      'secret',
      { path: '$.a' },
      /path \$\.a\) cannot be applied: an element is not JSON/,
    ],
    [
      'a field that is not there',
      clickSpec,
      click('secret', null, 1n),
      { field: 'crad' },
      /no field "crad"; its fields: card, note, pin, users/,
    ],
    ['a field of what is no row', text, 'secret', { field: 'a' }, /no field "a": it is no row/],
    [
      'bytes that are no text',
      spec('bytes'),
      Uint8Array.of(255),
      { pattern: 's' },
      /bytes that are no UTF-8 text/,
    ],
    [
      'a pickle',
      fastPrimitivesSpec,
      { kind: 'pickle', bytes: fromHex('4b012e') },
      { pattern: 's' },
      /has a pickle, which only its SDK/,
    ],
    ['a path into what is no text', spec('varint'), 5n, { path: '$.a' }, /no JSON text/],
  ];
  for (const [what, coder, value, rule, message] of refused) {
    it(`refuses ${what}, without saying what is in it`, () => {
      assert.throws(
        () => redacted(coder, [value], rule),
        (error: Error) => message.test(error.message) && !error.message.includes('secret'),
      );
    });
  }

  it('refuses elements of a coder that only its SDK knows, before there is one', () => {
    const { coderId, coders } = toCoders(spec('example:coder:own:v1'));
    const rules = parseRedactionRules([{ source: 'Cl*', pattern: 'x' }]);
    assert.throws(() => redactorFor(rules, 'Clicks', coderId, coders), /only its SDK can decode/);
    assert.equal(redactorFor(rules, 'Other', coderId, coders), undefined, 'no rule, no cost');
  });

  it('says of wrong rules which one it is and why', () => {
    const cases: [unknown, RegExp][] = [
      [{}, /not a list/],
      [['x'], /^Rule 1 of redaction: it is no object/],
      [[{ field: 'a' }, { source: 'a' }], /^Rule 2 .* needs a field, a path or a pattern/],
      [[{ filed: 'a' }], /"filed" is none of source, field, path, pattern, replacement/],
      [[{ path: '$[' }], /^Rule 1/],
      [[{ pattern: '(' }], /^Rule 1 .*[Rr]egular expression/],
      [[{ pattern: 5 }], /"pattern" is no text/],
    ];
    for (const [json, message] of cases) {
      assert.throws(() => parseRedactionRules(json), { message });
    }
  });

  it('is told by a recording, and is enough while the rules for its source are the same', () => {
    const rules = parseRedactionRules([
      { source: 'Clicks', pattern: 'hunter2' },
      { source: 'Other', field: 'a' },
    ]);
    const redaction = redactionOf(rules, 'Clicks');
    assert.equal(redaction?.rules, 1);
    assert.ok(!JSON.stringify(redaction).includes('hunter2'));
    const recording = { label: 'Clicks', redaction };
    assert.ok(isRedactedEnough(recording, rules.slice(0, 1)));
    assert.ok(isRedactedEnough(recording, []), 'without rules nothing less is asked for');
    assert.ok(!isRedactedEnough(recording, parseRedactionRules([{ pattern: 'other' }])));
    assert.ok(!isRedactedEnough({ label: 'Clicks' }, rules));
    assert.ok(isRedactedEnough({ label: 'Free' }, rules));
  });
});
