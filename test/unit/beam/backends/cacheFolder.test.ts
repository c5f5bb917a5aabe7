import assert from 'node:assert/strict';
import { cacheFolder } from '../../../../server/src/beam/backends/cacheFolder.js';

describe('cacheFolder', () => {
  const home = '/home/ada';

  it('is the one asked for', () => {
    assert.equal(cacheFolder({ BEAM_REWIND_CACHE: '/big/cache' }, 'darwin', home), '/big/cache');
  });

  it('is where the system keeps caches', () => {
    assert.equal(cacheFolder({}, 'linux', home), '/home/ada/.cache/beam-rewind');
    assert.equal(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, 'linux', home), '/xdg/beam-rewind');
    assert.equal(
      cacheFolder({ XDG_CACHE_HOME: 'xdg' }, 'linux', home),
      '/home/ada/.cache/beam-rewind',
    );
    assert.equal(cacheFolder({}, 'darwin', home), '/home/ada/Library/Caches/beam-rewind');
    assert.equal(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32', home), '/local/beam-rewind');
  });
});
