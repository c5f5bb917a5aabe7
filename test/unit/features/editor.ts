import { PassThrough } from 'node:stream';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type {
  ClientCapabilities,
  CodeLens,
  PublishDiagnosticsParams,
} from 'vscode-languageserver/node';
import { createConnection } from 'vscode-languageserver/node';
import type { Core } from '../../../server/src/features/core.js';
import { serve } from '../../../server/src/features/languageServer.js';
import type { Settings } from '../../../server/src/features/settings.js';
import { defaultSettings } from '../../../server/src/features/settings.js';
import type { FileStateParams, OutputParams } from '../../../server/src/protocol.js';
import { fileState, output } from '../../../server/src/protocol.js';
import { sampleAnalyzer } from './sample.js';

export const uri = 'file:///project/clicks.py';

/** A promise that a test settles when it wants to. */
export function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** An editor without a window, connected to a language server in this process. */
export interface Editor {
  connection: MessageConnection;
  settings: Settings;
  /** Everything the server published, oldest first. */
  diagnostics: PublishDiagnosticsParams[];
  states: FileStateParams[];
  outputs: OutputParams[];
  log: string[];
  lensRefreshes: number;
  /** Resolves once the condition holds, checked whenever the server sends something. */
  until(condition: () => boolean): Promise<void>;
  open(text: string): Promise<void>;
  edit(version: number, line: number, from: number, to: number, text: string): Promise<void>;
  lensTitles(): Promise<string[]>;
  close(): Promise<void>;
}

/** Core functions that a test does not expect to be called. */
function refuse(name: string) {
  return () => {
    throw new Error(`${name} is not expected`);
  };
}

/** How the editor introduces itself, where it is not VS Code with our extension in a trusted workspace. */
export interface EditorVariant {
  trusted?: boolean;
  /** Our extension is not there. */
  isPlain?: boolean;
  capabilities?: ClientCapabilities;
}

export async function startEditor(
  core: Partial<Core>,
  { trusted = true, isPlain = false, capabilities = {} }: EditorVariant = {},
): Promise<Editor> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  const server = createConnection(
    new StreamMessageReader(toServer),
    new StreamMessageWriter(toClient),
  );
  serve(server, {
    analyzerFor: () => sampleAnalyzer,
    extensions: sampleAnalyzer.extensions,
    indexThread: { find: () => Promise.resolve([]), close: () => undefined },
    canLaunch: () => true,
    runsOnPython: () => true,
    ignoreChange: refuse('ignoreChange'),
    showElements: refuse('showElements'),
    indexPath: (store, id) => `${store}/recordings/${id}/recording.json`,
    recordFile: refuse('recordFile'),
    replayFile: refuse('replayFile'),
    runFile: refuse('runFile'),
    acceptRenames: refuse('acceptRenames'),
    recordingsOf: () => Promise.resolve([]),
    cancelRecording: refuse('cancelRecording'),
    exportTest: refuse('exportTest'),
    clearRecordings: refuse('clearRecordings'),
    pinRecordings: refuse('pinRecordings'),
    nameRecordings: refuse('nameRecordings'),
    noteRecordings: refuse('noteRecordings'),
    defaultStore: () => '/nowhere/.beam-rewind',
    watchStore: () => ({ close: () => undefined }),
    findInterpreter: () => Promise.resolve('/usr/bin/python3'),
    ...core,
  });
  server.listen();
  const connection = createMessageConnection(
    new StreamMessageReader(toClient),
    new StreamMessageWriter(toServer),
  );
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const check of waiting) check();
  };

  const editor: Editor = {
    connection,
    settings: structuredClone(defaultSettings),
    diagnostics: [],
    states: [],
    outputs: [],
    log: [],
    lensRefreshes: 0,
    until(condition) {
      return new Promise((resolve) => {
        const check = () => {
          if (!condition()) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      });
    },
    open: (text) =>
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'python', version: 1, text },
      }),
    edit: (version, line, from, to, text) =>
      connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [
          { range: { start: { line, character: from }, end: { line, character: to } }, text },
        ],
      }),
    async lensTitles() {
      const lenses = await connection.sendRequest<CodeLens[]>('textDocument/codeLens', {
        textDocument: { uri },
      });
      const resolved = lenses.map((lens) =>
        connection.sendRequest<CodeLens>('codeLens/resolve', lens),
      );
      return (await Promise.all(resolved)).map(({ command }) => command?.title ?? '');
    },
    async close() {
      await connection.sendRequest('shutdown');
      connection.dispose();
      server.dispose();
    },
  };

  connection.onNotification('textDocument/publishDiagnostics', (params) => {
    editor.diagnostics.push(params as PublishDiagnosticsParams);
    wake();
  });
  connection.onNotification(fileState, (state) => {
    editor.states.push(state);
    wake();
  });
  connection.onNotification(output, (params) => {
    editor.outputs.push(params);
    wake();
  });
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    editor.log.push(message);
    wake();
  });
  connection.onRequest('workspace/configuration', () => [editor.settings]);
  connection.onRequest('workspace/codeLens/refresh', () => {
    editor.lensRefreshes += 1;
    wake();
    return null;
  });
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: [{ uri: 'file:///project', name: 'project' }],
    capabilities: {
      ...capabilities,
      workspace: {
        codeLens: { refreshSupport: true },
        configuration: true,
        ...capabilities.workspace,
      },
    },
    initializationOptions: { trusted, implementsCommands: !isPlain },
  });
  await connection.sendNotification('initialized', {});
  return editor;
}
