import type { Connection, InitializeResult, WorkDoneProgressReporter } from 'vscode-languageserver';
import { DidChangeConfigurationNotification, TextDocumentSyncKind } from 'vscode-languageserver';
import { fileURLToPath } from 'node:url';
import * as protocol from '../protocol.js';
import { changedDefinitions } from './changedDefinitions.js';
import type { Client } from './client.js';
import { clientOf, noClient, pathOf, pathsOf } from './client.js';
import { completionTriggers } from './completion.js';
import { createConfiguration } from './configuration.js';
import type { Core } from './core.js';
import { staleDiagnostics } from './diagnostics.js';
import { executableCommands, executeCommand } from './executeCommand.js';
import { createFileStates } from './fileState.js';
import { createFileWatch } from './fileWatch.js';
import { createLensRefresh } from './lensRefresh.js';
import { logAt } from './log.js';
import { notebookDocumentSync, serveNotebooks } from './notebooks.js';
import { createPipelineFiles, type PipelineDocument } from './pipelineFiles.js';
import { decodePosition, encodeAnswer } from './positionEncoding.js';
import { problemDiagnostics } from './problemDiagnostics.js';
import { recordedStateLocation, recordedStateScheme } from './recordedState.js';
import { changeRecording, recordingList } from './recordingList.js';
import { answerRequests } from './requests.js';
import { createSessions } from './sessions.js';
import { createStoreWatch } from './storeWatch.js';
import { createWorkspaceFiles } from './workspaceFiles.js';
import { exportTest } from './testExport.js';
import { createWorkspaceIndex } from './workspaceIndex.js';

/** The workspace is indexed this long after the first file was opened, ms: what the author looks at comes first. */
const indexAfterMs = 1000;

