import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  fastPrimitivesCoderId,
  fastPrimitivesCoders,
} from '../../../server/src/interchange/interactiveBeam/pythonElements.js';
import { quote, unquote } from '../../../server/src/interchange/interactiveBeam/quote.js';
import { readCacheLines } from '../../../server/src/interchange/interactiveBeam/read.js';
import { cacheLines } from '../../../server/src/interchange/interactiveBeam/write.js';
import { reencoded } from '../../../server/src/interchange/reencode.js';
import { elementsOf } from '../../../server/src/interchange/windowedElements.js';
import { create } from '@bufbuild/protobuf';
import { LogRecordSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { endRecord } from '../../../server/src/recording/logRecords.js';
import { atomic, everyCoder, fieldType, rowSpec } from '../coders/everyCoder.js';
import type { CoderSpec } from '../coders/coderSpec.js';
import { coderOf, encode, fromHex, spec, toCoders, utf8 } from '../coders/coderSpec.js';
import { AtomicType } from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { Content } from './contents.js';
import { asynchronous, contentOf, gathered, start } from './contents.js';

async function cacheOf(content: Content): Promise<string[]> {
  const lines = await gathered(cacheLines(asynchronous(content), 'clicks-0-0-0'));
  return lines.map((line) => line.toString('latin1').replace(/\n$/, ''));
}

const read = (lines: string[]): Promise<Content> => gathered(readCacheLines(asynchronous(lines)));

function elementsIn(content: Content): string[] {
  return content.flatMap((record) =>
    record.case === 'elements'
      ? elementsOf(record.value.data).map(({ element }) => Buffer.from(element).toString('hex'))
      : [],
  );
}

describe("Interactive Beam's percent-quoting", () => {
  it("is that of Python's urllib", () => {
    assert.equal(quote(utf8('aZ0_.-~/ %é\n')).toString(), 'aZ0_.-~/%20%25%C3%A9%0A');
  });

  it('gives back any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        assert.deepEqual(new Uint8Array(unquote(quote(bytes)) ?? []), bytes);
      }),
    );
  });

  it('is refused where it is not whole', () => {
    assert.equal(unquote(utf8('%4')), undefined);
    assert.equal(unquote(utf8('%zz')), undefined);
    assert.equal(unquote(utf8('% 1')), undefined);
  });
});

describe("Interactive Beam's cache files", () => {
  const python = everyCoder.find(({ name }) => name === "Python's FastPrimitivesCoder");

  it('give back elements, times and watermarks of FastPrimitivesCoder', async () => {
    assert.ok(python);
    const coder = coderOf(python.spec);
    await fc.assert(
      fc.asyncProperty(fc.array(python.values, { minLength: 1, maxLength: 4 }), async (values) => {
        const encoded = values.map((value) => fromHex(encode(coder, value, 'outer')));
        const content = contentOf(fastPrimitivesCoderId, fastPrimitivesCoders(), encoded);
        const again = await read(await cacheOf(content));
        assert.deepEqual(again.slice(0, -1), content.slice(0, -1));
        const message = 'Interactive Beam does not note why a recording ended.';
        assert.deepEqual(again.at(-1), endRecord(start + 100n, 'cancelled', message));
      }),
    );
  });

  it('write elements of other coders as Python has them, and replays them in their coder', async () => {
    const cases: [CoderSpec, string, string][] = [
      [spec('string_utf8'), '6162', '046162'],
      [spec('bytes'), '00ff', '0300ff'],
      [spec('varint'), 'ac02', '01ac02'],
      [spec('bool'), '01', '0901'],
      [spec('kv', spec('string_utf8'), spec('varint')), '016105', '060204 0161 0105'],
      [
        spec('kv', spec('length_prefix', spec('bytes')), spec('length_prefix', spec('bytes'))),
        '01610162',
        '0602 030161 030162',
      ],
      [spec('iterable', spec('varint')), '000000020102', '05020101 0102'],
    ];
    for (const [coder, recorded, asPython] of cases) {
      const { coderId, coders } = toCoders(coder);
      const imported = await read(await cacheOf(contentOf(coderId, coders, [fromHex(recorded)])));
      assert.deepEqual(elementsIn(imported), [asPython.replaceAll(' ', '')]);
      const log = asynchronous(
        imported.map((record) => create(LogRecordSchema, { record: record as never })),
      );
      const replayed = await gathered(reencoded(log, coderId, coders));
      assert.deepEqual(elementsIn(replayed.map(({ record }) => record)), [recorded]);
    }
  });

  it('have rows as pickles of beam.Row, also within pairs', async () => {
    const row = rowSpec({ a: atomic(AtomicType.INT64) });
    // What `pickletools.dis` of Python shows: PROTO 3, GLOBAL, MARK (MARK 'a' 300 TUPLE) TUPLE, REDUCE, STOP.
    const asPickle =
      '8003 63' +
      Buffer.from('apache_beam.pvalue\n_make_Row\n').toString('hex') +
      '28 28 5801000000 61 8a02 2c01 74 74 52 2e';
    const length = (asPickle.replaceAll(' ', '').length / 2).toString(16);
    for (const [coder, recorded, asPython] of [
      [row, '0100ac02', `ff ${asPickle}`],
      [spec('kv', spec('varint'), row), '05 0100ac02', `0602 0105 ff${length} ${asPickle}`],
    ] as const) {
      const { coderId, coders } = toCoders(coder);
      const imported = await read(
        await cacheOf(contentOf(coderId, coders, [fromHex(recorded.replaceAll(' ', ''))])),
      );
      assert.deepEqual(elementsIn(imported), [asPython.replaceAll(' ', '')]);
    }
  });

  it('have no form for rows with fields that Python has no plain value for', async () => {
    const date = fieldType({
      case: 'logicalType',
      value: {
        urn: 'beam:logical_type:date:v1',
        representation: atomic(AtomicType.INT64),
      },
    });
    const { coderId, coders } = toCoders(rowSpec({ day: date }));
    await assert.rejects(
      cacheOf(contentOf(coderId, coders, [fromHex('010001')])),
      /Elements of beam:coder:row:v1 have no form in Interactive Beam's cache .*jsonl/,
    );
  });

  it('are refused where they are damaged, with the line', async () => {
    const { coderId, coders } = toCoders(spec('varint'));
    const whole = await cacheOf(contentOf(coderId, coders, ['01', '02'].map(fromHex)));
    const refused = (lines: string[], message: RegExp) => assert.rejects(read(lines), { message });
    await refused([], /^line 1: the file ends without an event/);
    await refused(['clicks', ...whole.slice(1)], /^line 1: not bytes of Interactive Beam's/);
    await refused([...whole.slice(0, 3), '%03%0', ...whole.slice(3)], /^line 4: not bytes/);
    await refused([...whole.slice(0, 2), '%03%0A%FF'], /^line 3: not a TestStreamFileRecord/);
    await refused([...whole.slice(0, 2), '%03'], /^line 3: a record without an event/);
    const cut = whole.map((line) => line.replace('%2501%2501', '%2563%2501'));
    assert.notDeepEqual(cut, whole);
    await refused(cut, /^line 4: an element that is not of/);
  });
});
