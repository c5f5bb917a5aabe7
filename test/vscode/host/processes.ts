import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** An environment variable that every process below one of ours inherits, also when its parent is gone. */
export interface ProcessMark {
  name: string;
  value: string;
}

export interface MarkedProcess {
  pid: number;
  commandLine: string;
}

export function newProcessMark(): ProcessMark {
  return { name: 'BEAM_REWIND_TEST_MARK', value: randomUUID() };
}

/** The processes that carry the mark and still run, this one excluded. Linux only. */
export function markedProcesses(mark: ProcessMark): MarkedProcess[] {
  const entry = `${mark.name}=${mark.value}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readProc(pid, 'environ').split('\0').includes(entry))
    .map((pid) => ({
      pid: Number(pid),
      commandLine: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim(),
    }));
}

/** Empty for a process that ended meanwhile, is a zombie, or is another user's. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** Resolves with the processes of that mark that are still there when none is left or the time (ms) is over. */
export async function waitForEnd(mark: ProcessMark, timeoutMs: number): Promise<MarkedProcess[]> {
  const end = Date.now() + timeoutMs;
  let left = markedProcesses(mark);
  while (left.length > 0 && Date.now() < end) {
    await delay(100);
    left = markedProcesses(mark);
  }
  return left;
}

/** Ends every process of that mark, by force those that are still there after 5 s. */
export async function endProcesses(mark: ProcessMark): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const { pid } of markedProcesses(mark)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended by itself.
      }
    }
    if ((await waitForEnd(mark, 5000)).length === 0) return;
  }
}
