import { fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { assetPath } from '../assets.js';

export interface SuperviseOptions {
  /** Working folder; ours when absent. */
  cwd?: string;
  /** The whole environment; ours when absent. */
  env?: NodeJS.ProcessEnv;
  /** Milliseconds between SIGTERM and SIGKILL when our process ends while the program runs; default 2000. */
  graceMs?: number;
  /** The program's output, unchanged, as it comes. */
  onOutput(stream: 'stdout' | 'stderr', data: Uint8Array): void;
}

/** How a program ended: `code` is null when a signal ended it. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A running program that cannot outlive us. */
export interface SupervisedProcess {
  pid: number;
  /** Resolves, never rejects, when the program has ended and all of its output was delivered. */
  exit: Promise<ProcessExit>;
  /**
   * SIGTERM to the program and its children, SIGKILL after `graceMs` milliseconds (default 5000). On Windows
   * they are ended at once. Resolves when they are gone, at once when they already are.
   */
  stop(options?: { graceMs?: number }): Promise<ProcessExit>;
}

/** What supervisor.mjs tells us. */
type Report =
  { started: number } | { failed: { message: string; code?: string } } | { exited: ProcessExit };

/**
 * Starts a program that ends when our process does, also when that is killed with SIGKILL: a small script between
 * us and the program holds the other end of a channel and ends the program when the channel closes. The program's
 * standard input is empty. Whatever it started in its process group is ended with it.
 * @throws Error when the program cannot be started
 */
export async function superviseProcess(
  command: string,
  args: string[],
  options: SuperviseOptions,
): Promise<SupervisedProcess> {
  const supervisor = fork(assetPath('supervisor.mjs'), [], {
    // Inside VS Code, process.execPath is Electron. Node options of ours (a debugger, a loader) are not the script's.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // A session of its own: a Ctrl-C at the terminal reaches us, and we decide what it means.
    detached: true,
  });
  supervisor.stdout?.on('data', (data: Buffer) => {
    options.onOutput('stdout', data);
  });
  supervisor.stderr?.on('data', (data: Buffer) => {
    options.onOutput('stderr', data);
  });

  let pid: number | undefined;
  let exit: ProcessExit | undefined;
  const closed = new Promise((resolve) => supervisor.once('close', resolve));
  // The channel closes after its last message, whatever the script ended of.
  const disconnected = new Promise((resolve) => supervisor.once('disconnect', resolve));
  const started = new Promise<number>((resolve, reject) => {
    supervisor.on('message', (report: Report) => {
      if ('started' in report) resolve((pid = report.started));
      else if ('exited' in report) exit = report.exited;
      else reject(new Error(startFailure(command, options.cwd, report.failed)));
    });
    supervisor.on('error', reject);
    supervisor.once('disconnect', () => {
      reject(new Error(`Cannot start ${command}: the script that supervises it ended.`));
    });
  });
  const ended = disconnected.then(async () => {
    if (!exit && pid !== undefined) killOrphan(pid);
    // A process that left the program's group may hold its output open for ever.
    await Promise.race([closed, delay(1000, undefined, { ref: false })]);
    supervisor.stdout?.destroy();
    supervisor.stderr?.destroy();
    return exit ?? { code: null, signal: 'SIGKILL' as const };
  });

  supervisor.send({
    command,
    args,
    cwd: options.cwd,
    env: options.env ?? process.env,
    graceMs: options.graceMs ?? 2000,
  });
  return {
    pid: await started,
    exit: ended,
    stop: async ({ graceMs = 5000 } = {}) => {
      if (supervisor.connected) supervisor.send({ stop: graceMs });
      return ended;
    },
  };
}

/** For the case that somebody killed the supervising script. */
function killOrphan(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

function startFailure(
  command: string,
  cwd: string | undefined,
  { message, code }: { message: string; code?: string },
): string {
  if (code !== 'ENOENT') return `Cannot start ${command}: ${message}.`;
  const where = cwd === undefined ? '' : `, or there is no folder ${cwd}`;
  return `Cannot start ${command}: there is no such program${where}.`;
}
