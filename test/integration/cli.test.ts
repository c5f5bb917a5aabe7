import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { withTemporaryFolder } from '../temporaryFolder.js';
import type { Ended } from './beamRewind.js';
import { beamRewind, cli, onceWhen, processesNaming } from './beamRewind.js';
import { testPython } from './testPython.js';

async function withClicks(work: (folder: string, python: string) => Promise<void>): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    await cp('test/fixtures/programs/clicks.py', path.join(folder, 'clicks.py'));
    await work(folder, await testPython());
  });
}

/** When a recording has elements. */
const whenRecording = (act: (child: ChildProcess) => void) =>
  onceWhen(/"kind":"progress","elements":[1-9]/, act);

describe('beam-rewind', () => {
  it('records, shows, replays and clears', () =>
    withClicks(async (folder, python) => {
      const record = ['record', 'clicks.py', '--python', python, '--max-elements', '20'];
      const recorded = await beamRewind(folder, record);
      assert.equal(recorded.code, 0, recorded.stderr);
      assert.match(recorded.stdout, /Clicks .*elements limit/);
      assert.equal((await beamRewind(folder, record)).code, 3);
      const shown = await beamRewind(folder, ['show', 'clicks.py', '--limit', '3']);
      assert.equal(shown.stdout.trim().split('\n').length, 3);
      const replayed = await beamRewind(folder, ['replay', 'clicks.py', '--python', python]);
      assert.equal(replayed.code, 0, replayed.stderr);
      assert.match(replayed.stdout, /^sum k\d \d+ \d+$/m);
      assert.equal((await beamRewind(folder, ['clear', 'clicks.py'])).code, 0);
      assert.equal((await beamRewind(folder, ['clear', 'clicks.py'])).code, 3);
    }));

  it('ends a recording cleanly at Ctrl-C: what was recorded stays', () =>
    withClicks(async (folder, python) => {
      const ended = await beamRewind(
        folder,
        ['record', 'clicks.py', '--json', '--python', python],
        whenRecording((child) => child.kill('SIGINT')),
      );
      assert.equal(ended.code, 130, ended.stderr);
      const status = await beamRewind(folder, ['status', 'clicks.py', '--json']);
      assert.match(status.stdout, /"state": ?"valid"/);
      assert.deepEqual(processesNaming(folder), []);
    }));

  it('cancels the recording of another process', () =>
    withClicks(async (folder, python) => {
      let cancelled: Promise<Ended> | undefined;
      const ended = await beamRewind(
        folder,
        ['record', 'clicks.py', '--json', '--python', python],
        whenRecording(() => {
          cancelled = beamRewind(folder, ['cancel', 'clicks.py']);
        }),
      );
      assert.equal((await cancelled)?.code, 0);
      assert.equal(ended.code, 130, ended.stderr);
    }));

  it('leaves nothing behind when it is killed, and the next start is usable', () =>
    withClicks(async (folder, python) => {
      await beamRewind(
        folder,
        ['record', 'clicks.py', '--json', '--python', python],
        whenRecording((child) => child.kill('SIGKILL')),
      );
      // The program and the runner end by themselves once their supervisor sees that we are gone.
      while (processesNaming(folder).length > 0) await setTimeout(50);
      const status = await beamRewind(folder, ['status', 'clicks.py', '--json']);
      assert.match(status.stdout, /"state": ?"valid"/);
      const replayed = await beamRewind(folder, ['replay', 'clicks.py', '--python', python]);
      assert.equal(replayed.code, 0, replayed.stderr);
    }));

  it('ends quietly when its reader goes away', async () => {
    const { stderr } = await new Promise<{ stderr: string }>((resolve) => {
      execFile(
        'sh',
        ['-c', `"${process.execPath}" "${cli}" --help | head -1`],
        (_error, _out, err) => {
          resolve({ stderr: err });
        },
      );
    });
    assert.equal(stderr, '');
  });
});
