import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../../server/src/beam/backends/onceInCache.js';
import { findInterpreter } from '../../../server/src/launch/interpreter.js';

const run = promisify(execFile);
const ruff = 'ruff==0.14.4';
const pyright = 'pyright@1.1.407';

/** A language server for Python that ours is compared with. */
export interface Peer {
  name: string;
  command: string;
  args: string[];
}

/** The peers, installed in the cache folder when they are first needed. */
export async function peers(): Promise<Peer[]> {
  const folder = path.join(cacheFolder(), `bench-${ruff}-${pyright}`.replace(/[^\w.-]/g, '-'));
  await onceInCache(folder, () => install(folder));
  return [
    { name: ruff, command: path.join(folder, 'venv/bin/ruff'), args: ['server'] },
    {
      name: pyright,
      command: process.execPath,
      args: [path.join(folder, 'node_modules/pyright/langserver.index.js'), '--stdio'],
    },
  ];
}

async function install(folder: string): Promise<void> {
  console.log(`Installing ${ruff} and ${pyright}, to compare with …`);
  const python = await findInterpreter(folder);
  if (!python) throw new Error('No Python interpreter to install ruff with.');
  await run(python, ['-m', 'venv', path.join(folder, 'venv')]);
  await run(path.join(folder, 'venv/bin/python'), ['-m', 'pip', 'install', '--quiet', ruff]);
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  await run('npm', ['install', '--no-audit', '--no-fund', pyright], { cwd: folder });
}
