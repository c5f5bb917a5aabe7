import { ResponseError } from 'vscode-languageserver';
import type {
  DebuggeeParams,
  LaunchParams,
  OutputParams,
  RecordSourcesParams,
  ReplayParams,
  SessionResult,
} from '../protocol.js';
import { refused } from '../protocol.js';
import type {
  LaunchOptions,
  RecordOptions,
  RecordingSettings,
  RecordOutcome,
  ReplayOptions,
  ReplayOutcome,
  SessionEvent,
} from '../session/session.js';
import type { RunOptions } from '../session/runFile.js';
import type { Launch } from './configuration.js';
import type { Settings } from './settings.js';
import { progressText } from './words.js';

export type SessionKind = 'record' | 'record again' | 'replay';

/** A session as lenses and the status bar show it. */
export interface SessionState {
  kind: SessionKind;
  /** Progress or step in words. */
  text: string;
}

/** What a session needs of the rest of the server. */
export interface SessionContext {
  recordFile(options: RecordOptions): Promise<RecordOutcome>;
  replayFile(options: ReplayOptions): Promise<ReplayOutcome>;
  runFile(options: RunOptions): Promise<ReplayOutcome>;
  launch(params: LaunchParams): Promise<Launch>;
  isTrusted(): boolean;
  /** The file's session started, ended, or has something else to tell. `state` only at its start and end. */
  onChange(uri: string, change: 'state' | 'progress'): void;
  onOutput(output: OutputParams): void;
  /** A program waits for a debugger. */
  onDebuggee(debuggee: DebuggeeParams): void;
  onMessage(severity: 'debug' | 'info' | 'warning' | 'error', text: string): void;
}

interface Session extends SessionState {
  controller: AbortController;
  ended: Promise<unknown>;
}

/** The sessions of this process: at most one per file. */
export interface Sessions {
  recordSources(params: RecordSourcesParams): Promise<SessionResult>;
  replay(params: ReplayParams): Promise<SessionResult>;
  /** Ends the file's session if it is of that kind; true when there was one. */
  end(uri: string, kind: 'record' | 'replay'): boolean;
  state(uri: string): SessionState | undefined;
  /** Ends all sessions; resolves when they have ended. */
  close(): Promise<void>;
}

export function createSessions(context: SessionContext): Sessions {
  const sessions = new Map<string, Session>();

  async function run<O>(
    kind: SessionKind,
    params: LaunchParams,
    start: (launch: LaunchOptions, settings: Settings) => Promise<O>,
  ): Promise<O> {
    const { uri } = params;
    refuse(kind, uri);
    const controller = new AbortController();
    const session: Session = {
      kind,
      text: kind === 'replay' ? 'Starting the replay' : 'Starting the recording',
      controller,
      ended: Promise.resolve(),
    };
    sessions.set(uri, session);
    context.onChange(uri, 'state');
    const ended = (async () => {
      try {
        const { settings, options } = await context.launch(params);
        const onEvent = eventHandler(uri, session);
        return await start({ ...options, signal: controller.signal, onEvent }, settings);
      } finally {
        sessions.delete(uri);
        context.onChange(uri, 'state');
      }
    })();
    session.ended = ended.catch(() => undefined);
    return ended;
  }

  function refuse(kind: SessionKind, uri: string): void {
    const action = kind === 'replay' ? 'Replaying' : 'Recording';
    if (!context.isTrusted())
      throw new ResponseError(
        refused,
        `${action} runs the program of the file, which needs a trusted workspace. Trust it with "Workspaces: Manage Workspace Trust".`,
      );
    const other = sessions.get(uri);
    if (other)
      throw new ResponseError(
        refused,
        other.kind === 'replay'
          ? 'The file is being replayed. Wait for it to end, or stop its test stream.'
          : 'The file is being recorded. Wait for it to end, or cancel the recording.',
      );
  }

  function eventHandler(uri: string, session: Session): (event: SessionEvent) => void {
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    return (event) => {
      switch (event.kind) {
        case 'step':
          context.onMessage('info', event.text);
          session.text = event.text;
          context.onChange(uri, 'progress');
          break;
        case 'output': {
          const text = decoders[event.stream].decode(event.data, { stream: true });
          if (text !== '') context.onOutput({ uri, stream: event.stream, text });
          break;
        }
        case 'message':
          context.onMessage(event.severity, event.text);
          break;
        case 'progress':
          session.text = progressText(event.progress, event.progress.sources.length);
          context.onChange(uri, 'progress');
          break;
        case 'debugger':
          context.onDebuggee({ uri, ...event.debuggee });
          session.text = 'Waiting for the debugger';
          context.onChange(uri, 'progress');
          break;
        case 'jobState':
          context.onMessage('info', `Job: ${event.state}`);
          // A recording tells more by its progress.
          if (session.kind !== 'replay') break;
          session.text = event.state === 'RUNNING' ? 'Replaying' : `Replay: ${event.state}`;
          context.onChange(uri, 'progress');
          break;
      }
    };
  }

  return {
    async recordSources(params) {
      const kind = params.force ? 'record again' : 'record';
      const outcome = await run(kind, params, async (launch, settings) =>
        context.recordFile({
          ...launch,
          ...(await recordingSettings(settings)),
          force: params.force || !settings.recordingReplay,
        }),
      );
      return recordResult(outcome);
    },
    async replay(params) {
      const outcome = await run('replay', params, async (launch, settings) =>
        // What is debugged is to be the same each time.
        settings.recordingReplay || params.debug
          ? context.replayFile({
              ...launch,
              ...(params.debug && { debug: { ...params.debug, port: 0 } }),
            })
          : context.runFile({
              ...launch,
              ...(await recordingSettings(settings)),
              force: false,
              enableRecordingReplay: false,
            }),
      );
      return replayResult(outcome);
    },
    end(uri, kind) {
      const session = sessions.get(uri);
      if (!session || (session.kind === 'replay') !== (kind === 'replay')) return false;
      session.controller.abort();
      return true;
    },
    state: (uri) => sessions.get(uri),
    async close() {
      const running = [...sessions.values()];
      for (const { controller } of running) controller.abort();
      await Promise.all(running.map(({ ended }) => ended));
    },
  };
}

async function recordingSettings(settings: Settings): Promise<RecordingSettings> {
  return (await import('./recordingSettings.js')).recordingSettingsOf(settings);
}

function recordResult(outcome: RecordOutcome): SessionResult {
  switch (outcome.kind) {
    case 'recorded':
      return outcome.cancelled
        ? { outcome: 'cancelled', message: 'Recording cancelled; what was recorded is kept.' }
        : { outcome: 'done', message: 'Recorded.' };
    case 'nothing to do':
      return { outcome: 'nothing to do', message: outcome.reason };
    case 'failed':
      return { outcome: 'failed', message: outcome.message };
  }
}

function replayResult(outcome: ReplayOutcome): SessionResult {
  switch (outcome.kind) {
    case 'replayed':
      return outcome.exitCode === 0
        ? { outcome: 'done', message: 'Replayed.' }
        : {
            outcome: 'failed',
            message: `The program ended with exit code ${outcome.exitCode}.`,
          };
    case 'cancelled':
      return { outcome: 'cancelled', message: 'Replay stopped.' };
    case 'failed':
      return { outcome: 'failed', message: outcome.message };
  }
}
