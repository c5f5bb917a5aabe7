import { existsSync } from 'node:fs';
import { findProgram, installDebianPackages } from './debian.js';

/**
 * Path of the Chromium that shows VS Code: the environment variable CHROMIUM, else the one on PATH, else Debian's, which
 * is installed when this runs as root.
 * @throws Error when CHROMIUM names no file, or there is no Chromium and none can be installed
 */
export async function findChromium(progress: (step: string) => void): Promise<string> {
  const chosen = process.env['CHROMIUM'];
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`The environment variable CHROMIUM names ${chosen}, which does not exist.`);
  }
  const found = findProgram('chromium') ?? findProgram('google-chrome');
  if (found) return found;
  // Without its recommended packages Chromium may come without a single font.
  await installDebianPackages(
    ['chromium', 'fonts-dejavu-core', 'fonts-liberation'],
    'show VS Code in the tests (or set CHROMIUM)',
    progress,
  );
  return '/usr/bin/chromium';
}
