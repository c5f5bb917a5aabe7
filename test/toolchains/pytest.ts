import path from 'node:path';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../../server/src/processes/runToEnd.js';

const version = '8.4.2';

/**
 * The folder with pytest in it, for `PYTHONPATH`: the environment that the tests run in has none.
 * @param python interpreter that installs it and will run it
 */
export function pytestFolder(python: string): Promise<string> {
  const folder = path.join(cacheFolder(), `pytest-${version}`);
  return onceInCache(folder, async () => {
    await runToEnd(python, ['-m', 'pip', 'install', '--target', folder, `pytest==${version}`]);
  });
}
