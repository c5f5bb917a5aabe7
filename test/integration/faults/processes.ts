import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

/** A running process, as /proc tells of it; Linux only. */
export interface RunningProcess {
  pid: number;
  command: string;
}

/** Processes that have a text in their environment: what a marked process started, whoever its parent is now. */
export function processesMarked(mark: string): RunningProcess[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && readOf(entry, 'environ').includes(mark))
    .map((pid) => ({ pid: Number(pid), command: readOf(pid, 'cmdline').replaceAll('\0', ' ') }));
}

/** Empty for a process that has ended meanwhile, or only waits to be reaped. */
function readOf(pid: string, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** Waits for a condition. @throws AssertionError after a minute */
export async function until(condition: () => boolean, what: () => string): Promise<void> {
  for (const end = performance.now() + 60_000; !condition();) {
    assert.ok(performance.now() < end, what());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
