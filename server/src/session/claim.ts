import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import writeFileAtomic from 'write-file-atomic';
import type { RecordingOwner } from '../recording/owner.js';
import {
  isElsewhere,
  isOwnerAlive,
  isThisProcess,
  seenIntervalMs,
  thisOwner,
} from '../recording/owner.js';
import { createStore } from '../recording/store.js';

/** The right to record a file into a store, which one session has at a time, in whatever process. */
export interface Claim {
  release(): Promise<void>;
}

/** What a claim's file says; docs/recording-format.md. */
interface ClaimFile {
  file: string;
  owner: RecordingOwner;
}

/**
 * Claims a file for a recording session. A claim of a process that is gone counts for nothing.
 * @param watchMs how long a process of another machine must be silent until it is held to be gone, ms: clocks differ, and
 * are set, so that the time it told last is no proof
 * @returns undefined while another session has it
 */
export async function claimFile(
  store: string,
  file: string,
  watchMs = 2 * seenIntervalMs,
): Promise<Claim | undefined> {
  await createStore(store);
  const folder = path.join(store, 'sessions');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const claimPath = path.join(folder, `${createHash('sha256').update(file).digest('hex')}.json`);
  const claim: ClaimFile = { file, owner: thisOwner() };
  const first = await claimUnlessHeld(folder, claimPath, claim);
  if (first === 'held') return undefined;
  if (first !== 'claimed') {
    await setTimeout(watchMs);
    const second = await claimUnlessHeld(folder, claimPath, claim, first);
    if (second !== 'claimed') return undefined;
  }
  return heldClaim(claimPath, claim);
}

/**
 * @param silent what was read before of an owner elsewhere that seems to be gone: it is, if that is still so
 * @returns the claim of such an owner, when it is seen for the first time
 */
async function claimUnlessHeld(
  folder: string,
  claimPath: string,
  claim: ClaimFile,
  silent?: string,
): Promise<string> {
  // Held for the moment of looking and claiming only; one whose holder was killed counts as given up after 5 s.
  const unlock = await lock(folder, {
    stale: 5000,
    retries: { retries: 100, minTimeout: 20, maxTimeout: 100 },
    onCompromised: () => undefined,
  });
  try {
    const text = await readFile(claimPath, 'utf8').catch(() => '');
    const owner = ownerOf(text);
    if (owner && isOwnerAlive(owner, owner.seenAt ?? 0)) return 'held';
    if (owner && isElsewhere(owner) && text !== silent) return silent === undefined ? text : 'held';
    await write(claimPath, claim);
    return 'claimed';
  } finally {
    await unlock().catch(() => undefined);
  }
}

/** While it is held, its owner says now and then that it is there. */
function heldClaim(claimPath: string, claim: ClaimFile): Claim {
  let writing: Promise<void> | undefined;
  /** False if a machine was asleep so long that another took it. */
  const isOurs = async (): Promise<boolean> => {
    const owner = ownerOf(await readFile(claimPath, 'utf8').catch(() => ''));
    return owner !== undefined && isThisProcess(owner);
  };
  const renew = async (): Promise<void> => {
    if (!(await isOurs())) return;
    claim.owner.seenAt = Date.now();
    await write(claimPath, claim);
  };
  const timer = setInterval(() => {
    // A store that cannot be written now can be, the next time.
    writing = renew().catch(() => undefined);
  }, seenIntervalMs);
  timer.unref();
  return {
    async release() {
      clearInterval(timer);
      await writing;
      if (await isOurs()) await rm(claimPath, { force: true });
    },
  };
}

async function write(claimPath: string, claim: ClaimFile): Promise<void> {
  await writeFileAtomic(claimPath, JSON.stringify(claim) + '\n', { mode: 0o600 });
}

/** Undefined for no claim, or one that is none of ours. */
function ownerOf(text: string): RecordingOwner | undefined {
  try {
    const { owner } = JSON.parse(text) as Partial<ClaimFile>;
    return typeof owner?.pid === 'number' ? owner : undefined;
  } catch {
    return undefined;
  }
}
