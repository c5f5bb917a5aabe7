import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SessionResult } from '../../../server/src/protocol.js';
import { commandIds } from '../../../server/src/protocol.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { logPath } from '../../../server/src/recording/store.js';
import { pinRecordings, storedRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openWindow, startCli } from '../faults/recorders.js';
import { testPython } from '../testPython.js';
import { openProject } from './session.js';

/** The watermarks of a recording but for the last one, at the end of time, ms. */
async function watermarksOf(store: string, id: string): Promise<number[]> {
  const watermarks: number[] = [];
  for await (const { record } of readLog(logPath(store, id), () => assert.fail('damaged')))
    if (record.case === 'watermark') watermarks.push(Number(record.value.watermarkMillis));
  return watermarks;
}

describe('settings and flags, on Prism', () => {
  it('watermarkResolution is the event time between two recorded watermarks', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const { store } = project;
      const finest = async (watermarkResolutionMs: number): Promise<number> => {
        const settings = { watermarkResolutionMs };
        await project.record({ maxElements: 80 }, { force: true, settings });
        const recording = (await storedRecordings(store)).at(-1);
        const watermarks = await watermarksOf(store, recording?.id ?? '');
        assert.ok(watermarks.length > 1);
        assert.ok(watermarks.every((time) => time % watermarkResolutionMs === 0));
        return Math.min(...watermarks.slice(1).map((time, i) => time - watermarks[i]!));
      };
      assert.equal(await finest(250), 250);
      assert.equal(await finest(1000), 1000);
    }));

  it('recordTogether keeps sources in step: the same start, the same end, all anew', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_sources.py');
      const settings = {
        recordTogether: true,
        sourceLimits: [{ pattern: 'Ticks', limits: { maxElements: 5 } }],
      };
      const recorded = async () => {
        assert.equal((await project.record({}, { settings })).kind, 'recorded');
        const [ticks, tocks] = (await storedRecordings(project.store)).slice(-2);
        assert.ok(ticks && tocks && ticks.label !== tocks.label);
        assert.equal(ticks.startedAt, tocks.startedAt);
        assert.equal(ticks.endReason, 'elements limit');
        assert.equal(tocks.endReason, 'elements limit', 'no limit of its own would end it');
        return ticks.startedAt;
      };
      const first = await recorded();
      const text = await readFile(project.file, 'utf8');
      await writeFile(project.file, text.replace('fire_interval=0.1', 'fire_interval=0.08'));
      assert.notEqual(await recorded(), first);
    }));

  it('limits.store holds for all recordings: the oldest make room, but not pinned ones', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const record = (maxStoreBytes?: number) =>
        project.record(maxStoreBytes === undefined ? { maxElements: 20 } : {}, {
          force: true,
          settings: { ...(maxStoreBytes && { maxStoreBytes }) },
        });
      await record();
      await record();
      const [removed, pinned] = await storedRecordings(project.store);
      assert.ok(removed && pinned);
      await pinRecordings(project.store, pinned.id, true);
      const maxStoreBytes = pinned.bytes + 4000;
      assert.equal((await record(maxStoreBytes)).kind, 'recorded');
      const left = await storedRecordings(project.store);
      assert.deepEqual([left.length, left[0]?.id], [2, pinned.id]);
      assert.equal(left[1]?.endReason, 'store limit');
      const bytes = left.reduce((sum, recording) => sum + recording.bytes, 0);
      assert.ok(bytes >= maxStoreBytes && bytes < maxStoreBytes + 1000, `${bytes} bytes`);
    }));

  it('recordingReplay switched off: every run of the program records anew', () =>
    withTemporaryFolder(async (folder) => {
      const { file, store } = await openProject(folder, 'clicks.py');
      const limits = { elements: '20' };
      const window = await openWindow(folder, { limits, recordingReplay: false });
      const run = await window.execute<SessionResult>(commandIds.replay, file);
      assert.equal(run.outcome, 'done', run.message);
      const flags = [
        '--no-recording-replay',
        '--max-elements',
        '20',
        '--python',
        await testPython(),
      ];
      assert.equal(await startCli(['run', file, ...flags], folder).ended, 'replayed');
      const count = async () => (await storedRecordings(store)).length;
      assert.equal(await count(), 2);
      // Left on, it replays what is there.
      assert.equal(await startCli(['run', file, ...flags.slice(1)], folder).ended, 'replayed');
      assert.equal(await count(), 2);
      await window.close();
    }));

  it('replay --recording replays what is named: an earlier recording, or what there is of a failed one', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'failing_later.py');
      const failed = await project.record({}, { settings: { name: 'broken' } });
      assert.equal(failed.kind, 'failed');
      const [broken] = await storedRecordings(project.store);
      assert.ok(broken && broken.elements > 0);
      const refused = await project.replay();
      assert.ok(refused.kind === 'failed' && refused.message.includes('broken'), refused.kind);
      const named = { recordings: ['broken'] };
      assert.deepEqual(await project.replay(named), { kind: 'replayed', exitCode: 0 });
      assert.ok(
        project.events.some(
          (event) => event.kind === 'message' && /"Broken" failed: .*incomplete/.test(event.text),
        ),
      );
      const elements = (count: number) =>
        Array.from({ length: count }, (_, index) => `element ${index + 1}\n`).join('');
      assert.equal(project.takeOutput(), elements(broken.elements));

      const limit = ['--max-elements', '5', '--python', await testPython()];
      const { file } = project;
      assert.equal(
        await startCli(['record', file, '--name', 'short', ...limit], folder).ended,
        'recorded',
      );
      const short = (await storedRecordings(project.store)).find(({ name }) => name === 'short');
      const latest = ['--force', '--max-elements', '8', '--python', await testPython()];
      assert.equal(await startCli(['record', file, ...latest], folder).ended, 'recorded');
      assert.deepEqual(await project.replay({ recordings: ['short'] }), {
        kind: 'replayed',
        exitCode: 0,
      });
      assert.equal(project.takeOutput(), elements(short?.elements ?? 0));
      const shown = await startCli(['show', 'short'], folder).ended;
      assert.ok(shown, path.basename(file));
    }));
});
