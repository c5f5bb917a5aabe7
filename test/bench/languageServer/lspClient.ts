import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { PublishDiagnosticsParams } from 'vscode-languageserver-protocol';

/** A language server on its own process, as an editor drives it. */
export interface LspClient {
  connection: MessageConnection;
  pid: number;
  /** Milliseconds of `performance.now()` when the process was started. */
  startedAt: number;
  open(uri: string, languageId: string, text: string): Promise<void>;
  /** Replaces a range within one line; resolves when diagnostics of that version are published. */
  edit(uri: string, change: Edit): Promise<void>;
  /** The last diagnostics of a file, when there are some of its present version. */
  diagnosed(uri: string): Promise<PublishDiagnosticsParams>;
  close(): Promise<void>;
  /** Resolves when its process is gone, however it ended. */
  exited: Promise<unknown>;
}

export interface Edit {
  line: number;
  from: number;
  to: number;
  text: string;
}

/** What the servers compared are started with: the same client, the same capabilities. */
export async function startServer(
  command: string,
  args: string[],
  folder: string,
  options: {
    settings?: (section: string | undefined) => unknown;
    initialization?: unknown;
    env?: NodeJS.ProcessEnv;
  } = {},
): Promise<LspClient> {
  const startedAt = performance.now();
  const { env = process.env } = options;
  const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: folder, env });
  const exited = once(server, 'exit');
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
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
    processId: process.pid,
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

  return {
    connection,
    pid: server.pid ?? 0,
    startedAt,
    async open(uri, languageId, text) {
      versions.set(uri, 1);
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId, version: 1, text },
      });
    },
    async edit(uri, { line, from, to, text }) {
      const version = (versions.get(uri) ?? 0) + 1;
      versions.set(uri, version);
      const answer = published(uri);
      const range = { start: { line, character: from }, end: { line, character: to } };
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version },
        contentChanges: [{ range, text }],
      });
      await answer;
    },
    async diagnosed(uri) {
      const known = latest.get(uri);
      return known ?? published(uri);
    },
    async close() {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      await exited;
      connection.dispose();
    },
    exited,
  };
}
