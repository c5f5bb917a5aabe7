import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { HeaderFacts } from '../../../server/src/interchange/jsonLines/read.js';
import { readJsonLines } from '../../../server/src/interchange/jsonLines/read.js';
import { jsonLines } from '../../../server/src/interchange/jsonLines/write.js';
import { headerRecord, recordOfElements } from '../../../server/src/interchange/logRecords.js';
import { endRecord } from '../../../server/src/recording/logRecords.js';
import { coderOf, encode, fromHex, spec, toCoders, utf8 } from '../coders/coderSpec.js';
import { atomic, everyCoder, fastPrimitivesSpec, rowSpec } from '../coders/everyCoder.js';
import { AtomicType } from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { CoderSpec } from '../coders/coderSpec.js';
import type { Content } from './contents.js';
import { asynchronous, contentOf, gathered, recording, start, withoutBundles } from './contents.js';

async function written(content: Content): Promise<string[]> {
  const text = (await gathered(jsonLines(recording, asynchronous(content)))).join('');
  return text.trimEnd().split('\n');
}

async function read(lines: string[], onHeader?: (facts: HeaderFacts) => void): Promise<Content> {
  return gathered(readJsonLines(asynchronous(lines), onHeader));
}

/** The elements' lines, as JSON, of elements given in hex. */
async function elementLines(coder: CoderSpec, elements: string[]): Promise<unknown[]> {
  const { coderId: id, coders } = toCoders(coder);
  const lines = await written(contentOf(id, coders, elements.map(fromHex)));
  return lines
    .map((line) => JSON.parse(line) as { kind: string; value?: unknown; bytes?: string })
    .filter(({ kind }) => kind === 'element')
    .map(({ value, bytes }) => (bytes === undefined ? [value] : [value, bytes]));
}

/** A whole file of one bytes coder, with some lines replaced. */
async function fileWith(replace: Record<number, string | undefined>): Promise<string[]> {
  const { coderId: id, coders } = toCoders(spec('varint'));
  const lines = await written(contentOf(id, coders, ['01', '02', '03'].map(fromHex)));
  return lines.flatMap((line, index) =>
    index + 1 in replace ? (replace[index + 1] ?? []) : [line],
  );
}

