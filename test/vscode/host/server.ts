import { execFile, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from './debian.js';
import type { VscodeServer } from './install.js';
import { endProcesses, newProcessMark, type ProcessMark } from './processes.js';

export interface ServerOptions {
  /** Settings, installed extensions, state and VS Code's own logs go here. */
  dataFolder: string;
  logFile: string;
  /** A packaged extension to install. */
  vsix?: string;
  /** Lets a page name an extension under development and a test suite; VS Code then shows no toasts. */
  smokeTest: boolean;
}

/** A running VS Code server, for one test run. */
export interface RunningServer {
  /** Carried by the server and by every process below it. */
  mark: ProcessMark;
  /** Address of a page that shows `folder`; `payload` as VS Code's web workbench takes it. */
  url(folder: string, payload?: [string, string][]): string;
  /** A file of this machine as the workbench names it. */
  remoteUri(path: string): string;
  /** Asks the server to end, as a machine that shuts down does, without waiting. */
  terminate(): void;
  /** Ends the server and whatever it started. */
  stop(): Promise<void>;
}

const userSettings = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // The web workbench saves by itself, unlike the desktop one.
  'files.autoSave': 'off',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/**
 * Starts the server on a free port of the loopback interface. It ends with this process at the latest.
 * @throws Error with the server's output when it ends, or is not ready within a minute
 */
export async function startServer(
  { node, main }: VscodeServer,
  { dataFolder, logFile, vsix, smokeTest }: ServerOptions,
): Promise<RunningServer> {
  const mark = newProcessMark();
  const env = serverEnvironment(mark);
  const folders = {
    'server-data-dir': join(dataFolder, 'server'),
    'user-data-dir': join(dataFolder, 'user'),
    'extensions-dir': join(dataFolder, 'extensions'),
  };
  await mkdir(join(folders['user-data-dir'], 'User'), { recursive: true });
  await writeFile(
    join(folders['user-data-dir'], 'User/settings.json'),
    JSON.stringify(userSettings, null, 2),
  );
  const folderArgs = Object.entries(folders).flatMap(([name, path]) => [`--${name}`, path]);
  if (vsix) {
    await promisify(execFile)(node, [main, ...folderArgs, '--install-extension', vsix], { env });
  }

  const serverArgs = [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--accept-server-license-terms', '--disable-telemetry', '--disable-experiments'],
    ...['--disable-workspace-trust', '--force-disable-user-env', ...folderArgs],
    ...(smokeTest ? ['--enable-smoke-test-driver'] : []),
  ];
  const setpriv = findProgram('setpriv');
  const command = [...(setpriv ? [setpriv, '--pdeathsig', 'KILL'] : []), node, main, ...serverArgs];
  const child = spawn(command[0]!, command.slice(1), {
    cwd: dataFolder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  let output = '';
  const port = await new Promise<string>((resolve, reject) => {
    const fail = (what: string) => {
      reject(new Error(`The VS Code server ${what}:\n${output.slice(-4000)}`));
    };
    setTimeout(fail, 60_000, 'is not ready after a minute').unref();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        log.write(text);
        const ready = /Extension host agent listening on (\d+)/.exec(output);
        if (ready?.[1]) resolve(ready[1]);
      });
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      fail(`ended (${code ?? signal ?? 'unknown'})`);
    });
    child.once('close', () => log.end());
  }).catch(async (error: unknown) => {
    await endProcesses(mark);
    throw error;
  });

  const authority = `127.0.0.1:${port}`;
  return {
    mark,
    url(folder, payload) {
      const query = new URLSearchParams({ folder });
      if (payload) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query.toString()}`;
    },
    remoteUri: (path) => `vscode-remote://${authority}${path}`,
    terminate: () => child.kill('SIGTERM'),
    stop: () => endProcesses(mark),
  };
}

/** Ours, without what a terminal of another VS Code left in it, and with no marketplace to ask. */
function serverEnvironment(mark: ProcessMark): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{}', [mark.name]: mark.value };
}
