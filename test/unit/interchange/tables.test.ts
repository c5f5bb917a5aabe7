import assert from 'node:assert/strict';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { csv } from '../../../server/src/interchange/csv.js';
import { writeParquet } from '../../../server/src/interchange/parquet.js';
import { AtomicType } from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import type { CoderSpec } from '../coders/coderSpec.js';
import { coderOf, encode, fromHex, spec, toCoders } from '../coders/coderSpec.js';
import { atomic, fastPrimitivesSpec, fieldType, rowSpec } from '../coders/everyCoder.js';
import { asynchronous, contentOf, gathered } from './contents.js';

function contentOfValues(coder: CoderSpec, values: BeamValue[]) {
  const { coderId, coders } = toCoders(coder);
  const elements = values.map((value) => fromHex(encode(coderOf(coder), value, 'outer')));
  return asynchronous(contentOf(coderId, coders, elements));
}

const clickSpec = rowSpec({
  user: atomic(AtomicType.STRING),
  score: atomic(AtomicType.DOUBLE, true),
  count: atomic(AtomicType.INT64),
  level: atomic(AtomicType.BYTE),
  tags: fieldType({ case: 'arrayType', value: { elementType: atomic(AtomicType.STRING, true) } }),
  marks: fieldType(
    {
      case: 'mapType',
      value: { keyType: atomic(AtomicType.STRING), valueType: atomic(AtomicType.INT32) },
    },
    true,
  ),
  place: fieldType({
    case: 'rowType',
    value: { schema: { fields: [{ name: 'city', type: atomic(AtomicType.STRING, true) }] } },
  }),
  seen: fieldType({
    case: 'logicalType',
    value: {
      urn: 'beam:logical_type:millis_instant:v1',
      representation: atomic(AtomicType.INT64),
    },
  }),
  price: fieldType({
    case: 'logicalType',
    value: { urn: 'beam:logical_type:decimal:v1', representation: atomic(AtomicType.BYTES) },
  }),
  raw: atomic(AtomicType.BYTES),
});

function click(user: string, score: number | null, tags: BeamValue[], marks: BeamValue): BeamValue {
  return {
    kind: 'row',
    fields: [
      ['user', user],
      ['score', score],
      ['count', 1n << 60n],
      ['level', -5n],
      ['tags', tags],
      ['marks', marks],
      ['place', { kind: 'row', fields: [['city', score === null ? null : 'Köln']] }],
      ['seen', { kind: 'timestamp', units: 1_740_833_760_123n, precision: 3 }],
      ['price', { kind: 'decimal', unscaled: 1999n, scale: 2 }],
      ['raw', Uint8Array.of(0, 255)],
    ],
  };
}

const clicks = [
  click('ann "a", b', 1.5, ['x', null], { kind: 'map', entries: [['k', 3n]] }),
  click('two\nlines', null, [], null),
  click('', -0.25, ['y'], { kind: 'map', entries: [] }),
];

async function parquetOf(coder: CoderSpec, values: BeamValue[]): Promise<ArrayBuffer> {
  const pieces: Buffer[] = [];
  await writeParquet(contentOfValues(coder, values), (bytes) => {
    pieces.push(Buffer.from(bytes));
    return Promise.resolve();
  });
  const whole = new Uint8Array(Buffer.concat(pieces));
  return whole.buffer;
}

describe('CSV', () => {
  it('has a column for each field of a row, quoted where it must be', async () => {
    const text = (await gathered(csv(contentOfValues(clickSpec, clicks)))).join('');
    assert.equal(
      text,
      [
        'event_time,processing_time,user,score,count,level,tags,marks,place,seen,price,raw',
        '1970-01-01T00:00:00.000Z,2025-03-01T12:56:00.000000Z,"ann ""a"", b",1.5,1152921504606846976,-5,' +
          '"[""x"",null]","{""k"":3}","{""city"":""Köln""}",2025-03-01T12:56:00.123Z,19.99,"{""bytes"":""AP8=""}"',
        '1970-01-01T00:00:01.000Z,2025-03-01T12:56:00.000000Z,"two\nlines",,1152921504606846976,-5,' +
          '[],,"{""city"":null}",2025-03-01T12:56:00.123Z,19.99,"{""bytes"":""AP8=""}"',
        '1970-01-01T00:00:02.000Z,2025-03-01T12:56:00.000010Z,,-0.25,1152921504606846976,-5,' +
          '"[""y""]",{},"{""city"":""Köln""}",2025-03-01T12:56:00.123Z,19.99,"{""bytes"":""AP8=""}"',
        '',
      ].join('\n'),
    );
  });

  it('has one column for elements that are no rows, and a head without elements', async () => {
    const texts = (await gathered(csv(contentOfValues(spec('string_utf8'), ['a,b'])))).join('');
    assert.equal(
      texts,
      'event_time,processing_time,value\n1970-01-01T00:00:00.000Z,2025-03-01T12:56:00.000000Z,"a,b"\n',
    );
    const none = (await gathered(csv(contentOfValues(spec('varint'), [])))).join('');
    assert.equal(none, 'event_time,processing_time,value\n');
  });

  it('names its own columns otherwise where a field has their name', async () => {
    const row = rowSpec({ event_time: atomic(AtomicType.INT64) });
    const [head] = await gathered(
      csv(contentOfValues(row, [{ kind: 'row', fields: [['event_time', 1n]] }])),
    );
    assert.equal(head, 'event_time_,processing_time,event_time\n');
  });

  it('refuses an element that its coder cannot read, by its number', async () => {
    const { coderId, coders } = toCoders(spec('varint'));
    const content = asynchronous(contentOf(coderId, coders, ['01', 'ff'].map(fromHex)));
    await assert.rejects(gathered(csv(content)), /^Error: Element 2 is not of its coder/);
  });
});

