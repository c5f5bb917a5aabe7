import { execFile } from 'node:child_process';
import { access, chmod, constants, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { prismRelease, releaseName } from './release.js';
import { isZip } from './unzip.js';

/** Where to look for a Prism that is already on this machine. */
export interface PrismSearch {
  /** Version of the SDK, e.g. `2.77.0`. */
  sdkVersion: string;
  /** The setting. */
  prismPath?: string;
  /** The value of `PATH`. */
  searchPath: string;
  /** The user's home folder, which holds Beam's own cache. */
  home: string;
}

export interface LocatedPrism {
  path: string;
  /** For people: `on the PATH`. */
  origin: string;
}

/**
 * A Prism that is already there: of the setting, on the PATH, or in the cache folder of the Beam SDKs.
 * @throws Error when the setting names something that is no program
 */
export async function locatePrism(search: PrismSearch): Promise<LocatedPrism | undefined> {
  if (search.prismPath !== undefined) {
    if (!(await isProgram(search.prismPath))) {
      throw new Error(
        `There is no program at ${search.prismPath}. ` +
          'Correct the path (setting beamRewind.prism.path, option --prism), or leave it out to have Prism obtained.',
      );
    }
    return { path: search.prismPath, origin: 'of the setting' };
  }

  const name = process.platform === 'win32' ? 'prism.exe' : 'prism';
  for (const folder of search.searchPath.split(path.delimiter)) {
    const candidate = path.join(folder, name);
    if (path.isAbsolute(folder) && (await isProgram(candidate)) && (await isBeamPrism(candidate))) {
      return { path: candidate, origin: 'on the PATH' };
    }
  }

  for (const candidate of beamCacheFiles(search)) {
    if ((await kindOf(candidate)) !== 'binary') continue;
    // Beam stores it without the right to execute it, and grants that when it starts it.
    if (!(await isProgram(candidate))) await chmod(candidate, 0o755);
    return { path: candidate, origin: "in Beam's cache" };
  }
  return undefined;
}

/** The release's archive in the cache folder of the Beam SDKs, which download but need not have unpacked it. */
export async function locateArchive(search: PrismSearch): Promise<string | undefined> {
  for (const candidate of beamCacheFiles(search)) {
    if ((await kindOf(candidate)) === 'archive') return candidate;
  }
  return undefined;
}

/** The names under which Beam caches a release; a file called `.zip` may be a plain binary. */
function beamCacheFiles({ sdkVersion, home }: PrismSearch): string[] {
  const name = releaseName(prismRelease(sdkVersion));
  const folder = path.join(home, '.apache_beam', 'cache', 'prism', 'bin');
  return [path.join(folder, name), path.join(folder, `${name}.zip`)];
}

async function kindOf(file: string): Promise<'binary' | 'archive' | undefined> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    if (bytesRead < 4) return undefined;
    return isZip(buffer) ? 'archive' : 'binary';
  } catch {
    return undefined;
  }
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** Several programs are called prism; Beam's knows about jobs. */
async function isBeamPrism(program: string): Promise<boolean> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, ['--help'], { timeout: 10_000 });
    return (stdout + stderr).includes('-job_port');
  } catch {
    return false;
  }
}
