import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StoreWatch } from '../../../server/src/features/storeWatch.js';
import { createStoreWatch } from '../../../server/src/features/storeWatch.js';
import { deferred } from './editor.js';

describe('createStoreWatch', () => {
  let folder: string;
  let stores: StoreWatch | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-'));
  });
  afterEach(async () => {
    stores?.close();
    await rm(folder, { recursive: true });
  });

  it('watches a store once, and no longer than it is open', () => {
    const watched: string[] = [];
    stores = createStoreWatch(
      (store) => {
        watched.push(store);
        return { close: () => watched.push('closed') };
      },
      () => undefined,
    );
    stores.watch(folder);
    stores.watch(folder);
    stores.close();
    assert.deepEqual(watched, [folder, 'closed']);
  });

  it('creates no store, and watches it from the moment another process creates it', async () => {
    const store = path.join(folder, 'project', '.beam-rewind');
    const watched = deferred<string>();
    const changed = deferred<undefined>();
    stores = createStoreWatch(
      (found) => {
        watched.resolve(found);
        return { close: () => undefined };
      },
      () => {
        changed.resolve(undefined);
      },
    );
    stores.watch(store);
    assert.equal(existsSync(path.dirname(store)), false);
    await mkdir(store, { recursive: true });
    assert.equal(await watched.promise, store);
    await changed.promise;
  });
});
