import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const isWindows = process.platform === 'win32';

/**
 * The Python interpreter of a folder: the nearest virtual environment in it or above (`.venv`, `venv`,
 * `env`), then the active environment, then `python3` or `python` on the PATH. Undefined if there is none.
 */
export async function findInterpreter(folder: string): Promise<string | undefined> {
  const candidates: string[] = [];
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    for (const name of ['.venv', 'venv', 'env'])
      candidates.push(inEnvironment(path.join(current, name)));
    if (current === path.dirname(current)) break;
  }
  const { VIRTUAL_ENV, CONDA_PREFIX, PATH } = process.env;
  for (const environment of [VIRTUAL_ENV, CONDA_PREFIX]) {
    if (environment) candidates.push(inEnvironment(environment));
  }
  for (const name of isWindows ? ['python.exe'] : ['python3', 'python']) {
    for (const entry of (PATH ?? '').split(path.delimiter)) {
      if (entry) candidates.push(path.join(entry, name));
    }
  }
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/**
 * The version of apache-beam that an interpreter has.
 * @throws Error that says what is missing and how to install it
 */
export async function beamVersion(interpreter: string): Promise<string> {
  const program = 'import importlib.metadata as m; print(m.version("apache-beam"))';
  try {
    const { stdout } = await promisify(execFile)(interpreter, ['-c', program]);
    return stdout.trim();
  } catch (error) {
    if (
      error instanceof Error &&
      'stderr' in error &&
      String(error.stderr).includes('PackageNotFound')
    ) {
      throw new Error(
        `${interpreter} has no apache-beam. Install it there (${interpreter} -m pip install apache-beam), or choose another interpreter.`,
      );
    }
    throw new Error(`Cannot run the Python interpreter ${interpreter}: ${String(error)}`);
  }
}

function inEnvironment(folder: string): string {
  return isWindows
    ? path.join(folder, 'Scripts', 'python.exe')
    : path.join(folder, 'bin', 'python');
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
