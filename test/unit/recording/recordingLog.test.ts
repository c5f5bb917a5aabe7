import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { LogRecord_WatermarkSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import type { LogDamage } from '../../../server/src/recording/readLog.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { createLog } from '../../../server/src/recording/writeLog.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';

async function writeWatermarks(file: string, watermarks: bigint[]): Promise<void> {
  const log = await createLog(file);
  for (const watermarkMillis of watermarks) {
    const value = create(LogRecord_WatermarkSchema, { arrivalMicros: 1n, watermarkMillis });
    log.append({ case: 'watermark', value });
    await log.flush();
  }
  await log.close();
}

async function readWatermarks(file: string) {
  const watermarks: bigint[] = [];
  const damages: LogDamage[] = [];
  for await (const { record } of readLog(file, (damage) => damages.push(damage))) {
    if (record.case === 'watermark') watermarks.push(record.value.watermarkMillis);
  }
  return { watermarks, damages };
}

describe('recording log', () => {
  it('gives back what was appended, flushed one by one or all at once', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'elements.log');
      const watermarks = Array.from({ length: 100 }, (_, index) => BigInt(index - 50));
      await writeWatermarks(file, watermarks);
      assert.deepEqual(await readWatermarks(file), { watermarks, damages: [] });
    }));

  it('loses nothing that is appended while a flush runs', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'elements.log');
      const log = await createLog(file);
      const flushes: Promise<void>[] = [];
      for (let index = 0n; index < 50n; index++) {
        const watermarkMillis = index;
        log.append({
          case: 'watermark',
          value: create(LogRecord_WatermarkSchema, { watermarkMillis }),
        });
        flushes.push(log.flush());
      }
      await Promise.all(flushes);
      const { watermarks } = await readWatermarks(file);
      assert.equal(watermarks.length, 50);
      await log.close();
      assert.equal((await readFile(file)).length, log.bytes);
    }));

  it('keeps every whole record of a log cut off at any byte', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'elements.log');
      await writeWatermarks(file, [10n, 20n, 30n]);
      const whole = await readFile(file);
      const cut = path.join(folder, 'cut.log');
      let last = 3;
      for (let length = whole.length - 1; length >= 8; length--) {
        await writeFile(cut, whole);
        await truncate(cut, length);
        const { watermarks, damages } = await readWatermarks(cut);
        assert.deepEqual(watermarks, [10n, 20n, 30n].slice(0, watermarks.length));
        assert.ok(watermarks.length === last || watermarks.length === last - 1);
        last = watermarks.length;
        // Cut between two records, a log looks whole: its missing end record tells.
        assert.ok(damages.length <= 1);
      }
      assert.equal(last, 0);
    }));

  it('reports a damaged record with its place and reads on behind it', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'elements.log');
      await writeWatermarks(file, [10n, 20n, 30n]);
      const bytes = await readFile(file);
      const second = 8 + 8 + bytes.readUInt32LE(8);
      bytes.writeUInt8(bytes.readUInt8(second + 8) ^ 0xff, second + 8);
      await writeFile(file, bytes);
      const { watermarks, damages } = await readWatermarks(file);
      assert.deepEqual(watermarks, [10n, 30n]);
      assert.deepEqual(
        damages.map(({ offset }) => offset),
        [second],
      );
    }));

  it('refuses a file that is not a log', () =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'elements.log');
      await writeFile(file, 'something else entirely');
      await assert.rejects(readWatermarks(file), /is not a recording log/);
    }));
});
