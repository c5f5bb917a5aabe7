import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodeWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { isComplete } from '../../../server/src/recording/recording.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { recoverRecording } from '../../../server/src/recording/recoverRecording.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { segmentPath } from '../../../server/src/recording/segments.js';
import {
  deleteRecording,
  isOwned,
  listRecordings,
  logPath,
  rewriteIndex,
} from '../../../server/src/recording/store.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';

function newRecording(id: string): Recording {
  return {
    formatVersion: 2,
    id,
    file: '/project/rides.py',
    pipeline: 'p',
    label: 'Rides',
    uniqueName: 'Rides',
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1000, maxBytes: 1000, maxElements: 10 },
    startedAt: 1,
    elements: 0,
    bytes: 0,
    owner: { pid: process.pid },
  };
}

async function recordsOf(store: string, id: string) {
  const records = [];
  for await (const { record } of readLog(logPath(store, id), ({ what }) => assert.fail(what)))
    records.push(record);
  return records;
}

describe('recording writer', () => {
  it('writes a log and an index that agree', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      writer.addElements(
        windowedValues([
          [2000, 'b'],
          [1000, 'a'],
        ]),
      );
      writer.addWatermark(1000n);
      writer.addElements(windowedValues([[3000, 'c']]));
      await writer.end('elements limit');

      const [recording] = await listRecordings(store);
      assert.ok(recording);
      assert.equal(recording.elements, 3);
      assert.equal(recording.minTimestamp, 1000);
      assert.equal(recording.maxTimestamp, 3000);
      assert.equal(recording.watermark, 1000);
      assert.equal(recording.bytes, (await stat(segmentPath(logPath(store, 'one'), 1))).size);
      assert.ok(isComplete(recording));
      assert.ok(!isOwned(recording));
      assert.deepEqual(
        (await recordsOf(store, 'one')).map((record) => record.case),
        ['header', 'elements', 'watermark', 'elements', 'end'],
      );
    }));

  it('writes what came in one large piece as records that a reader can hold', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('large'), {}, 'coder');
      const element = Buffer.alloc(1e5);
      const values = Array.from({ length: 100 }, (_, at) => encodeWindowedElement(at, element));
      writer.addElements(Buffer.concat(values), 'bundle');
      writer.endBundle('bundle', true);
      await writer.end('source finished');
      const elements = (await recordsOf(store, 'large')).flatMap((record) =>
        record.case === 'elements' ? [record.value] : [],
      );
      assert.ok(elements.length > 2 && elements.every(({ data }) => data.length <= 4 << 20));
      assert.equal(new Set(elements.map(({ arrivalMicros }) => arrivalMicros)).size, 1);
      const counted = elements.reduce((sum, { count }) => sum + count, 0);
      assert.deepEqual([counted, writer.recording.elements], [100, 100]);
    }));

  it('takes nothing after its end, and the first reason stands', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      await writer.end('cancelled');
      writer.addElements(windowedValues([[1, 'a']]));
      await writer.end('failed', 'too late');
      const [recording] = await listRecordings(store);
      assert.ok(recording);
      assert.equal(recording.elements, 0);
      assert.equal(recording.endReason, 'cancelled');
      assert.equal(recording.message, undefined);
    }));

  it('keeps recordings readable by their owner only', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      await writer.end('cancelled');
      const folder = logPath(store, 'one');
      assert.equal((await stat(folder)).mode & 0o777, 0o700);
      for (const name of await readdir(folder)) {
        assert.equal((await stat(path.join(folder, name))).mode & 0o777, 0o600);
      }
    }));

  it('deletes its own files and leaves foreign ones', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      await writer.end('cancelled');
      const foreign = path.join(logPath(store, 'one'), 'notes.txt');
      await writeFile(foreign, 'mine');
      await deleteRecording(store, 'one');
      assert.equal(await readFile(foreign, 'utf8'), 'mine');
      assert.deepEqual(await listRecordings(store), []);
    }));

  it('lists what is readable beside an index that is not', () =>
    withTemporaryFolder(async (store) => {
      await (await openRecording(store, newRecording('one'), {}, 'coder')).end('cancelled');
      await mkdir(path.join(store, 'recordings', 'broken'));
      await writeFile(path.join(store, 'recordings', 'broken', 'recording.json'), '{ "formatVer');
      assert.deepEqual(
        (await listRecordings(store)).map(({ id }) => id),
        ['one'],
      );
    }));

  it('counts what an interrupted recording holds, to the last whole record', () =>
    withTemporaryFolder(async (store) => {
      const writer = await openRecording(store, newRecording('one'), {}, 'coder');
      writer.addElements(
        windowedValues([
          [1000, 'a'],
          [2000, 'b'],
        ]),
      );
      writer.addWatermark(1500n);
      await writer.flush();
      await appendFile(segmentPath(logPath(store, 'one'), 1), 'half a rec');
      const [left] = await listRecordings(store);
      assert.ok(left);
      assert.equal(left.elements, 0, 'the index is behind');
      const orphan = { ...left, owner: { pid: 2 ** 30 } };
      await rewriteIndex(store, orphan);
      const recovered = await recoverRecording(store, orphan);
      assert.equal(recovered.endReason, 'interrupted');
      assert.equal(recovered.elements, 2);
      assert.equal(recovered.maxTimestamp, 2000);
      assert.equal(recovered.watermark, 1500);
      assert.deepEqual(await listRecordings(store), [recovered]);
      await writer.end('cancelled');
    }));

  it('knows a recording whose process is gone', () => {
    const recording = { ...newRecording('one'), startedAt: Date.now() };
    assert.ok(isOwned(recording));
    assert.ok(!isOwned({ ...recording, startedAt: 1 }), 'started before the machine was');
    // No process has this id: Linux ends at 2^22, macOS at 99999.
    assert.ok(!isOwned({ ...recording, owner: { pid: 2 ** 30 } }));
  });
});
