import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { recordDoFn } from '../../../server/src/recording/recordDoFn.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { isComplete } from '../../../server/src/recording/recording.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { recoverRecording } from '../../../server/src/recording/recoverRecording.js';
import { segmentPath } from '../../../server/src/recording/segments.js';
import { deleteRecording, listRecordings, logPath } from '../../../server/src/recording/store.js';
import { storedRecordings, verifyRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { bundleOf, bundlesIn, newRecording } from './recordings.js';

async function aRecording(store: string, id = 'one', bundles = 20) {
  const writer = await openRecording(store, newRecording(id), {}, 'coder');
  for (let number = 1; number <= bundles; number++) {
    writer.addElements(bundleOf(number));
    if (number % 4 === 0) writer.addWatermark(BigInt(number));
  }
  await writer.end('elements limit');
  return segmentPath(logPath(store, id), 1);
}

const damages = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), junk: fc.uint8Array() }),
  fc.record({ kind: fc.constant('zero' as const), at: fc.nat(), length: fc.nat(400) }),
  fc.record({ kind: fc.constant('remove' as const), at: fc.nat(), length: fc.nat(400) }),
);

describe('a damaged recording', () => {
  it('keeps the records that the damage did not touch, and is never complete', () =>
    withTemporaryFolder(async (store) => {
      const file = await aRecording(store);
      const whole = await readFile(file);
      const [before] = await listRecordings(store);
      assert.ok(before && isComplete(before));
      await fc.assert(
        fc.asyncProperty(damages, async (damage) => {
          const at = damage.at % whole.length;
          let bytes = Buffer.from(whole);
          if (damage.kind === 'flip') bytes[at]! ^= 1 << damage.bit;
          else if (damage.kind === 'zero')
            bytes.fill(0, at, Math.min(at + damage.length, bytes.length));
          else {
            const junk = damage.kind === 'insert' ? damage.junk : [];
            const end = at + (damage.kind === 'remove' ? damage.length : 0);
            bytes = Buffer.concat([whole.subarray(0, at), Buffer.from(junk), whole.subarray(end)]);
          }
          await writeFile(file, bytes);
          const found: number[] = [];
          let reports = 0;
          for await (const { record } of readLog(logPath(store, 'one'), () => reports++)) {
            if (record.case === 'elements') found.push(Number(record.value.minTimestampMillis));
          }
          assert.deepEqual(
            found,
            found.filter((number, index) => number > (found[index - 1] ?? 0)),
          );
          const touched = damage.kind === 'flip' || damage.kind === 'insert' ? 1 : 4;
          assert.ok(found.length >= 20 - touched, `${found.length} are left`);
          const isSame = bytes.equals(whole);
          const checked = await recoverRecording(store, before);
          assert.equal(isComplete(checked), isSame);
          assert.equal(checked.damage === undefined, isSame);
          assert.equal(checked.elements, found.length * 10);
        }),
        { numRuns: 60 },
      );
    }));

  it('says in its index what is damaged when a file has changed', () =>
    withTemporaryFolder(async (store) => {
      const file = await aRecording(store);
      const bytes = await readFile(file);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(file, bytes);
      const [left] = await listRecordings(store);
      assert.ok(left);
      const checked = await recoverRecording(store, left);
      assert.match(checked.damage?.[0] ?? '', /at byte \d+ of elements-00001\.log: \d+ bytes are/);
      assert.deepEqual(await listRecordings(store), [checked]);
    }));

  it('is found by verification where no time or size tells of it, and is damaged from then on', () =>
    withTemporaryFolder(async (store) => {
      const file = await aRecording(store);
      await aRecording(store, 'two');
      const { atime } = await stat(file);
      const bytes = await readFile(file);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(file, bytes);
      const [one] = await listRecordings(store);
      await utimes(file, atime, (one?.segments?.[0]?.modifiedAt ?? 0) / 1000);
      const before = await storedRecordings(store);
      assert.deepEqual(before.map(isComplete), [true, true], 'nothing tells');
      const verified = await verifyRecordings(store);
      assert.deepEqual(verified.map(isComplete), [false, true]);
      assert.match(verified[0]?.damage?.[0] ?? '', /at byte \d+ of elements-00001\.log/);
      assert.deepEqual(
        (await storedRecordings(store)).map(({ damage }) => damage),
        verified.map(({ damage }) => damage),
      );
    }));

  it('has its index made again from its log when that is lost or malformed', () =>
    withTemporaryFolder(async (store) => {
      await aRecording(store);
      const [before] = await listRecordings(store);
      const index = path.join(logPath(store, 'one'), 'recording.json');
      for (const text of [undefined, '{ "formatVer', '[]', '{"formatVersion":2}']) {
        if (text === undefined) await rm(index);
        else await writeFile(index, text);
        const [restored] = await listRecordings(store);
        assert.ok(restored);
        const recovered = await recoverRecording(store, { ...restored, owner: { pid: 2 ** 30 } });
        assert.equal(recovered.endReason, 'elements limit');
        const { elements, watermark, label, coders, limits, segments } = recovered;
        assert.deepEqual(
          { elements, watermark, label, coders, limits, segments },
          {
            elements: before?.elements,
            watermark: before?.watermark,
            label: before?.label,
            coders: before?.coders,
            limits: before?.limits,
            segments: before?.segments,
          },
        );
      }
      const names = await readdir(logPath(store, 'one'));
      assert.equal(names.filter((name) => name.includes('malformed')).length, 3);
      await writeFile(path.join(logPath(store, 'one'), 'mine.txt'), 'mine');
      await deleteRecording(store, 'one');
      assert.deepEqual(await readdir(logPath(store, 'one')), ['mine.txt']);
    }));

  it('of a format that was never released says to record again', () =>
    withTemporaryFolder(async (store) => {
      const folder = logPath(store, 'old');
      await mkdir(folder, { recursive: true });
      const old = { ...newRecording('old'), formatVersion: 1, endReason: 'source finished' };
      await writeFile(path.join(folder, 'recording.json'), JSON.stringify(old));
      const [recording] = await listRecordings(store);
      assert.ok(recording && !isComplete(recording));
      assert.match(recording.message ?? '', /format 1.*record the source again/);
    }));
});

