import path from 'node:path';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../../server/src/processes/runToEnd.js';

const debugpy = 'debugpy==1.8.17';
const delve = 'github.com/go-delve/delve/cmd/dlv@v1.27.2';

/** Folder of Python's debugger: not in the interpreter of a program, as the one that an editor brings along is not. */
export async function debugpyFolder(python: string): Promise<string> {
  const folder = path.join(cacheFolder(), debugpy.replace('==', '-'));
  return onceInCache(folder, () =>
    runToEnd(python, ['-m', 'pip', 'install', '--target', folder, debugpy]),
  );
}

/** Folder of Go's debugger, the command `dlv`. */
export function delveFolder(): Promise<string> {
  const folder = path.join(cacheFolder(), `delve-${delve.replace(/.*@/, '')}`);
  return onceInCache(folder, () =>
    runToEnd('go', ['install', delve], { ...process.env, GOBIN: folder }),
  );
}
