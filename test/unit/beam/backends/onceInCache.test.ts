import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onceInCache } from '../../../../server/src/beam/backends/onceInCache.js';

describe('onceInCache', () => {
  let cache: string;
  beforeEach(async () => {
    cache = await mkdtemp(path.join(tmpdir(), 'once-in-cache-'));
  });
  afterEach(() => rm(cache, { recursive: true }));

  it('makes a folder once, however many want it at the same time', async () => {
    const folder = path.join(cache, 'deep', 'prism');
    let made = 0;
    const make = async () => {
      made++;
      await writeFile(path.join(folder, 'prism'), 'binary');
    };
    const folders = await Promise.all([1, 2, 3].map(() => onceInCache(folder, make)));
    assert.deepEqual(folders, [folder, folder, folder]);
    assert.equal(made, 1);
    assert.deepEqual(await readdir(path.dirname(folder)), ['prism']);
  });

  it('leaves nothing of a making that failed, and tries again', async () => {
    const folder = path.join(cache, 'prism');
    await assert.rejects(
      onceInCache(folder, async () => {
        await writeFile(path.join(folder, 'half'), '');
        throw new Error('no space');
      }),
      /^Error: no space$/,
    );
    assert.deepEqual(await readdir(cache), []);
    await onceInCache(folder, () => writeFile(path.join(folder, 'whole'), ''));
    assert.deepEqual((await readdir(folder)).sort(), ['.complete', 'whole']);
  });

  it('makes afresh what was interrupted', async () => {
    const folder = path.join(cache, 'prism');
    await mkdir(folder);
    await writeFile(path.join(folder, 'half'), '');
    await onceInCache(folder, () => writeFile(path.join(folder, 'whole'), ''));
    assert.deepEqual((await readdir(folder)).sort(), ['.complete', 'whole']);
  });
});
