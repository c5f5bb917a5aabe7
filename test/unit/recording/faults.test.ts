import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { processingClock } from '../../../server/src/recording/processingTime.js';
import { isComplete } from '../../../server/src/recording/recording.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import { listRecordings, logPath } from '../../../server/src/recording/store.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';
import { bundlesIn, newRecording } from './recordings.js';

const run = promisify(execFile);
const mayMount = process.platform === 'linux' && process.getuid?.() === 0;

/** Runs a test on a file system of its own; skipped where only root could make one. */
function onDisk(options: string, test: (disk: string) => Promise<void>) {
  return async function (this: Mocha.Context) {
    if (!mayMount) {
      console.log('      skipped: only root on Linux can mount a file system');
      this.skip();
    }
    await withTemporaryFolder(async (folder) => {
      const disk = path.join(folder, 'disk');
      await mkdir(disk);
      await run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
      try {
        await test(disk);
      } finally {
        await run('umount', [disk]);
      }
    });
  };
}

describe('a recording whose disk fails', () => {
  it(
    'ends when the disk is full, and what was acknowledged is whole and usable',
    onDisk('size=512k', async (store) => {
      const failures: string[] = [];
      const onFailure = ({ message }: Error): unknown => failures.push(message);
      const writer = await openRecording(store, newRecording('one'), {}, 'c', { onFailure });
      let acknowledged = 0;
      await assert.rejects(async () => {
        for (let number = 1; ; number++) {
          const elements = Array.from({ length: 1000 }, (): [number, string] => [
            number,
            randomBytes(50).toString('hex'),
          ]);
          writer.addElements(windowedValues(elements), String(number));
          writer.endBundle(String(number), true);
          await writer.flush();
          acknowledged = number;
        }
      }, /the disk is full/);
      assert.ok(acknowledged > 2);
      assert.equal(failures.length, 1);
      await writer.end('failed', 'too late: the disk decided');
      const [recording] = await listRecordings(store);
      assert.equal(recording?.endReason, 'write failure');
      assert.match(recording.message ?? '', /cannot be written in .*: the disk is full/);
      assert.equal(recording.elements, acknowledged * 1000);
      assert.ok(!isComplete(recording) && !recording.damage);
      assert.equal((await bundlesIn(store, 'one')).length, acknowledged);
    }),
  );

  it(
    'is not begun in a store that is read-only, and says so',
    onDisk('size=512k,ro', async (store) => {
      await assert.rejects(
        openRecording(path.join(store, 'store'), newRecording('one'), {}, 'c'),
        /A recording cannot be made in .*: the file system is read-only/,
      );
    }),
  );

  it('ends when its folder is removed, also while nothing arrives', () =>
    withTemporaryFolder(async (store) => {
      const failed = new Promise<Error>((onFailure) => {
        void openRecording(store, newRecording('one'), {}, 'c', { onFailure }).then(() =>
          rm(logPath(store, 'one'), { recursive: true }),
        );
      });
      assert.match((await failed).message, /was deleted while it was written/);
    }));

  it('has times of arrival that rise, whatever the clock does', () => {
    let passed = 0;
    const clock = processingClock(5000, () => passed);
    const times: bigint[] = [];
    for (const moment of [0, 0, 1, 0.5, 10]) {
      passed = moment;
      times.push(clock.nowMicros());
    }
    assert.deepEqual(times, [5_000_000n, 5_000_001n, 5_001_000n, 5_001_001n, 5_010_000n]);
  });
});
