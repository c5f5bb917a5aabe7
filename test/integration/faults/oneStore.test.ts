import assert from 'node:assert/strict';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { CountResult, SessionResult } from '../../../server/src/protocol.js';
import { commandIds } from '../../../server/src/protocol.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from '../session/session.js';
import type { Window } from './recorders.js';
import { openWindow, recordByCli, startCli } from './recorders.js';
import { recordedTimes, readWitness, watched } from './witness.js';

const limit = ['--max-elements', '20'];

describe('one store, used by several processes at the same time', () => {
  it('has one job for a file that all of them record', () =>
    withTemporaryFolder(async (folder) => {
      const { file, store } = await openProject(folder, 'clicks.py');
      const windows = await Promise.all(
        [1, 2].map(() => openWindow(folder, { limits: { elements: '20' } })),
      );
      const outcomes = await Promise.all([
        ...[1, 2].map(async () => (await recordByCli(file, limit)).ended),
        ...windows.map(async (window) => {
          const { outcome } = await window.execute<SessionResult>(commandIds.recordSources, file);
          return outcome === 'done' ? 'recorded' : outcome;
        }),
      ]);
      await Promise.all(windows.map((window) => window.close()));
      const nothing = 'nothing to do';
      assert.deepEqual(outcomes.sort(), [nothing, nothing, nothing, 'recorded']);
      const recordings = await storedRecordings(store);
      assert.deepEqual(
        recordings.map(({ endReason }) => endReason),
        ['elements limit'],
      );
    }));

  it('loses nothing of what two windows and the CLI record at once', () =>
    withTemporaryFolder(async (folder) => {
      const { file, store } = await openProject(folder, 'clicks.py');
      const files = [file, path.join(folder, 'two.py'), path.join(folder, 'three.py')];
      for (const other of files.slice(1)) await cp(file, other);
      const witnesses = files.map((_, index) => path.join(folder, `witness-${index}`));
      const [first, second, third] = witnesses.map((witness) => watched(witness));
      const windows = await Promise.all(
        [first, second].map((env) => openWindow(folder, { limits: { elements: '60' } }, env)),
      );
      await Promise.all([
        ...windows.map((window, index) =>
          window.execute<SessionResult>(commandIds.recordSources, files[index]!),
        ),
        (await recordByCli(files[2]!, ['--max-elements', '60'], third)).ended,
      ]);
      await Promise.all(windows.map((window) => window.close()));
      const recordings = await storedRecordings(store);
      assert.deepEqual(recordings.map((recording) => recording.file).sort(), [...files].sort());
      for (const [index, own] of files.entries()) {
        const recording = recordings.find((one) => one.file === own);
        assert.ok(recording?.endReason === 'elements limit', own);
        const times = await recordedTimes(store, recording.id);
        assert.equal(new Set(times).size, recording.elements);
        const { acknowledged } = readWitness(witnesses[index]!);
        assert.deepEqual(
          [...acknowledged].filter((time) => !times.includes(time)),
          [],
        );
      }
    }));

  it('shows in one window what another records; however often it is cancelled, it ends once', () =>
    withTemporaryFolder(async (folder) => {
      const { file, store } = await openProject(folder, 'clicks.py');
      const [one, other] = await Promise.all([openWindow(folder), openWindow(folder)]);
      await other.open(file);
      const clicks = [1, 2].map(() => one.execute<SessionResult>(commandIds.recordSources, file));
      const settled = Promise.allSettled(clicks);
      await shows(other, file, /^Clicks: Recording/);
      const cancelled = await Promise.all([
        ...[1, 2, 3, 4].map(() => other.execute<CountResult>(commandIds.cancelRecording, file)),
        ...[1, 2].map(() => startCli(['cancel', file], folder).ended),
      ]);
      assert.deepEqual(cancelled.slice(0, 4), Array(4).fill({ count: 1 }));
      const [first, second] = await settled;
      assert.equal(first?.status === 'fulfilled' && first.value.outcome, 'cancelled');
      assert.match(String(second?.status === 'rejected' && second.reason), /is being recorded/);
      await shows(other, file, /^Clicks: (\d+ elements?|Recording failed: It was cancelled)/);
      await Promise.all([one.close(), other.close()]);
      assert.equal((await storedRecordings(store)).length, 1);
    }));
});

/** Waits until a window shows a state of the file's sources. */
async function shows(window: Window, file: string, state: RegExp): Promise<void> {
  for (const end = performance.now() + 60_000; ;) {
    const lines = await window.execute<string[]>(commandIds.showStatus, file);
    if (lines.some((line) => state.test(line))) return;
    assert.ok(performance.now() < end, lines.join());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