describe('JSON Lines', () => {
  for (const { name, spec: coder, values } of everyCoder) {
    it(`give back the same log: ${name}`, async () => {
      const { coderId: id, coders } = toCoders(coder);
      await fc.assert(
        fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 4 }), async (elements) => {
          const encoded = elements.map((value) => fromHex(encode(coderOf(coder), value, 'outer')));
          const content = contentOf(id, coders, encoded);
          assert.deepEqual(await read(await written(content)), withoutBundles(content));
        }),
        { numRuns: 30 },
      );
    });
  }

  it('give back elements of any time, any pane and bytes that are not of their coder', async () => {
    const { coderId: id, coders } = toCoders(spec('varint'));
    const pane = {
      kind: 'pane',
      isFirst: false,
      isLast: false,
      timing: 'LATE',
      index: 3n,
      onTimeIndex: 1n,
    } as const;
    const content = [
      headerRecord(start, coders, id),
      recordOfElements(start, [
        { timestampMillis: 9223372036854775n, pane, element: fromHex('ff') },
        { timestampMillis: -9223372036854775n, pane, element: new Uint8Array() },
      ]),
      endRecord(start, 'cancelled', ''),
    ];
    assert.deepEqual(await read(await written(content)), content);
  });

  it('hold bytes only where JSON does not say all', async () => {
    assert.deepEqual(await elementLines(spec('string_utf8'), ['68c3a9']), [['hé']]);
    assert.deepEqual(await elementLines(spec('bytes'), ['6869', 'ff00']), [
      ['hi'],
      [{ bytes: '/wA=' }],
    ]);
    assert.deepEqual(
      await elementLines(spec('kv', spec('string_utf8'), spec('varint')), ['016105']),
      [[{ key: 'a', value: 5 }]],
    );
    const row = rowSpec({ user: atomic(AtomicType.STRING), n: atomic(AtomicType.INT64, true) });
    assert.deepEqual(await elementLines(row, ['0200016105', '0201020161']), [
      [{ user: 'a', n: 5 }],
      [{ user: 'a', n: null }],
    ]);
    // A dict of Python is an object; a tuple is a list only in JSON, and so its bytes are kept.
    assert.deepEqual(await elementLines(fastPrimitivesSpec, ['07010401610105', '06020101 0102']), [
      [{ a: 5 }],
      [[1, 2], 'BgIBAQEC'],
    ]);
  });

  it('tell of an interrupted recording that it has no end', async () => {
    const { coderId: id, coders } = toCoders(spec('bytes'));
    const lines = await written(contentOf(id, coders, [utf8('a')]).slice(0, -1));
    assert.deepEqual(JSON.parse(lines.at(-1) ?? ''), {
      kind: 'end',
      arrivalMicros: 1_740_833_820_000_000,
      reason: 'interrupted',
    });
    const end = (await read(lines)).at(-1);
    assert.deepEqual(end, endRecord(1_740_833_820_000_000n, 'cancelled', ''));
  });

  it('of another program need values alone', async () => {
    const header = JSON.parse((await fileWith({}))[0] ?? '') as Record<string, unknown>;
    const { format, kind, startedMicros, coderId, coders } = header;
    let facts: HeaderFacts | undefined;
    const content = await read(
      [
        JSON.stringify({ kind, format, startedMicros, coderId, coders, label: 'Made' }),
        '{"kind":"element","arrivalMicros":1740833760000000,"timestampMillis":7,"value":300}',
        '',
        '{"kind":"element","arrivalMicros":1740833760000000,"timestampMillis":8,"value":-1}',
        '{"kind":"end","arrivalMicros":1740833760000001,"reason":"source finished"}',
      ],
      (told) => {
        facts = told;
      },
    );
    assert.equal(facts?.label, 'Made');
    const elements = content.filter((record) => record.case === 'elements');
    assert.deepEqual(
      elements.map(({ value }) => Buffer.from(value.data.subarray(13)).toString('hex')),
      ['02ac02', '0affffffffffffffffff01'],
    );
  });

  const bad: [what: string, lines: Record<number, string | undefined>, message: RegExp][] = [
    ['text that is not JSON', { 3: '{"kind":' }, /^line 3: not JSON/],
    ['JSON that is no object', { 3: '[1]' }, /^line 3: not a JSON object/],
    ['no header', { 1: undefined }, /^line 1: the first line must be of kind "header"/],
    ['an end that is missing', { 7: undefined }, /^line 7: the file is cut off/],
    [
      'a value of another type',
      { 2: '{"kind":"element","arrivalMicros":1740833760000000,"timestampMillis":1,"value":"x"}' },
      /^line 2: "value" is not of the recording's coder \(Expected an integer, got string\)/,
    ],
    [
      'a time that is none',
      {
        2: '{"kind":"element","arrivalMicros":1740833760000000,"timestampMillis":1e300,"value":1}',
      },
      /^line 2: "timestampMillis"/,
    ],
    [
      'arrivals that go back',
      { 5: '{"kind":"element","arrivalMicros":1740833760000001,"timestampMillis":1,"value":1}' },
      /^line 5: "arrivalMicros" goes back/,
    ],
    [
      'an unknown kind',
      { 4: '{"kind":"note","arrivalMicros":1740833760000005}' },
      /^line 4: "kind"/,
    ],
    [
      'an unknown reason',
      { 7: '{"kind":"end","arrivalMicros":1840833760000005,"reason":"bored"}' },
      /^line 7: "bored"/,
    ],
    [
      'a pane without its members',
      {
        2: '{"kind":"element","arrivalMicros":1740833760000000,"timestampMillis":1,"value":1,"pane":{}}',
      },
      /^line 2: "pane" needs/,
    ],
  ];
  for (const [what, lines, message] of bad) {
    it(`are refused for ${what}, with the line`, async () => {
      await assert.rejects(read(await fileWith(lines)), { message });
    });
  }
});
