import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { CodeLens, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import type { Typed } from '../typing.js';

/** A language server, as an editor drives it. */
export interface LspClient {
  connection: MessageConnection;
  /** Of the server's process. */
  pid: number;
  /** Milliseconds of `performance.now()` when the process was started. */
  startedAt: number;
  open(uri: string, languageId: string, text: string): Promise<void>;
  /** Replaces a range within one line; resolves when diagnostics of that version are published. */
  edit(uri: string, change: Typed): Promise<void>;
  /** The same, and asks for the file's lenses with it; resolves when both are there. */
  editForLenses(uri: string, change: Typed): Promise<void>;
  /** The last diagnostics of a file, when there are some of its present version. */
  diagnosed(uri: string): Promise<PublishDiagnosticsParams>;
  close(): Promise<void>;
}

/** A language server on its own process. */
export interface ServerProcess extends LspClient {
  /** Resolves when its process is gone, however it ended. */
  exited: Promise<unknown>;
}

interface ClientOptions {
  settings?: (section: string | undefined) => unknown;
  initialization?: unknown;
}

/** Starts a server and introduces the client to it. */
export async function startServer(
  command: string,
  args: string[],
  folder: string,
  options: ClientOptions & { env?: NodeJS.ProcessEnv } = {},
): Promise<ServerProcess> {
  const startedAt = performance.now();
  const { env = process.env } = options;
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: folder, env });
  const exited = once(server, 'exit');
  const client = await connectTo(server.stdout, server.stdin, folder, options);
  return {
    ...client,
    pid: server.pid ?? 0,
    startedAt,
    exited,
    async close() {
      await client.connection.sendRequest('shutdown');
      await client.connection.sendNotification('exit');
      await exited;
      client.connection.dispose();
    },
  };
}

/** Introduces the client to a server: to all that are compared the same one, of the same capabilities. */
export async function connectTo(
  output: Readable,
  input: Writable,
  folder: string,
  options: ClientOptions = {},
): Promise<LspClient> {
  const connection = createMessageConnection(
    new StreamMessageReader(output),
    new StreamMessageWriter(input),
  );
  const versions = new Map<string, number>();
  const latest = new Map<string, PublishDiagnosticsParams>();
  const waiting = new Map<string, (params: PublishDiagnosticsParams) => void>();
  connection.onNotification(
    'textDocument/publishDiagnostics',
    (params: PublishDiagnosticsParams) => {
      latest.set(params.uri, params);
      if (params.version !== undefined && params.version !== versions.get(params.uri)) return;
      waiting.get(params.uri)?.(params);
      waiting.delete(params.uri);
    },
  );
  connection.onRequest('workspace/configuration', ({ items }: { items: { section?: string }[] }) =>
    items.map(({ section }) => options.settings?.(section) ?? null),
  );
  for (const method of [
    'client/registerCapability',
    'window/workDoneProgress/create',
    'workspace/codeLens/refresh',
    'workspace/inlayHint/refresh',
  ])
    connection.onRequest(method, () => null);
  connection.listen();
  await connection.sendRequest('initialize', {
    // A server may watch its client for as long as the client lives: one in this process would never let it end.
    processId: null,
    rootUri: pathToFileURL(folder).href,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
    capabilities: {
      workspace: { configuration: true, didChangeWatchedFiles: { dynamicRegistration: true } },
      textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } },
    },
    initializationOptions: options.initialization ?? {},
  });
  await connection.sendNotification('initialized', {});

  function published(uri: string): Promise<PublishDiagnosticsParams> {
    return new Promise((resolve) => waiting.set(uri, resolve));
  }

  async function edit(uri: string, { line, from, to, text }: Typed): Promise<void> {
    const version = (versions.get(uri) ?? 0) + 1;
    versions.set(uri, version);
    const answer = published(uri);
    const range = { start: { line, character: from }, end: { line, character: to } };
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ range, text }],
    });
    await answer;
  }

  return {
    connection,
    pid: process.pid,
    startedAt: performance.now(),
    async open(uri, languageId, text) {
      versions.set(uri, 1);
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId, version: 1, text },
      });
    },
    edit,
    async editForLenses(uri, change) {
      const edited = edit(uri, change);
      const params = { textDocument: { uri } };
      await connection.sendRequest<CodeLens[]>('textDocument/codeLens', params);
      await edited;
    },
    async diagnosed(uri) {
      const known = latest.get(uri);
      return known ?? published(uri);
    },
    // The server of this process does not end it.
    async close() {
      await connection.sendRequest('shutdown');
      connection.dispose();
    },
  };
}
