import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plainEnv } from './faults/recorders.js';

/** The bundle. */
export const cli = path.resolve('dist/cli.js');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the bundled CLI in a folder. `onOutput` sees all it has printed so far. */
export async function beamRewind(
  folder: string,
  args: string[],
  onOutput: (output: string, child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: plainEnv });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
    onOutput(stdout + stderr, child);
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
    onOutput(stdout + stderr, child);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Does something with the CLI, once, when it has printed that: a second signal would end it before it has cleared up. */
export function onceWhen(printed: RegExp, act: (child: ChildProcess) => void) {
  let acted = false;
  return (output: string, child: ChildProcess): void => {
    if (acted || !printed.test(output)) return;
    acted = true;
    act(child);
  };
}

/** Command lines of running processes that name a text. */
export function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(text) ? [line] : [];
      } catch {
        return []; // it has ended meanwhile
      }
    });
}
