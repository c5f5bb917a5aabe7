import path from 'node:path';
import type { ExtensionContext, LogOutputChannel } from 'vscode';
import { workspace } from 'vscode';
import type {
  LanguageClientOptions,
  NotificationType,
  RequestType,
} from 'vscode-languageclient/node';
import {
  LanguageClient,
  RevealOutputChannelOn,
  State,
  TransportKind,
} from 'vscode-languageclient/node';
import type {
  DebuggeeParams,
  FileStateParams,
  InitializationOptions,
  OutputParams,
} from '../../server/src/protocol.js';
import { debuggee, fileState, output, pipelineLanguages } from '../../server/src/protocol.js';

export interface ServerListener {
  onFileState(state: FileStateParams): void;
  onOutput(output: OutputParams): void;
  /** A program waits for its debugger. */
  onDebuggee(debuggee: DebuggeeParams): void;
  /** The server is gone, and with it all that is known of files and sessions. */
  onStopped(): void;
}

/** The language server, started when it is first needed. */
export interface LanguageServer {
  /** @throws Error when the server cannot be started */
  start(): Promise<void>;
  /**
   * Sends a request; a server that is down is started for it.
   * @throws Error when it cannot be started, ResponseError when it refuses or dies before it answers
   */
  request<P, R>(type: RequestType<P, R, undefined>, params: P): Promise<R>;
  /** Sends a notification to a running server; one that starts later learns the same by `initialize`. */
  notify<P>(type: NotificationType<P>, params: P): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds a server has to end its sessions; VS Code itself waits little longer. */
const stopTimeout = 4000;

export function createLanguageServer(
  context: ExtensionContext,
  log: LogOutputChannel,
  listener: ServerListener,
): LanguageServer {
  let client: LanguageClient | undefined;

  async function running(): Promise<LanguageClient> {
    if (client && (client.state === State.StartFailed || client.state === State.Stopped)) {
      // It failed to start, or was given up after repeated crashes: of no more use.
      client.dispose().catch((error: unknown) => {
        log.debug('The old language client cannot be disposed.', String(error));
      });
      client = undefined;
    }
    client ??= newClient();
    await client.start();
    return client;
  }

  function newClient(): LanguageClient {
    const created = new LanguageClient(
      'beamRewind',
      'Beam Rewind',
      {
        module: context.asAbsolutePath(path.join('dist', 'server.js')),
        transport: TransportKind.ipc,
      },
      clientOptions(log),
    );
    created.onNotification(fileState, (params) => {
      listener.onFileState(params);
    });
    created.onNotification(output, (params) => {
      listener.onOutput(params);
    });
    created.onNotification(debuggee, (params) => {
      listener.onDebuggee(params);
    });
    created.onDidChangeState(({ newState }) => {
      if (newState !== State.Running) listener.onStopped();
    });
    return created;
  }

  return {
    async start() {
      await running();
    },
    async request(type, params) {
      return (await running()).sendRequest(type.method, params);
    },
    async notify(type, params) {
      if (client?.state === State.Running) await client.sendNotification(type.method, params);
    },
    async stop() {
      if (client?.state === State.Running) await client.dispose(stopTimeout);
    },
  };
}

function clientOptions(log: LogOutputChannel): LanguageClientOptions {
  return {
    documentSelector: [
      ...pipelineLanguages.map((language) => ({ scheme: 'file', language })),
      { notebook: 'jupyter-notebook', language: 'python' },
    ],
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: (): InitializationOptions => ({
      trusted: workspace.isTrusted,
      implementsCommands: true,
    }),
    // Opening a file asked for nothing: the log has the failure, and the next command tells it.
    initializationFailedHandler: (error: unknown) => {
      log.error('The language server failed to start.', String(error));
      return false;
    },
  };
}
