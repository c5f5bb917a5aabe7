// Runs one program for the process that started this script, and ends it when that process is gone,
// however it ended: the IPC channel closes even after SIGKILL. See server/src/processes/supervise.ts,
// the other end of the channel, for the messages.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const windows = process.platform === 'win32';
const [{ command, args, cwd, env, graceMs }] = await once(process, 'message');

// On Linux the kernel ends the program with this script, also when both of us are killed in the same instant.
const [program, ...programArgs] = endsWithUs() ?? [command, ...args];

// The output goes straight to the pipes of the process that started us. A process group of its own
// lets the program's children be ended with it.
const child = spawn(program, programArgs, {
  cwd,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: !windows,
  windowsHide: true,
});

/** The command line in util-linux's setpriv; undefined where there is none, or no such program to tell of. */
function endsWithUs() {
  if (process.platform !== 'linux' || !find(command, env)) return undefined;
  const setpriv = find('setpriv', process.env);
  const prefix = ['--pdeathsig', 'KILL', '--'];
  // Other makers' setpriv may not know the option.
  if (!setpriv || spawnSync(setpriv, [...prefix, setpriv, '--version']).status !== 0)
    return undefined;
  return [setpriv, ...prefix, command, ...args];
}

/** The executable file that a command means. */
function find(name, { PATH = '' }) {
  const files = name.includes('/')
    ? [resolve(cwd ?? '.', name)]
    : PATH.split(delimiter).map((folder) => join(folder, name));
  return files.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function endTree(signal) {
  if (windows) {
    // Windows has no signals: the whole tree is ended at once.
    spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing is left of the group.
  }
}

function stop(graceMs) {
  if (child.pid === undefined) return;
  endTree('SIGTERM');
  setTimeout(endTree, graceMs, 'SIGKILL').unref();
}

function report(message) {
  if (!process.connected) process.exit();
  process.send(message, () => process.exit());
}

process.on('message', (message) => stop(message.stop));
process.on('disconnect', () => stop(graceMs));
if (!process.connected) stop(graceMs);
// The terminal's Ctrl-C is the business of the process that started us.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop(graceMs));

child.once('error', ({ message, code }) => report({ failed: { message, code } }));
child.once('spawn', () => process.connected && process.send({ started: child.pid }));
child.once('exit', (code, signal) => {
  // What the program started and left behind goes with it.
  if (!windows) endTree('SIGKILL');
  report({ exited: { code, signal } });
});