/** Joins the features to a connection. Nothing runs until the client asks for it. */
export function serve(connection: Connection, core: Core): void {
  let client: Client = noClient;
  const configuration = createConfiguration(connection, core, () => client);
  const lenses = createLensRefresh(connection, () => client);
  const stores = createStoreWatch(core.watchStore, () => {
    files.rereadRecordings();
  });
  const openPaths = new Map<string, string>();
  const workspaceFiles = createWorkspaceFiles((file) => {
    const uri = openPaths.get(file);
    return uri === undefined ? undefined : files.latest(uri)?.document.getText();
  });
  const index = createWorkspaceIndex({
    isAnalyzed: (file) => core.analyzerFor(file) !== undefined,
    findSources: (file) => core.indexThread.find({ file, folders: client.folders }),
    openSources(file) {
      const uri = openPaths.get(file);
      return uri === undefined ? undefined : files.latest(uri)?.analysis?.file().sources;
    },
    onError(message) {
      connection.console.error(message);
    },
  });
  const watch = createFileWatch(connection, core.extensions, (file) => {
    workspaceFiles.changed(file);
    index.changed(file);
    // What is open in the editor counts, not what is on disk.
    if (!openPaths.has(file)) files.fileChanged(file);
  });
  const fileStates = createFileStates();
  const progress = new Map<string, WorkDoneProgressReporter>();

  const files = createPipelineFiles({
    analyzerFor: core.analyzerFor,
    async contextOf(uri) {
      const { arguments: args } = await configuration.settings(uri);
      return workspaceFiles.contextOf(fileURLToPath(uri), args);
    },
    async readRecordings(uri) {
      const { recordableSources } = await configuration.settings(uri);
      const store = await configuration.store(uri);
      stores.watch(store);
      storeOf.set(uri, store);
      return { recordings: await core.recordingsOf(store, fileURLToPath(uri)), recordableSources };
    },
    decodeChange(document, { range, text }) {
      if (!range || client.encoding === 'utf-16') return range ? { range, text } : { text };
      const [start, end] = [range.start, range.end].map((position) =>
        decodePosition(client.encoding, document, position),
      );
      return start && end ? { range: { start, end }, text } : { text };
    },
    onStatuses(file) {
      const { uri, version, statuses } = file;
      const locationOf = client.showsRelatedInformation
        ? (recording: Parameters<typeof location>[1]) => location(uri, recording)
        : undefined;
      const diagnostics = answer(uri, [
        ...staleDiagnostics(statuses, locationOf, (recorded, current) =>
          changedDefinitions(recorded, current, () => textsOf(file)),
        ),
        ...problemDiagnostics(file.analysis?.problems?.() ?? []),
      ]);
      const byCell = notebooks.diagnosticsByCell(uri, diagnostics);
      for (const published of byCell ?? [{ uri, version, diagnostics }])
        void connection.sendDiagnostics(published);
      sendFileState(uri);
      lenses.statusesAre(file);
      watch.dependenciesAre(files.dependencies());
    },
    onError(message) {
      connection.console.error(message);
    },
  });
  const notebooks = serveNotebooks(connection, { files, onClose: forget });
  /** Stores of the open files, once they are known. */
  const storeOf = new Map<string, string>();

  const sessions = createSessions({
    recordFile: core.recordFile,
    replayFile: core.replayFile,
    runFile: core.runFile,
    launch: (params) => {
      // Of a notebook the file's text is not that of its cells.
      const open = notebooks.has(params.uri) ? undefined : files.latest(params.uri);
      return configuration.launch(params, open?.document.getText());
    },
    isTrusted: () => client.trusted,
    onChange(uri, change) {
      sendFileState(uri);
      progress.get(uri)?.report(sessions.state(uri)?.text ?? '');
      if (change === 'progress') return;
      files.rereadRecordings(uri);
      lenses.refresh();
    },
    onOutput(output) {
      if (client.isOurs) void connection.sendNotification(protocol.output, output);
      else connection.console.log(output.text);
    },
    onDebuggee(params) {
      void connection.sendNotification(protocol.debuggee, params);
    },
    onMessage(severity, text) {
      logAt(connection, severity, text);
    },
  });

  function forget(uri: string): void {
    storeOf.delete(uri);
    lenses.forget(uri);
    fileStates.forget(uri);
  }

  /** Texts of a file and of those it depends on; of a notebook only these: its text is in cells. */
  function textsOf({ uri, document, analysis }: PipelineDocument): Map<string, string> {
    const texts = new Map<string, string>();
    for (const path of analysis?.dependencies?.() ?? []) {
      const text = workspaceFiles.read(path);
      if (text !== undefined) texts.set(path, text);
    }
    const own = pathOf(uri);
    if (own !== undefined && !own.endsWith('.ipynb')) texts.set(own, document.getText());
    return texts;
  }

  function location(uri: string, recording: Parameters<typeof recordedStateLocation>[0]) {
    const store = storeOf.get(uri);
    const indexPath =
      client.showsContent || store === undefined ? undefined : core.indexPath(store, recording.id);
    return recordedStateLocation(recording, uri, indexPath);
  }

  /** What is sent about a document, with positions as the client counts them. */
  function answer<T>(uri: string, value: T): T {
    return encodeAnswer(client.encoding, (of) => files.latest(of)?.document, uri, value);
  }

  function sendFileState(uri: string): void {
    const file = files.latest(uri);
    if (!file || !client.isOurs) return;
    const state = fileStates.changed(file, sessions.state(uri), Date.now());
    if (state) void connection.sendNotification(protocol.fileState, state);
  }

  connection.onInitialize((params): InitializeResult => {
    client = clientOf(params);
    workspaceFiles.folders = client.folders;
    return {
      capabilities: {
        positionEncoding: client.encoding,
        notebookDocumentSync,
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
        codeLensProvider: { resolveProvider: true },
        codeActionProvider: { codeActionKinds: ['quickfix'] },
        hoverProvider: true,
        completionProvider: { triggerCharacters: completionTriggers },
        documentSymbolProvider: { label: 'Beam' },
        definitionProvider: true,
        inlayHintProvider: true,
        workspaceSymbolProvider: true,
        executeCommandProvider: { commands: executableCommands(client.isOurs) },
        workspace: {
          workspaceFolders: { supported: true, changeNotifications: true },
          ...(client.showsContent && { textDocumentContent: { schemes: [recordedStateScheme] } }),
        },
      },
      serverInfo: { name: 'Beam Rewind' },
    };
  });
  connection.onInitialized(() => {
    watch.start(client.watchesFiles);
    if (client.registersSettings) {
      const { type } = DidChangeConfigurationNotification;
      void connection.client.register(type, { section: 'beamRewind' });
    }
  });
  connection.onDidChangeConfiguration(({ settings }: { settings?: { beamRewind?: unknown } }) => {
    configuration.forget(settings?.beamRewind);
    files.reopen();
  });
  connection.onNotification('workspace/didChangeWorkspaceFolders', (params: FolderChange) => {
    const removed = pathsOf(params.event.removed.map(({ uri }) => uri));
    const added = pathsOf(params.event.added.map(({ uri }) => uri));
    client.folders = [...client.folders.filter((one) => !removed.includes(one)), ...added];
    workspaceFiles.folders = client.folders;
    configuration.forget();
    files.reopen();
    index.start(client.folders);
  });
  connection.onNotification(protocol.didGrantWorkspaceTrust, () => {
    client.trusted = true;
    configuration.forget();
    lenses.refresh();
  });

  let isIndexing = false;
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    const file = pathOf(uri);
    if (file === undefined) return;
    openPaths.set(file, uri);
    files.open(uri, languageId, version, text);
    if (isIndexing) return;
    isIndexing = true;
    index.start(client.folders, indexAfterMs);
  });
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    files.change(uri, contentChanges, version);
    const file = pathOf(uri);
    // Files that depend on this one are looked at after its own warnings are on their way.
    if (file !== undefined)
      setImmediate(() => {
        files.fileChanged(file);
      });
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const file = pathOf(uri);
    if (file === undefined) return;
    openPaths.delete(file);
    files.close(uri);
    forget(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    files.fileChanged(file);
    index.changed(file);
  });

  answerRequests(connection, core, {
    ...{ configuration, index, sessions, answer, location },
    files: {
      ...files,
      settled: (uri) => notebooks.settledCell(uri) ?? files.settled(uri),
    },
    client: () => client,
  });

  connection.onRequest(protocol.recordSources, (params) => sessions.recordSources(params));
  connection.onRequest(protocol.replay, (params) => sessions.replay(params));
  connection.onRequest(protocol.cancelRecording, async ({ uri }) => {
    return { count: await cancelRecording(uri) };
  });
  connection.onRequest(protocol.stopTestStream, ({ uri }) => ({ count: stopTestStream(uri) }));
  connection.onRequest(protocol.clearRecordings, async ({ uri, allFiles }) => {
    return { count: await clearRecordings(uri, allFiles) };
  });
  connection.onRequest(protocol.listRecordings, async ({ uri }) => {
    const store = await configuration.store(uri);
    return { recordings: recordingList(await core.recordingsOf(store, fileURLToPath(uri))) };
  });
  connection.onRequest(protocol.changeRecording, async (params) => {
    await changeRecording(core, await configuration.store(params.uri), params);
    files.rereadRecordings(params.uri);
    return null;
  });
  connection.onRequest(protocol.exportTest, async (params) => {
    const statuses = (await files.settled(params.uri))?.statuses ?? [];
    return exportTest(core, await configuration.store(params.uri), statuses, params);
  });
  connection.onExecuteCommand((params) =>
    executeCommand(params, {
      ...{ connection, files, sessions, progress, cancelRecording, stopTestStream },
      ...(client.showsProgress && {
        newProgress: () => connection.window.createWorkDoneProgress(),
      }),
      clearRecordings: (uri) => clearRecordings(uri, false),
      async ignoreChange(uri, recordingId, hash) {
        const store = await configuration.store(uri);
        await core.ignoreChange(store, fileURLToPath(uri), recordingId, hash);
        files.rereadRecordings(uri);
      },
      async acceptRenames(uri) {
        const statuses = (await files.settled(uri))?.statuses ?? [];
        const sources = statuses.flatMap(({ source }) => source ?? []);
        const store = await configuration.store(uri);
        await core.acceptRenames(store, fileURLToPath(uri), sources);
        files.rereadRecordings(uri);
      },
    }),
  );

  async function cancelRecording(uri: string): Promise<number> {
    if (sessions.end(uri, 'record')) return 1;
    return core.cancelRecording(await configuration.store(uri), fileURLToPath(uri));
  }

  function stopTestStream(uri: string): number {
    return sessions.end(uri, 'replay') ? 1 : 0;
  }

  async function clearRecordings(uri: string, allFiles: boolean): Promise<number> {
    const store = await configuration.store(uri);
    const count = await core.clearRecordings(store, allFiles ? undefined : fileURLToPath(uri));
    files.rereadRecordings();
    return count;
  }

  connection.onShutdown(async () => {
    await sessions.close();
    stores.close();
    watch.close();
    index.close();
    core.indexThread.close();
  });
}

interface FolderChange {
  event: { added: { uri: string }[]; removed: { uri: string }[] };
}
