import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { commandIds, type SessionResult } from '../../../server/src/protocol.js';
import { startServer } from '../../bench/languageServer/lspClient.js';
import { testPython } from '../testPython.js';

/** A process that records a file until it is told to end, or cannot go on. */
export interface Recorder {
  pid: number;
  /** How the recording ended, as the process says; undefined if it was killed. */
  ended: Promise<string | undefined>;
  /** Ends the process; resolves when it is gone. */
  close(): Promise<void>;
}

/** Not the test runner's own loader: it is not found from elsewhere. */
export const plainEnv: NodeJS.ProcessEnv = { ...process.env, NODE_OPTIONS: '' };

/** Runs a verb of the bundled CLI. `ended`: the outcome, or what else its last line of JSON says. */
export function startCli(
  args: string[],
  folder: string,
  env: NodeJS.ProcessEnv = plainEnv,
): Recorder {
  const child = spawn(process.execPath, [path.resolve('dist/cli.js'), ...args, '--json'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  const exit = once(child, 'close');
  assert.ok(child.pid !== undefined);
  return {
    pid: child.pid,
    ended: exit.then(() => {
      if (child.signalCode) return undefined;
      const last = output.trim().split('\n').at(-1) ?? '';
      const said = /^\{.*\}$/.test(last) ? (JSON.parse(last) as { outcome?: string }) : {};
      return said.outcome ?? last;
    }),
    async close() {
      child.kill('SIGINT');
      await exit;
    },
  };
}

/** Runs `record FILE`. */
export async function recordByCli(
  file: string,
  flags: string[] = [],
  env: NodeJS.ProcessEnv = plainEnv,
): Promise<Recorder> {
  const args = ['record', file, '--python', await testPython(), ...flags];
  return startCli(args, path.dirname(file), env);
}

/** A language server in a process of its own, as another editor than VS Code runs it. */
export interface Window extends Omit<Recorder, 'ended'> {
  open(file: string): Promise<void>;
  execute<R>(command: string, file: string): Promise<R>;
  exited: Promise<unknown>;
}

export async function openWindow(
  folder: string,
  settings: Record<string, unknown> = {},
  env: NodeJS.ProcessEnv = plainEnv,
): Promise<Window> {
  const all = { python: { interpreter: await testPython() }, ...settings };
  const options = { initialization: { trusted: true }, env, settings: () => all };
  const args = [path.resolve('dist/server.js'), '--stdio'];
  const client = await startServer(process.execPath, args, folder, options);
  return {
    pid: client.pid,
    exited: client.exited,
    open: async (file) =>
      client.open(pathToFileURL(file).href, 'python', await readFile(file, 'utf8')),
    execute: (command, file) =>
      client.connection.sendRequest('workspace/executeCommand', {
        command,
        arguments: [pathToFileURL(file).href],
      }),
    close: () => client.close(),
  };
}

/** Records a file, again if need be, by a language server's command. */
export async function recordByLanguageServer(
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<Recorder> {
  const window = await openWindow(path.dirname(file), {}, env);
  const recording = window.execute<SessionResult>(commandIds.recordSourcesAgain, file);
  return {
    pid: window.pid,
    // What a killed server was asked is never answered.
    ended: Promise.race([
      recording.then(({ outcome }) => outcome),
      window.exited.then(() => undefined),
    ]),
    close: () => window.close(),
  };
}
