import assert from 'node:assert/strict';
import { createRecording } from '../../../server/src/recording/store.js';
import { acceptRenames, settleMoved } from '../../../server/src/session/acceptRenames.js';
import {
  deleteRecordings,
  nameRecordings,
  noteRecordings,
  pinRecordings,
  storedRecordings,
} from '../../../server/src/session/recordings.js';
import { retainRecordings } from '../../../server/src/session/retention.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { watchRoom } from '../../../server/src/session/storeRoom.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { recordingOf, sourceOf, storeRecording } from './recordings.js';

const clicks = sourceOf('Clicks');
const file = '/clicks.py';

describe('retention', () => {
  it('keeps the last recordings of a source, and pinned ones', () =>
    withTemporaryFolder(async (store) => {
      const made = [];
      for (let i = 0; i < 5; i++) made.push(await storeRecording(store, recordingOf(clicks, file)));
      const other = await storeRecording(store, recordingOf(sourceOf('Rides'), file));
      const failed = await storeRecording(store, recordingOf(clicks, file), 'failed');
      const last = await storeRecording(store, recordingOf(clicks, file));
      await pinRecordings(store, made[0]!.id, true);
      await retainRecordings(store, file, [last], [clicks], 3);
      const left = (await storedRecordings(store)).map(({ id }) => id);
      assert.deepEqual(left, [made[0]!.id, made[3]!.id, made[4]!.id, other.id, last.id]);
      assert.ok(!left.includes(failed.id));
      await retainRecordings(store, file, [last], [clicks], 1);
      assert.deepEqual(
        (await storedRecordings(store)).map(({ id }) => id),
        [made[0]!.id, other.id, last.id],
      );
    }));

  it('removes nothing for a recording that failed', () =>
    withTemporaryFolder(async (store) => {
      const good = await storeRecording(store, recordingOf(clicks, file));
      const failed = await storeRecording(store, recordingOf(clicks, file), 'failed');
      await retainRecordings(store, file, [failed], [clicks], 1);
      const left = (await storedRecordings(store)).map(({ id }) => id);
      assert.deepEqual(left, [good.id, failed.id]);
    }));

  it('makes room in a full store, oldest first, but not of what is pinned', () =>
    withTemporaryFolder(async (store) => {
      const made = [];
      for (let i = 0; i < 4; i++) made.push(await storeRecording(store, recordingOf(clicks, file)));
      const size = made[0]!.bytes;
      await pinRecordings(store, made[0]!.id, true);
      const removed: string[] = [];
      let tellRemoved: () => void = () => undefined;
      const bothRemoved = new Promise<void>((resolve) => (tellRemoved = resolve));
      const room = await watchRoom(store, size * 4, [], ({ id }) => {
        if (removed.push(id) === 2) tellRemoved();
      });
      assert.equal(room.bytes(10), size + 10, 'what is pinned has to stay');
      room.look(size + 1);
      await bothRemoved;
      assert.deepEqual(removed, [made[1]!.id, made[2]!.id]);
    }));
});

describe('recordings by name', () => {
  it('are named, noted, pinned and deleted by id, its beginning, or name', () =>
    withTemporaryFolder(async (store) => {
      const { id } = await storeRecording(store, recordingOf(clicks, file));
      await nameRecordings(store, id.slice(0, 4), 'rush hour');
      await noteRecordings(store, 'rush hour', 'with late events');
      await pinRecordings(store, 'rush hour', true);
      const [named] = await storedRecordings(store, file);
      assert.deepEqual(
        [named?.name, named?.note, named?.pinned],
        ['rush hour', 'with late events', true],
      );
      await pinRecordings(store, id, false);
      await noteRecordings(store, id, '');
      await nameRecordings(store, id, '');
      const [plain] = await storedRecordings(store, file);
      assert.ok(plain && !('name' in plain || 'note' in plain || 'pinned' in plain));
      await deleteRecordings(store, id);
      assert.deepEqual(await storedRecordings(store), []);
    }));

  it('are refused with the reason', () =>
    withTemporaryFolder(async (store) => {
      const first = await storeRecording(store, recordingOf(clicks, file));
      const second = await storeRecording(store, recordingOf(clicks, file));
      await nameRecordings(store, first.id, 'a');
      await assert.rejects(nameRecordings(store, second.id, 'a'), /is named "a" already/);
      await assert.rejects(nameRecordings(store, second.id, 'a\nb'), /is no name/);
      await assert.rejects(pinRecordings(store, 'nobody', true), /no recording "nobody"/);
      await assert.rejects(pinRecordings(store, 'r', true), /beginning of the ids of 2/);
      const owner = { pid: process.pid };
      const running = recordingOf(clicks, file, { owner, startedAt: Date.now() });
      await createRecording(store, running);
      await assert.rejects(deleteRecordings(store, running.id), /still being recorded/);
    }));
});

describe('accepted renames', () => {
  it('make the recording valid for the source that differs in its label alone', () =>
    withTemporaryFolder(async (store) => {
      const { id } = await storeRecording(store, recordingOf(clicks, file));
      const taps = sourceOf('Taps');
      assert.deepEqual(await acceptRenames(store, file, [taps]), [
        { pipeline: 'p', from: 'Clicks', to: 'Taps' },
      ]);
      const [status] = await sourceStatuses(store, file, [taps]);
      assert.deepEqual([status?.state, status?.recording?.id], ['valid', id]);
      assert.deepEqual(await acceptRenames(store, file, [taps]), []);
    }));

  it('are written down for pipelines whose variable has another name', () =>
    withTemporaryFolder(async (store) => {
      await storeRecording(store, recordingOf(clicks, file));
      await settleMoved(store, file, [sourceOf('Clicks', {}, 'pipe')]);
      const [recording] = await storedRecordings(store);
      assert.equal(recording?.pipeline, 'pipe');
    }));
});
