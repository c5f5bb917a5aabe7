import { readFile } from 'node:fs/promises';
import type {
  Connection,
  ExecuteCommandParams,
  WorkDoneProgressReporter,
} from 'vscode-languageserver';
import { MessageType, ResponseError, ShowMessageNotification } from 'vscode-languageserver';
import type { RecordSourcesParams, SessionResult } from '../protocol.js';
import { commandIds, refused, serverCommandIds } from '../protocol.js';
import { pathOf } from './client.js';
import type { PipelineFiles } from './pipelineFiles.js';
import type { Sessions } from './sessions.js';
import { statusText } from './words.js';

/** Commands that the server executes for a client that is not ours: those of lenses and of the command palette. */
const sharedCommandIds = [
  commandIds.recordSources,
  commandIds.recordSourcesAgain,
  commandIds.replay,
  commandIds.cancelRecording,
  commandIds.stopTestStream,
  commandIds.clearRecordings,
  commandIds.showStatus,
] as const;

/** @param isOurs the client implements the shared commands itself, and would not want to be told of them */
export function executableCommands(isOurs: boolean): string[] {
  return [...(isOurs ? [] : sharedCommandIds), ...Object.values(serverCommandIds)];
}

export interface ExecuteCommandContext {
  connection: Connection;
  files: PipelineFiles;
  sessions: Sessions;
  /** Absent: the client shows no progress. */
  newProgress?: () => Promise<WorkDoneProgressReporter>;
  /** Where the progress of a file's session goes while a command runs it. */
  progress: Map<string, WorkDoneProgressReporter>;
  cancelRecording(uri: string): Promise<number>;
  stopTestStream(uri: string): number;
  clearRecordings(uri: string): Promise<number>;
  ignoreChange(uri: string, recordingId: string, hash?: string): Promise<void>;
  acceptRenames(uri: string): Promise<void>;
}

/** Runs a command; its first argument is the URI of a file, as in every lens. */
export async function executeCommand(
  { command, arguments: args = [] }: ExecuteCommandParams,
  context: ExecuteCommandContext,
): Promise<unknown> {
  const [uri, ...names] = args as unknown[];
  if (typeof uri !== 'string' || !names.every((name) => typeof name === 'string'))
    throw new ResponseError(refused, `${command} needs the URI of a file as its first argument.`);
  switch (command) {
    case commandIds.recordSources:
      return record({ uri, force: false });
    case commandIds.recordSourcesAgain:
      return record({ uri, force: true });
    case commandIds.replay:
      return inSession('Replaying', () => context.sessions.replay({ uri }));
    case commandIds.cancelRecording:
      return counted(await context.cancelRecording(uri), 'Nothing is being recorded.');
    case commandIds.stopTestStream:
      return counted(context.stopTestStream(uri), 'No test stream is running.');
    case commandIds.clearRecordings:
      return counted(await context.clearRecordings(uri), 'Nothing is recorded.');
    case commandIds.showStatus: {
      const statuses = (await context.files.settled(uri))?.statuses ?? [];
      const lines = statuses.map((status) => `${status.label}: ${statusText(status)}`);
      tell(MessageType.Info, lines.join('\n') || 'No sources to record in this file.');
      return lines;
    }
    case serverCommandIds.ignoreChange:
    case serverCommandIds.warnAgain: {
      const [recordingId = '', hash] = names;
      await context.ignoreChange(uri, recordingId, hash);
      return null;
    }
    case serverCommandIds.acceptRenames:
      await context.acceptRenames(uri);
      return null;
    default:
      throw new ResponseError(refused, `Beam Rewind has no command ${command}.`);
  }

  function record(params: RecordSourcesParams): Promise<SessionResult> {
    return inSession('Recording', () => context.sessions.recordSources(params));
  }

  async function inSession(
    title: string,
    run: () => Promise<SessionResult>,
  ): Promise<SessionResult> {
    await checkSaved(context.files, uri as string);
    const progress = await context.newProgress?.();
    progress?.begin(title);
    if (progress) context.progress.set(uri as string, progress);
    try {
      const result = await run();
      if (result.outcome === 'failed')
        tell(MessageType.Error, `${title} failed: ${result.message}`);
      else tell(MessageType.Info, result.message);
      return result;
    } finally {
      context.progress.delete(uri as string);
      progress?.done();
    }
  }

  // A notification: what asks for an answer would stop some editors.
  function tell(type: MessageType, message: string): void {
    void context.connection.sendNotification(ShowMessageNotification.type, { type, message });
  }

  function counted(count: number, none: string): { count: number } {
    if (count === 0) tell(MessageType.Info, none);
    return { count };
  }
}

/** What runs is the file on disk. @throws ResponseError when the editor has another text */
async function checkSaved(files: PipelineFiles, uri: string): Promise<void> {
  const open = files.latest(uri)?.document.getText();
  const file = pathOf(uri);
  if (open === undefined || file === undefined) return;
  const saved = await readFile(file, 'utf8').catch(() => undefined);
  if (saved === undefined || withoutMark(saved) !== withoutMark(open))
    throw new ResponseError(
      refused,
      `${file} has unsaved changes. Save it first: what runs is the file on disk.`,
    );
}

/** Editors differ in whether they show a byte order mark, and in the line ends they send. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}
