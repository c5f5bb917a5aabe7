import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheFolder } from '../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../server/src/processes/runToEnd.js';

/** Minor versions of Python 3 that the apache-beam of requirements.lock supports. */
const oldest = 10;
const newest = 14;

const lock = fileURLToPath(new URL('requirements.lock', import.meta.url));

interface Python {
  /** The interpreter itself, whatever started it. */
  executable: string;
  /** `3.11.7`. */
  version: string;
}

/**
 * A Python environment of the examples' own, with what requirements.lock pins. It is made in the cache folder on first
 * use (about a minute, 500 MB) and the same ever after.
 * @param onStep told what takes time
 * @returns absolute path of its interpreter
 * @throws Error that says what is missing and what to do
 */
export async function examplePython(onStep: (text: string) => void): Promise<string> {
  const python = await findPython();
  const key = createHash('sha256')
    .update(await readFile(lock))
    .update(python.version)
    .update(python.executable)
    .digest('hex');
  const folder = path.join(cacheFolder(), `examples-python-${key.slice(0, 16)}`);
  const interpreter =
    process.platform === 'win32'
      ? path.join(folder, 'Scripts', 'python.exe')
      : path.join(folder, 'bin', 'python');
  await onceInCache(folder, async () => {
    onStep(`Making a private environment of Python ${python.version} in ${folder}`);
    await runToEnd(python.executable, ['-m', 'venv', folder]);
    onStep('Installing apache-beam and all it needs from examples/requirements.lock');
    await runToEnd(interpreter, ['-m', 'pip', 'install', '--require-hashes', '-r', lock]);
  });
  return interpreter;
}

/** The first suitable Python: `PYTHON` if that is set, else of the PATH. */
async function findPython(): Promise<Python> {
  const chosen = process.env['PYTHON'];
  const versioned = Array.from({ length: newest - oldest + 1 }, (_, i) => `python3.${newest - i}`);
  const candidates = chosen ? [chosen] : ['python3', 'python', ...versioned];
  const unsuitable: string[] = [];
  for (const command of candidates) {
    const python = await askPython(command);
    if (!python) continue;
    const [major, minor] = python.version.split('.').map(Number);
    if (major === 3 && minor !== undefined && minor >= oldest && minor <= newest) return python;
    unsuitable.push(`${command} is ${python.version}`);
  }
  const found = unsuitable.length > 0 ? unsuitable.join(', ') : `no ${candidates[0] ?? 'python'}`;
  throw new Error(
    `The example needs Python 3.${oldest} to 3.${newest}, as apache-beam does; found: ${found}. ` +
      'Install one, or name its interpreter in the environment variable PYTHON.',
  );
}

async function askPython(command: string): Promise<Python | undefined> {
  const program =
    'import os, platform, sys; print(os.path.realpath(sys.executable)); print(platform.python_version())';
  try {
    const { stdout } = await promisify(execFile)(command, ['-c', program]);
    const [executable, version] = stdout.trim().split(/\r?\n/);
    return executable && version ? { executable, version } : undefined;
  } catch {
    return undefined;
  }
}
