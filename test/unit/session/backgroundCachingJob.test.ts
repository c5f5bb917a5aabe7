import assert from 'node:assert/strict';
import type { Recording } from '../../../server/src/recording/recording.js';
import { createRecording } from '../../../server/src/recording/store.js';
import {
  hasSourceToCache,
  isBackgroundCachingJobNeeded,
  isCacheComplete,
  isSourceToCacheChanged,
} from '../../../server/src/session/backgroundCachingJob.js';
import { claimFile } from '../../../server/src/session/claim.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { recordingOf, sourceOf, storeRecording } from './recordings.js';

const file = '/clicks.py';
const clicks = sourceOf('Clicks');
const rides = sourceOf('Rides');
const running: Partial<Recording> = { owner: { pid: process.pid }, startedAt: Date.now() };

describe('a background caching job', () => {
  it('is needed for sources without a valid recording, unless one runs', () =>
    withTemporaryFolder(async (store) => {
      const needed = (sources = [clicks, rides], options = {}) =>
        isBackgroundCachingJobNeeded({ store, file, sources }, options);
      assert.equal(await needed([]), false);
      assert.equal(await needed([{ ...clicks, bounded: true }]), false);
      assert.equal(await needed(), true);
      await storeRecording(store, recordingOf(clicks, file));
      assert.equal(await needed(), true);
      await storeRecording(store, recordingOf(rides, file));
      assert.equal(await needed(), false);
      assert.equal(await needed([clicks, sourceOf('Rides', { rate: '2' })]), true);
      assert.equal(await needed(undefined, { enableRecordingReplay: false }), true);
      await createRecording(store, recordingOf(rides, file, running));
      assert.equal(await needed(undefined, { enableRecordingReplay: false }), false);
    }));

  it('is needed for one pipeline of a file whatever the others have', () =>
    withTemporaryFolder(async (store) => {
      const sources = [clicks, sourceOf('Clicks', {}, 'q')];
      await storeRecording(store, recordingOf(clicks, file));
      const needed = (pipeline: string) =>
        isBackgroundCachingJobNeeded({ store, file, sources, pipeline });
      assert.equal(await needed('p'), false);
      assert.equal(await needed('q'), true);
      assert.equal(hasSourceToCache({ store, file, sources, pipeline: 'r' }), false);
    }));

  it('leaves a complete cache, unless it was cancelled or failed', () =>
    withTemporaryFolder(async (store) => {
      const complete = () => isCacheComplete({ store, file });
      assert.equal(await complete(), false);
      await storeRecording(store, recordingOf(clicks, file), 'source finished');
      assert.equal(await complete(), true);
      await storeRecording(store, recordingOf(rides, file), 'cancelled');
      assert.equal(await complete(), false);
      await storeRecording(store, recordingOf(rides, file), 'elements limit');
      assert.equal(await complete(), true);
      await createRecording(store, recordingOf(clicks, file, running));
      assert.equal(await complete(), false);
    }));
});

describe('isSourceToCacheChanged', () => {
  it('notices additions, deletions and mutations, once each', () =>
    withTemporaryFolder(async (store) => {
      const changed = (...sources: (typeof clicks)[]) =>
        isSourceToCacheChanged({ store, file, sources });
      assert.equal(await changed(clicks), true);
      assert.equal(await changed(clicks), false);
      assert.equal(await changed(clicks, rides), true);
      assert.equal(await changed(rides, clicks), false);
      assert.equal(await changed(rides), true);
      assert.equal(await changed(sourceOf('Rides', { rate: '2' })), true);
      assert.equal(await changed(), true);
      assert.equal(await changed(), false);
    }));

  it('looks without a trace when it is told to', () =>
    withTemporaryFolder(async (store) => {
      const userPipeline = { store, file, sources: [clicks] };
      const look = { updateCachedSourceSignature: false };
      assert.equal(await isSourceToCacheChanged(userPipeline, look), true);
      assert.equal(await isSourceToCacheChanged(userPipeline, look), true);
    }));

  it('compares with the recordings of an earlier process at first', () =>
    withTemporaryFolder(async (store) => {
      await storeRecording(store, recordingOf(clicks, file));
      assert.equal(await isSourceToCacheChanged({ store, file, sources: [clicks] }), false);
    }));
});

describe('claimFile', () => {
  it('gives a file to one session at a time', () =>
    withTemporaryFolder(async (store) => {
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimFile(store, file)));
      const [claim, ...others] = claims.filter((one) => one !== undefined);
      assert.ok(claim);
      assert.deepEqual(others, []);
      assert.ok(await claimFile(store, '/other.py'));
      await claim.release();
      assert.ok(await claimFile(store, file));
    }));
});