describe('Parquet', () => {
  it('has the types of the schema', async () => {
    const file = await parquetOf(clickSpec, clicks);
    const types = parquetMetadata(file).schema.map(
      ({ name, type, converted_type, logical_type, repetition_type }) =>
        [name, type ?? '', logical_type?.type ?? converted_type ?? '', repetition_type ?? ''].join(
          ' ',
        ),
    );
    assert.deepEqual(types, [
      'root   ',
      'event_time INT64 TIMESTAMP REQUIRED',
      'processing_time INT64 TIMESTAMP REQUIRED',
      'user BYTE_ARRAY UTF8 REQUIRED',
      'score DOUBLE  OPTIONAL',
      'count INT64  REQUIRED',
      'level INT32 INT_8 REQUIRED',
      'tags  LIST REQUIRED',
      'list   REPEATED',
      'element BYTE_ARRAY UTF8 OPTIONAL',
      'marks  MAP OPTIONAL',
      'key_value   REPEATED',
      'key BYTE_ARRAY UTF8 REQUIRED',
      'value INT32  REQUIRED',
      'place   REQUIRED',
      'city BYTE_ARRAY UTF8 OPTIONAL',
      'seen INT64 TIMESTAMP REQUIRED',
      'price BYTE_ARRAY UTF8 REQUIRED',
      'raw BYTE_ARRAY  REQUIRED',
    ]);
  });

  it('holds the values', async () => {
    const rows = await parquetReadObjects({
      file: await parquetOf(clickSpec, clicks),
      utf8: false,
    });
    assert.equal(rows.length, 3);
    const [first, second] = rows;
    assert.deepEqual((first?.['event_time'] as Date).getTime(), 0);
    assert.deepEqual(first?.['user'], 'ann "a", b');
    assert.deepEqual(first['count'], 1n << 60n);
    assert.deepEqual(first['level'], -5);
    assert.deepEqual(first['tags'], ['x', null]);
    assert.deepEqual(first['marks'], { k: 3 });
    assert.deepEqual(first['place'], { city: 'Köln' });
    assert.equal((first['seen'] as Date).toISOString(), '2025-03-01T12:56:00.123Z');
    assert.equal(first['price'], '19.99');
    assert.deepEqual([...(first['raw'] as Uint8Array)], [0, 255]);
    assert.equal(second?.['score'], null);
    assert.deepEqual(second['tags'], []);
    assert.equal(second['marks'] ?? null, null);
  });

  it('has one column for elements that are no rows: of their type, or JSON', async () => {
    const typed = await parquetReadObjects({ file: await parquetOf(spec('varint'), [5n, -7n]) });
    assert.deepEqual(
      typed.map(({ value }) => value as unknown),
      [5n, -7n],
    );
    const values: BeamValue[] = [null, { kind: 'map', entries: [['a', 1n]] }, 'text'];
    const any = await parquetReadObjects({ file: await parquetOf(fastPrimitivesSpec, values) });
    assert.deepEqual(
      any.map(({ value }) => value as unknown),
      [null, { a: 1 }, 'text'],
    );
  });

  it('of a recording without elements has its columns', async () => {
    const metadata = parquetMetadata(await parquetOf(clickSpec, []));
    assert.equal(metadata.num_rows, 0n);
    assert.equal(metadata.schema[0]?.num_children, 12);
  });
});
