import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Absolute path of a program on PATH, or undefined. */
export function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs Debian packages, as root on a machine that has apt-get.
 * @param purpose ends the sentence "… is needed to"
 * @throws Error that tells the person what to install where this program may not
 */
export async function installDebianPackages(
  packages: string[],
  purpose: string,
  progress: (step: string) => void,
): Promise<void> {
  const names = packages.join(' ');
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `${names} is needed to ${purpose}. Install it, for instance by \`sudo apt-get install ${names}\`.`,
    );
  }
  progress(`Installing ${names} by apt-get, to ${purpose}`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: Infinity,
  };
  const aptGet = (...args: string[]) => promisify(execFile)('apt-get', args, options);
  await aptGet('update');
  await aptGet('install', '--yes', '--no-install-recommends', ...packages);
}
