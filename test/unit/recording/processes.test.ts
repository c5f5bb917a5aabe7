import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Recording } from '../../../server/src/recording/recording.js';
import { recoverRecording } from '../../../server/src/recording/recoverRecording.js';
import { isOwned, listRecordings } from '../../../server/src/recording/store.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { bundlesIn } from './recordings.js';

const program = fileURLToPath(new URL('recordingProcess.ts', import.meta.url));

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import=tsx', program, ...args]);
}

async function outputOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let output = '';
  let errors = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  await once(child, 'close');
  assert.equal(errors, '');
  return output;
}

/** Kills a process without warning when it has acknowledged so many bundles; answers how many it had. */
async function acknowledged(child: ChildProcessWithoutNullStreams, atLeast: number) {
  let output = '';
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (output.split('\n').length > atLeast) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return output.split('\n').filter(Boolean).length;
}

describe('processes that record', () => {
  it('lose nothing acknowledged when they are killed, and record nothing twice', () =>
    withTemporaryFolder(async (store) => {
      for (const kill of [1, 30, 77]) {
        const id = `killed-${kill}`;
        const known = await acknowledged(start('record', store, id), kill);
        const left = (await listRecordings(store)).find((recording) => recording.id === id);
        assert.ok(left && !isOwned(left), 'nobody owns it any more');
        const recovered = await recoverRecording(store, left);
        assert.equal(recovered.endReason, 'interrupted');
        assert.equal(recovered.damage, undefined);
        const bundles = await bundlesIn(store, id);
        // Two parts each, in order, and at most one bundle more than was acknowledged.
        const whole = Array.from({ length: bundles.length / 2 }, (_, index) => index + 1);
        assert.deepEqual(
          bundles,
          whole.flatMap((number) => [number, number]),
        );
        assert.ok(whole.length === known || whole.length === known + 1);
        assert.equal(recovered.elements, whole.length * 10);
      }
    })).timeout(60_000);

  it('use one store at the same time without loss', () =>
    withTemporaryFolder(async (store) => {
      const outputs = await Promise.all(
        ['a', 'b'].map((id) => outputOf(start('record', store, id, '40'))),
      );
      assert.ok(outputs.every((output) => output.split('\n').length === 41));
      const recordings = await listRecordings(store);
      assert.deepEqual(
        recordings.map(({ id, elements, endReason }) => [id, elements, endReason]),
        [
          ['a', 400, 'source finished'],
          ['b', 400, 'source finished'],
        ],
      );
    })).timeout(60_000);

  it('take over what a dead one left, and agree about it', () =>
    withTemporaryFolder(async (store) => {
      await acknowledged(start('record', store, 'orphan'), 20);
      const found = await Promise.all([
        outputOf(start('recover', store)),
        outputOf(start('recover', store)),
      ]);
      const [first, second] = found.map((line) => JSON.parse(line) as Recording);
      assert.deepEqual(first, second);
      assert.equal(first?.endReason, 'interrupted');
      assert.deepEqual(await listRecordings(store), [first]);
    })).timeout(60_000);
});