describe('a recording in the store', () => {
  it('is its owner’s alone, whatever the mask is and whoever made the folder', () =>
    withTemporaryFolder(async (store) => {
      await mkdir(path.join(store, 'recordings'));
      await chmod(path.join(store, 'recordings'), 0o777);
      const mask = process.umask(0o277);
      try {
        await aRecording(store);
      } finally {
        process.umask(mask);
      }
      const folder = logPath(store, 'one');
      assert.equal((await stat(path.join(store, 'recordings'))).mode & 0o777, 0o700);
      assert.equal((await stat(folder)).mode & 0o777, 0o700);
      for (const name of await readdir(folder)) {
        assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600, name);
      }
    }));

  it('holds a bundle once that failed and came again', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      const doFn = recordDoFn(writer, () => undefined);
      const bundle = (id: string) => ({
        id,
        emit: () => undefined,
        wireCoderUrn: () => '',
        setTimers: () => undefined,
        defer: () => undefined,
      });
      void doFn.process(bundleOf(1), bundle('first attempt'));
      await writer.flush();
      doFn.failBundle?.('first attempt');
      void doFn.process(bundleOf(1), bundle('second attempt'));
      await doFn.finishBundle('second attempt');
      await writer.end('source finished');
      assert.deepEqual(await bundlesIn(store, 'one'), [1]);
      assert.equal(writer.recording.elements, 10);
    }));

  it('is not taken for changed when it was copied', () =>
    withTemporaryFolder(async (store) => {
      const file = await aRecording(store);
      await copyFile(file, `${file}.copy`);
      await rm(file);
      await copyFile(`${file}.copy`, file);
      const [left] = await listRecordings(store);
      assert.ok(left);
      const checked = await recoverRecording(store, left);
      assert.ok(isComplete(checked));
    }));
});
