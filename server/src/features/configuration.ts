import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'vscode-languageserver';
import type { LaunchParams } from '../protocol.js';
import type { LaunchOptions } from '../session/session.js';
import type { Client } from './client.js';
import type { Core } from './core.js';
import type { Settings } from './settings.js';
import { completeSettings } from './settings.js';
import { isBelow } from './workspaceFiles.js';

/** How to launch a program, without what belongs to one run of it. */
export interface Launch {
  settings: Settings;
  options: Omit<LaunchOptions, 'signal' | 'onEvent'>;
}

/** The settings as they are for a file, and what follows from them. */
export interface Configuration {
  /** @throws Error when the client cannot answer */
  settings(uri: string): Promise<Settings>;
  /** Absolute path of the folder its recordings are kept in. */
  store(uri: string): Promise<string>;
  /**
   * How to launch the program of a file: by the settings, then by what the client knows, then by what is found.
   * @param text its text in the editor; read from disk when it is not open
   * @throws Error when there is no interpreter
   */
  launch(params: LaunchParams, text: string | undefined): Promise<Launch>;
  /**
   * Settings may have changed: they are asked for again when next needed.
   * @param pushed the settings, from a client that cannot be asked
   */
  forget(pushed?: unknown): void;
}

export function createConfiguration(
  connection: Connection,
  core: Core,
  client: () => Client,
): Configuration {
  let given: unknown;
  const known = new Map<string, Promise<Settings>>();

  function settingsOf(uri: string): Promise<Settings> {
    const settings = known.get(uri);
    if (settings) return settings;
    const asked = ask(uri);
    known.set(uri, asked);
    asked.catch(() => known.delete(uri));
    return asked;
  }

  async function ask(uri: string): Promise<Settings> {
    const { canBeAskedForSettings, settings } = client();
    if (!canBeAskedForSettings) return completeSettings(given ?? settings);
    const scope = { scopeUri: uri, section: 'beamRewind' };
    return completeSettings(await connection.workspace.getConfiguration(scope));
  }

  async function storeOf(uri: string): Promise<string> {
    const { store } = await settingsOf(uri);
    return store === ''
      ? core.defaultStore(fileURLToPath(uri))
      : path.resolve(folderOf(client().folders, uri), store);
  }

  async function interpreterOf(
    file: string,
    folder: string,
    { python }: Settings,
    known: string | undefined,
  ): Promise<string> {
    if (python.interpreter) return resolveProgram(folder, python.interpreter);
    const found = known ?? (await core.findInterpreter(path.dirname(file)));
    if (found !== undefined) return found;
    throw new Error(
      'No Python interpreter was found. Set beamRewind.python.interpreter, or make a virtual environment named .venv in the folder.',
    );
  }

  return {
    settings: settingsOf,
    store: storeOf,
    async launch({ uri, interpreter }, text) {
      if (!core.canLaunch(fileURLToPath(uri)))
        throw new Error(
          'Programs in this language cannot be recorded or replayed: their sources are shown only.',
        );
      const settings = await settingsOf(uri);
      const { backend, prism, recordableSources } = settings;
      const file = fileURLToPath(uri);
      const folder = folderOf(client().folders, uri);
      const options = {
        file,
        text: text ?? (await readFile(file, 'utf8')),
        args: settings.arguments,
        ...(core.runsOnPython(file) && {
          interpreter: await interpreterOf(file, folder, settings, interpreter),
        }),
        store: await storeOf(uri),
        backend,
        ...(recordableSources.length > 0 && { recordableSources }),
        ...(prism.path && { prismPath: resolveProgram(folder, prism.path) }),
      };
      return { settings, options };
    },
    forget(pushed) {
      given = pushed ?? given;
      known.clear();
    },
  };
}

/** A bare name is looked up on the PATH by whoever runs it. */
function resolveProgram(folder: string, program: string): string {
  return /[\\/]/.test(program) ? path.resolve(folder, program) : program;
}

/** The workspace folder a file is in, else its own folder. */
function folderOf(folders: readonly string[], uri: string): string {
  const file = fileURLToPath(uri);
  const containing = folders
    .filter((folder) => isBelow(folder, file))
    .sort((a, b) => b.length - a.length);
  return containing[0] ?? path.dirname(file);
}
