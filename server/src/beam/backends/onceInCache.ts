import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import lockfile from 'proper-lockfile';

/**
 * A folder of the cache that is made once, whichever of several processes wants it first; the others wait. It is
 * made where it stays, as a Python environment must be. One whose making was interrupted is made afresh.
 * @param folder absolute path
 * @param make fills the folder, which exists and is empty
 * @returns the folder
 * @throws what `make` throws, and leaves no folder behind
 */
export async function onceInCache(folder: string, make: () => Promise<void>): Promise<string> {
  const stamp = path.join(folder, '.complete');
  if (await exists(stamp)) return folder;

  await mkdir(path.dirname(folder), { recursive: true });
  let lost: Error | undefined;
  const unlock = await lockfile.lock(folder, {
    realpath: false,
    // Held by a process that renews it; a process that was killed is noticed after this many milliseconds.
    stale: 15_000,
    retries: { forever: true, minTimeout: 100, maxTimeout: 1000 },
    onCompromised: (error) => {
      lost = error;
    },
  });
  try {
    if (await exists(stamp)) return folder;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    try {
      await make();
    } catch (error) {
      if (!lost) await rm(folder, { recursive: true, force: true });
      throw error;
    }
    if (lost) throw lost;
    await writeFile(stamp, '');
    return folder;
  } finally {
    if (!lost) await unlock();
  }
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
