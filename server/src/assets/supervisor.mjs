// Runs one program for the process that started this script, and ends it when that process is gone,
// however it ended: the IPC channel closes even after SIGKILL. See server/src/processes/supervise.ts,
// the other end of the channel, for the messages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const windows = process.platform === 'win32';
const [{ command, args, cwd, env, graceMs }] = await once(process, 'message');

// The output goes straight to the pipes of the process that started us. A process group of its own
// lets the program's children be ended with it.
const child = spawn(command, args, {
  cwd,
  env,
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: !windows,
  windowsHide: true,
});

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
