import { create, toBinary } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { encodeWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import {
  LogRecord_HeaderSchema,
  LogRecordSchema,
} from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { toColumns } from '../../../server/src/recording/elementColumns.js';
import { checksumSeed, frameMarker, logMagic } from '../../../server/src/recording/logFrame.js';
import { elementsRecord, watermarkRecord } from '../../../server/src/recording/logRecords.js';
import type { LogDamage } from '../../../server/src/recording/readFrames.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import type { LogOptions } from '../../../server/src/recording/writeLog.js';
import { createLog } from '../../../server/src/recording/writeLog.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';

const firstSegment = 'elements-00001.log';

async function writeWatermarks(folder: string, watermarks: bigint[], options?: LogOptions) {
  const log = await createLog(folder, { recordingId: 'r' }, options);
  for (const [index, watermarkMillis] of watermarks.entries()) {
    log.append(watermarkRecord(BigInt(index), watermarkMillis));
    await log.flush();
  }
  await log.close();
  return log;
}

async function readWatermarks(folder: string) {
  const watermarks: bigint[] = [];
  const damages: LogDamage[] = [];
  for await (const { record } of readLog(folder, (damage) => damages.push(damage))) {
    if (record.case === 'watermark') watermarks.push(record.value.watermarkMillis);
  }
  return { watermarks, damages };
}

/** Elements of one part of a bundle, named by a letter. */
function part(bundle: number, name: string, endsBundle = false) {
  const data = windowedValues([[1, name]]);
  return elementsRecord({ arrivalMicros: 1n, count: 1, bundle, endsBundle, data });
}

async function readNames(folder: string): Promise<string> {
  let names = '';
  for await (const { record } of readLog(folder, ({ what }) => assert.fail(what))) {
    if (record.case === 'elements') names += Buffer.from(record.value.data.subarray(14)).toString();
  }
  return names;
}

describe('recording log', () => {
  it('gives back what was appended, in one segment or many', () =>
    withTemporaryFolder(async (folder) => {
      const watermarks = Array.from({ length: 100 }, (_, index) => BigInt(index - 50));
      for (const segmentBytes of [1 << 20, 200]) {
        const log = path.join(folder, String(segmentBytes));
        const { bytes } = await writeWatermarks(log, watermarks, { segmentBytes });
        assert.deepEqual(await readWatermarks(log), { watermarks, damages: [] });
        const segments = (await readdir(log)).filter((name) => name.endsWith('.log'));
        assert.equal(segments.length > 1, segmentBytes === 200);
        const sizes = segments.map(async (name) => (await stat(path.join(log, name))).size);
        assert.equal(
          (await Promise.all(sizes)).reduce((a, b) => a + b),
          bytes,
        );
      }
    }));

  it('writes what is appended after a flush that had nothing to write', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      await log.flush();
      await log.flush();
      log.append(watermarkRecord(1n, 1n));
      await log.flush();
      assert.deepEqual((await readWatermarks(folder)).watermarks, [1n]);
      await log.close();
    }));

  it('loses nothing that is appended while a flush runs', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      const flushes: Promise<void>[] = [];
      for (let index = 0n; index < 50n; index++) {
        log.append(watermarkRecord(index, index));
        flushes.push(log.flush());
      }
      await Promise.all(flushes);
      const { watermarks } = await readWatermarks(folder);
      assert.equal(watermarks.length, 50);
      await log.close();
    }));

  it('writes much without being asked to', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      const data = oneElement(randomBytes(2 << 20));
      log.append(elementsRecord({ count: 1, bundle: 1, endsBundle: true, data }));
      const written = () => stat(path.join(folder, firstSegment)).catch(() => ({ size: 0 }));
      while ((await written()).size < data.length) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await log.close();
    }));

  it('counts the elements of whole bundles only, in the order in which they came', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      log.append(part(1, 'a'));
      await log.flush();
      log.append(part(2, 'x'));
      log.append(part(3, 'b', true));
      await log.flush();
      log.append(part(1, 'c'));
      log.endBundle(2, false);
      log.append(part(4, 'd'));
      log.append(part(4, 'e'));
      // Still in memory: the last part says so. Written already: a record does.
      log.endBundle(4, true);
      log.endBundle(1, true);
      log.append(part(5, 'y'));
      await log.close();
      assert.equal(await readNames(folder), 'abcde');
    }));

  it('looks ahead for the end of a bundle that is too long to be held back', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' }, { segmentBytes: 1 << 20 });
      const filler = (bundle: number) => {
        log.append(elementsRecord({ bundle, count: 1, data: oneElement(randomBytes(1 << 20)) }));
        return log.flush();
      };
      log.append(part(1, 'a'));
      log.append(part(2, 'x'));
      for (let index = 0; index < 6; index++) await filler(2);
      log.append(part(1, 'b'));
      await log.flush();
      log.endBundle(2, false);
      log.append(part(3, 'c'));
      for (let index = 0; index < 6; index++) await filler(4);
      log.endBundle(3, true);
      log.endBundle(1, true);
      log.append(part(5, 'd', true));
      await log.close();
      assert.equal(await readNames(folder), 'abcd');
    }));

  it('deflates elements where that makes them shorter, and gives them back as they were', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      const events = Array.from({ length: 200 }, (_, id) => JSON.stringify({ id, user: `u${id}` }));
      const texts = windowedValues(events.map((event, index) => [index, event]));
      const parts: [count: number, data: Uint8Array][] = [
        [200, texts],
        [1, oneElement(randomBytes(10_000))],
        [1, oneElement(Buffer.alloc(100, 'a'))],
        [200, texts],
      ];
      const grown: number[] = [];
      for (const [index, [count, data]] of parts.entries()) {
        const before = log.bytes;
        log.append(elementsRecord({ count, bundle: index + 1, endsBundle: true, data }));
        grown.push((log.bytes - before) / data.length);
      }
      await log.close();
      const read: Uint8Array[] = [];
      for await (const { record } of readLog(folder, ({ what }) => assert.fail(what)))
        if (record.case === 'elements') read.push(record.value.data);
      assert.deepEqual(
        read.map((data) => Buffer.from(data)),
        parts.map(([, data]) => Buffer.from(data)),
      );
      const [text = 1, random = 0, short = 0, textBehindRandom = 0] = grown;
      assert.ok(text < 0.3);
      assert.ok(random >= 1 && short >= 1);
      assert.ok(textBehindRandom > 0.5, 'what follows random bytes is not tried for a while');
    }));

  it('deflates many elements behind few that could not be made shorter', () =>
    withTemporaryFolder(async (folder) => {
      const log = await createLog(folder, { recordingId: 'r' });
      const few = oneElement(randomBytes(300));
      log.append(elementsRecord({ count: 1, bundle: 1, endsBundle: true, data: few }));
      const before = log.bytes;
      const data = windowedValues(Array.from({ length: 1000 }, (_, id) => [id, `{"id":${id}}`]));
      log.append(elementsRecord({ count: 1000, bundle: 2, endsBundle: true, data }));
      assert.ok(log.bytes - before < data.length / 3);
      await log.close();
    }));

  it('reports elements that cannot be unpacked, and reads on', () =>
    withTemporaryFolder(async (folder) => {
      const columns = deflateRawSync(toColumns(windowedValues([[1, 'x']]), 1));
      const lengths = [4, 3, 2 ** 31, 0];
      await writeFile(
        path.join(folder, firstSegment),
        Buffer.concat([
          logMagic,
          frame({ case: 'header', value: create(LogRecord_HeaderSchema, { recordingId: 'r' }) }, 0),
          ...lengths.map((inflatedLength) => {
            const init = { count: 1, bundle: 1, endsBundle: true, columns, inflatedLength };
            return frame(elementsRecord(init), checksumSeed('r'));
          }),
          frame(watermarkRecord(1n, 5n), checksumSeed('r')),
        ]),
      );
      const found: string[] = [];
      const damages: LogDamage[] = [];
      for await (const { record } of readLog(folder, (damage) => damages.push(damage)))
        found.push(record.case ?? '');
      assert.deepEqual(found, ['header', 'elements', 'watermark']);
      assert.deepEqual(
        damages.map(({ what, isTail }) => [what, isTail]),
        Array.from({ length: 3 }, () => ['elements cannot be unpacked', false]),
      );
    }));

  it('keeps every whole record of a log cut off at any byte', () =>
    withTemporaryFolder(async (folder) => {
      await writeWatermarks(path.join(folder, 'r'), [10n, 20n, 30n, 40n], { segmentBytes: 70 });
      const file = path.join(folder, 'r', 'elements-00002.log');
      const whole = await readFile(file);
      for (let length = whole.length - 1, last = 4; length >= 0; length--) {
        await truncate(file, length);
        const { watermarks, damages } = await readWatermarks(path.join(folder, 'r'));
        assert.deepEqual(watermarks, [10n, 20n, 30n, 40n].slice(0, watermarks.length));
        assert.ok(watermarks.length === last || watermarks.length === last - 1);
        last = watermarks.length;
        // Cut between two records, a log looks whole: its missing end record tells.
        assert.ok(damages.length <= 1);
        assert.ok(damages.every(({ isTail, segment }) => isTail && segment === 2));
        if (length === 0) assert.equal(watermarks.length, 2);
      }
    }));

  it('reads on behind a record whose length is damaged, and names the place', () =>
    withTemporaryFolder(async (folder) => {
      await writeWatermarks(folder, [10n, 20n, 30n]);
      const file = path.join(folder, firstSegment);
      const bytes = await readFile(file);
      const offsets = placesOf(bytes, Buffer.from([0xfe, 0x42, 0x52, 0x57]));
      const second = offsets[2]!;
      bytes.writeUInt8(bytes.readUInt8(second + 5) ^ 0xff, second + 5);
      await writeFile(file, bytes);
      const { watermarks, damages } = await readWatermarks(folder);
      assert.deepEqual(watermarks, [10n, 30n]);
      assert.deepEqual(
        damages.map(({ segment, offset }) => [segment, offset]),
        [[1, second]],
      );
    }));

  it('takes no frame of another log for its own', () =>
    withTemporaryFolder(async (folder) => {
      await writeWatermarks(path.join(folder, 'other'), [1n]);
      const other = await readFile(path.join(folder, 'other', firstSegment));
      const log = await createLog(path.join(folder, 'outer'), { recordingId: 'outer' });
      log.append(
        elementsRecord({ count: 1, bundle: 1, endsBundle: true, data: oneElement(other) }),
      );
      log.append(watermarkRecord(1n, 2n));
      await log.close();
      const file = path.join(folder, 'outer', firstSegment);
      const bytes = await readFile(file);
      const at = bytes.indexOf(other) - 8;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      await writeFile(file, bytes);
      const { watermarks, damages } = await readWatermarks(path.join(folder, 'outer'));
      assert.deepEqual(watermarks, [2n]);
      assert.equal(damages.length, 1);
    }));

  it('says which segment is missing', () =>
    withTemporaryFolder(async (folder) => {
      await writeWatermarks(folder, [1n, 2n, 3n], { segmentBytes: 50 });
      const names = (await readdir(folder)).filter((name) => name.endsWith('.log'));
      assert.ok(names.length > 2);
      await truncate(path.join(folder, names[0]!), 4);
      const { damages } = await readWatermarks(folder);
      assert.deepEqual(
        damages.map(({ segment, isTail }) => [segment, isTail]),
        [[1, false]],
      );
    }));

  it('refuses what is no log, and one of a version that was never released', () =>
    withTemporaryFolder(async (folder) => {
      await assert.rejects(readWatermarks(folder), /no recording log/);
      await appendFile(path.join(folder, 'elements.log'), 'BEAMRWD1');
      await assert.rejects(readWatermarks(folder), /format 1.*record the source again/);
    }));
});

/** One windowed value. */
function oneElement(element: Uint8Array): Uint8Array {
  return encodeWindowedElement(1, element);
}

/** A frame as another writer may make it. */
function frame(record: LogRecord['record'], seed: number): Buffer {
  const payload = toBinary(LogRecordSchema, { $typeName: LogRecordSchema.typeName, record });
  const head = Buffer.alloc(16);
  head.set(frameMarker);
  head.writeUInt32LE(payload.length, 4);
  head.writeUInt32LE(crc32(head.subarray(0, 8), seed), 8);
  head.writeUInt32LE(crc32(payload, seed), 12);
  return Buffer.concat([head, payload]);
}

function placesOf(bytes: Buffer, marker: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(marker); at >= 0; at = bytes.indexOf(marker, at + 1)) places.push(at);
  return places;
}
