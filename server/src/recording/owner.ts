import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, uptime } from 'node:os';

/** The process that writes a recording, or has claimed a file for one. */
export interface RecordingOwner {
  pid: number;
  /** When the process started, in the system's own form: a process id is given again. */
  started?: string;
  /** Where the process id means something: a machine, on Linux a container of it. */
  host?: string;
  /** When the owner last said that it is there, ms since the epoch by its clock. */
  seenAt?: number;
}

/** How often an owner says that it is there, ms. */
export const seenIntervalMs = 10_000;

/** An owner elsewhere, whose process cannot be looked at, is gone when it was not seen for so long, ms. */
const absentMs = 60_000;

/** This process as the owner of a recording. */
export function thisOwner(): RecordingOwner {
  const started = startOf(process.pid);
  return { pid: process.pid, ...(started && { started }), host: thisHost(), seenAt: Date.now() };
}

/** True for a recording that this very process writes, or wrote. */
export function isThisProcess(owner: RecordingOwner): boolean {
  return (
    owner.pid === process.pid && owner.host === thisHost() && owner.started === startOf(process.pid)
  );
}

/** True for an owner whose process cannot be looked at from here. */
export function isElsewhere({ host: of }: RecordingOwner): boolean {
  return of !== undefined && of !== thisHost();
}

/**
 * True while an owner lives. Of one elsewhere nothing but the time it tells is known: one that seems to come from the
 * future is none either, since then a clock was set back.
 * @param since the owner was at work, ms since the epoch
 */
export function isOwnerAlive(owner: RecordingOwner, since: number): boolean {
  if (isElsewhere(owner)) return Math.abs(Date.now() - (owner.seenAt ?? since)) < absentMs;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  // Its process id may be another's by now.
  if (owner.started !== undefined) return owner.started === startOf(owner.pid);
  return since >= Date.now() - uptime() * 1000;
}

/** When a process started; undefined where the system does not tell cheaply. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // proc(5): field 22, behind a name in parentheses that may hold anything.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      return `${boot} ${ticks}`;
    }
    if (process.platform === 'win32') return undefined;
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}

let host: string | undefined;

function thisHost(): string {
  if (host === undefined) {
    host = hostname();
    try {
      if (process.platform === 'linux') host += ` ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {
      // Then the machine's name has to do.
    }
  }
  return host;
}
