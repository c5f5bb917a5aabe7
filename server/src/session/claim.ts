import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { uptime } from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import { createStore, isAlive } from '../recording/store.js';

/** The right to record a file into a store, which one session has at a time, in whatever process. */
export interface Claim {
  release(): Promise<void>;
}

/** What a claim's file says; docs/recording-format.md. */
interface ClaimFile {
  file: string;
  pid: number;
  /** ms since the epoch. */
  since: number;
}

/**
 * Claims a file for a recording session. A claim of a process that is gone counts for nothing.
 * @returns undefined while another session has it
 */
export async function claimFile(store: string, file: string): Promise<Claim | undefined> {
  await createStore(store);
  const folder = path.join(store, 'sessions');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const claimPath = path.join(folder, `${createHash('sha256').update(file).digest('hex')}.json`);
  // Held for the moment of looking and claiming only; one whose holder was killed counts as given up after 5 s.
  const retries = { retries: 100, minTimeout: 20, maxTimeout: 100 };
  const unlock = await lock(folder, { stale: 5000, retries });
  try {
    if (await isClaimed(claimPath)) return undefined;
    const claim: ClaimFile = { file, pid: process.pid, since: Date.now() };
    await writeFileAtomic(claimPath, JSON.stringify(claim) + '\n', { mode: 0o600 });
  } finally {
    await unlock();
  }
  return { release: () => rm(claimPath, { force: true }) };
}

async function isClaimed(claimPath: string): Promise<boolean> {
  let claim: Partial<ClaimFile>;
  try {
    claim = JSON.parse(await readFile(claimPath, 'utf8')) as Partial<ClaimFile>;
  } catch {
    return false; // none, or not one of ours
  }
  const isOfThisBoot = Number(claim.since) >= Date.now() - uptime() * 1000;
  return isOfThisBoot && typeof claim.pid === 'number' && isAlive(claim.pid);
}
