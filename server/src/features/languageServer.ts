import { fileURLToPath } from 'node:url';
import type { Connection, InitializeResult } from 'vscode-languageserver';
import { DidChangeConfigurationNotification, TextDocumentSyncKind } from 'vscode-languageserver';
import * as protocol from '../protocol.js';
import type { LensData, LensState } from './codeLens.js';
import { codeLenses, resolveCodeLens } from './codeLens.js';
import { createConfiguration } from './configuration.js';
import type { Core } from './core.js';
import { staleDiagnostics } from './diagnostics.js';
import { fileStateOf } from './fileState.js';
import { createLensRefresh } from './lensRefresh.js';
import { logAt } from './log.js';
import type { FileStatuses } from './pipelineFiles.js';
import { createPipelineFiles } from './pipelineFiles.js';
import { createSessions } from './sessions.js';
import { createStoreWatch } from './storeWatch.js';

/** Joins the features to a connection. Nothing runs until the client asks for it. */
export function serve(connection: Connection, core: Core): void {
  let trusted = false;
  let registersConfiguration = false;
  const configuration = createConfiguration(connection, core);
  const lenses = createLensRefresh(connection);
  const stores = createStoreWatch(core.watchStore, () => {
    files.rereadRecordings();
  });

  const files = createPipelineFiles({
    analyzerFor: core.analyzerFor,
    async readRecordings(uri) {
      const store = await configuration.store(uri);
      stores.watch(store);
      return core.recordingsOf(store, fileURLToPath(uri));
    },
    onStatuses(file) {
      const { uri, version, statuses } = file;
      void connection.sendDiagnostics({ uri, version, diagnostics: staleDiagnostics(statuses) });
      sendFileState(file);
      lenses.statusesAre(file);
    },
    onError(message) {
      connection.console.error(message);
    },
  });

  const sessions = createSessions({
    recordFile: core.recordFile,
    replayFile: core.replayFile,
    launch: (params) => configuration.launch(params, files.text(params.uri)),
    isTrusted: () => trusted,
    onChange(uri, change) {
      const file = files.latest(uri);
      if (file) sendFileState(file);
      if (change === 'progress') return;
      files.rereadRecordings(uri);
      lenses.refresh();
    },
    onOutput(output) {
      void connection.sendNotification(protocol.output, output);
    },
    onMessage(severity, text) {
      logAt(connection, severity, text);
    },
  });

  function sendFileState({ uri, statuses }: FileStatuses): void {
    const state = fileStateOf(uri, statuses, sessions.state(uri), Date.now());
    void connection.sendNotification(protocol.fileState, state);
  }

  function lensState({ uri, statuses }: FileStatuses): LensState {
    return { uri, statuses, session: sessions.state(uri)?.kind, trusted };
  }

  connection.onInitialize(({ initializationOptions, capabilities }): InitializeResult => {
    trusted = isTrusted(initializationOptions);
    registersConfiguration =
      capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    lenses.isSupported = capabilities.workspace?.codeLens?.refreshSupport === true;
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeLensProvider: { resolveProvider: true },
        workspace: { workspaceFolders: { supported: true } },
      },
      serverInfo: { name: 'Beam Rewind' },
    };
  });
  connection.onInitialized(() => {
    if (!registersConfiguration) return;
    const { type } = DidChangeConfigurationNotification;
    void connection.client.register(type, { section: 'beamRewind' });
  });
  connection.onDidChangeConfiguration(() => {
    configuration.forget();
    files.rereadRecordings();
  });
  connection.onNotification(protocol.didGrantWorkspaceTrust, () => {
    trusted = true;
    configuration.forget();
    lenses.refresh();
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    files.open(uri, languageId, version, text);
  });
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => {
    files.change(textDocument.uri, contentChanges, textDocument.version);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    files.close(uri);
    lenses.forget(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onCodeLens(async ({ textDocument }) => {
    const file = await files.settled(textDocument.uri);
    return file ? codeLenses(lensState(file)) : [];
  });
  connection.onCodeLensResolve((lens) => {
    const { uri } = lens.data as LensData;
    return resolveCodeLens(lens, lensState(files.latest(uri) ?? { uri, version: 0, statuses: [] }));
  });

  connection.onRequest(protocol.recordSources, (params) => sessions.recordSources(params));
  connection.onRequest(protocol.replay, (params) => sessions.replay(params));
  connection.onRequest(protocol.cancelRecording, async ({ uri }) => {
    if (sessions.end(uri, 'record')) return { count: 1 };
    return {
      count: await core.cancelRecording(await configuration.store(uri), fileURLToPath(uri)),
    };
  });
  connection.onRequest(protocol.stopTestStream, ({ uri }) => {
    return { count: sessions.end(uri, 'replay') ? 1 : 0 };
  });
  connection.onRequest(protocol.clearRecordings, async ({ uri, allFiles }) => {
    const store = await configuration.store(uri);
    const count = await core.clearRecordings(store, allFiles ? undefined : fileURLToPath(uri));
    files.rereadRecordings();
    return { count };
  });

  connection.onShutdown(async () => {
    await sessions.close();
    stores.close();
  });
}

function isTrusted(options: unknown): boolean {
  return (options as Partial<protocol.InitializationOptions> | undefined)?.trusted === true;
}
