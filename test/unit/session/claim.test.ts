import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { RecordingOwner } from '../../../server/src/recording/owner.js';
import { thisOwner } from '../../../server/src/recording/owner.js';
import { claimFile } from '../../../server/src/session/claim.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';

const file = '/project/clicks.py';
const hour = 3_600_000;

async function claimPathOf(store: string): Promise<string> {
  const [name = ''] = await readdir(path.join(store, 'sessions'));
  return path.join(store, 'sessions', name);
}

/** A store in which the file is claimed by somebody. */
async function claimedBy(store: string, owner: RecordingOwner): Promise<string> {
  await rm(path.join(store, 'sessions'), { recursive: true, force: true });
  const claim = await claimFile(store, file);
  const claimPath = await claimPathOf(store);
  await claim?.release();
  await writeFile(claimPath, JSON.stringify({ file, owner }));
  return claimPath;
}

/** Answers whether the file could be claimed, and gives it back. */
async function canClaim(store: string, watchMs?: number): Promise<boolean> {
  const claim = await claimFile(store, file, watchMs);
  await claim?.release();
  return claim !== undefined;
}

describe('the claim of a file', () => {
  it('is had by one at a time, and given back', () =>
    withTemporaryFolder(async (store) => {
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimFile(store, file)));
      const [claim, ...others] = claims.filter((one) => one !== undefined);
      assert.ok(claim && others.length === 0);
      const { owner } = JSON.parse(await readFile(await claimPathOf(store), 'utf8')) as {
        owner: RecordingOwner;
      };
      assert.equal(owner.pid, process.pid);
      assert.equal(await canClaim(store), false);
      assert.ok(await claimFile(store, '/project/other.py'), 'other files are free');
      await claim.release();
      assert.equal(await canClaim(store), true);
    }));

  it('of a dead process counts for nothing, nor does one whose process id is another’s now', () =>
    withTemporaryFolder(async (store) => {
      await claimedBy(store, { ...thisOwner(), pid: 2 ** 22 + 1 });
      assert.equal(await canClaim(store), true);
      await claimedBy(store, { ...thisOwner(), started: 'another boot 1' });
      assert.equal(await canClaim(store), process.platform !== 'win32');
    }));

  it('of a living process holds, however the clock was set', () =>
    withTemporaryFolder(async (store) => {
      for (const ago of [hour, -hour]) {
        await claimedBy(store, { ...thisOwner(), seenAt: Date.now() - ago });
        assert.equal(await canClaim(store), process.platform === 'win32' && ago > 0);
      }
    }));

  it('of another machine holds while that says that it is there, whatever time it tells', () =>
    withTemporaryFolder(async (store) => {
      const elsewhere = { ...thisOwner(), host: 'elsewhere', pid: 1 };
      await claimedBy(store, elsewhere);
      assert.equal(await canClaim(store), false);
      for (const ago of [hour, -hour]) {
        const owner = { ...elsewhere, seenAt: Date.now() - ago };
        const claimPath = await claimedBy(store, owner);
        let said = Promise.resolve();
        const saying = setInterval(() => {
          owner.seenAt++;
          const text = JSON.stringify({ file, owner });
          said = said.then(() => writeFileAtomic(claimPath, text, { fsync: false }));
        }, 20);
        assert.equal(await canClaim(store, 1000), false);
        clearInterval(saying);
        await said;
      }
    }));

  it('of another machine that says nothing any more counts for nothing', () =>
    withTemporaryFolder(async (store) => {
      for (const ago of [hour, -hour]) {
        const seenAt = Date.now() - ago;
        await claimedBy(store, { ...thisOwner(), host: 'elsewhere', seenAt });
        assert.equal(await canClaim(store, 50), true);
      }
    }));

  it('is given back by its owner alone', () =>
    withTemporaryFolder(async (store) => {
      const claim = await claimFile(store, file);
      const other = { ...thisOwner(), host: 'elsewhere' };
      await writeFile(await claimPathOf(store), JSON.stringify({ file, owner: other }));
      await claim?.release();
      assert.equal(await canClaim(store), false);
    }));

  it('that is malformed counts for nothing', () =>
    withTemporaryFolder(async (store) => {
      const claimPath = await claimedBy(store, thisOwner());
      await writeFile(claimPath, '{"pid": 1');
      assert.equal(await canClaim(store), true);
    }));
});
