import path from 'node:path';
import type { DebugConfiguration, Uri } from 'vscode';
import { debug, extensions, Uri as Uris, workspace } from 'vscode';
import type { Debuggee, DebuggeeParams } from '../../server/src/protocol.js';
import { launchedLanguages } from '../../server/src/protocol.js';

/** A debugger of VS Code's, by the type that its extension contributes, and the extension that most people have. */
interface DebuggerExtension {
  type: string;
  extension: string;
}

const debuggers: Record<Debuggee['type'], DebuggerExtension> = {
  debugpy: { type: 'debugpy', extension: 'Python Debugger (ms-python.debugpy)' },
  dlv: { type: 'go', extension: 'Go (golang.go)' },
  jdwp: { type: 'java', extension: 'Debugger for Java (vscjava.vscode-java-debug)' },
};

const byLanguage: Record<(typeof launchedLanguages)[number], Debuggee['type']> = {
  python: 'debugpy',
  yaml: 'debugpy',
  java: 'jdwp',
  go: 'dlv',
};

/** @throws Error that says which extension to install, before a program is started that nobody could attach to */
export async function checkDebugger(file: Uri): Promise<void> {
  const language = await languageOf(file);
  const { type, extension } = debuggers[byLanguage[language]];
  const isThere = extensions.all.some(({ packageJSON }) => contributes(packageJSON, type));
  if (!isThere)
    throw new Error(
      `VS Code has no debugger for this program. Install the extension ${extension}.`,
    );
}

/** Attaches the debugger of its language to a program that waits for it. @throws Error when VS Code cannot */
export async function attachDebugger({ uri, type, host, port }: DebuggeeParams): Promise<void> {
  const file = Uris.parse(uri, true);
  const name = `Beam Rewind: ${path.basename(file.fsPath)}`;
  const configuration: DebugConfiguration = {
    type: debuggers[type].type,
    request: 'attach',
    name,
    ...addressFor(type, host, port),
  };
  if (!(await debug.startDebugging(workspace.getWorkspaceFolder(file), configuration)))
    throw new Error(`The debugger could not be attached to ${host}:${port}.`);
}

/** Folder of the debugpy that the Python extension brings along, where the user's interpreter may have none. */
export async function bundledDebugpy(): Promise<string | undefined> {
  const python = extensions.getExtension<{
    debug?: { getDebuggerPackagePath?: () => Promise<string | undefined> };
  }>('ms-python.python');
  const packagePath = await (await python?.activate())?.debug?.getDebuggerPackagePath?.();
  return packagePath === undefined ? undefined : path.dirname(packagePath);
}

function addressFor(type: Debuggee['type'], host: string, port: number): object {
  switch (type) {
    case 'debugpy':
      return { connect: { host, port }, justMyCode: true };
    case 'dlv':
      return { mode: 'remote', host, port };
    case 'jdwp':
      return { hostName: host, port };
  }
}

async function languageOf(file: Uri): Promise<(typeof launchedLanguages)[number]> {
  if (file.path.endsWith('.ipynb')) return 'python';
  const { languageId } = await workspace.openTextDocument(file);
  const known = launchedLanguages.find((language) => language === languageId);
  if (known === undefined) throw new Error(`Programs in ${languageId} cannot be debugged.`);
  return known;
}

function contributes(manifest: unknown, type: string): boolean {
  const { contributes: contributed } = manifest as {
    contributes?: { debuggers?: { type?: string }[] };
  };
  return (contributed?.debuggers ?? []).some((one) => one.type === type);
}
