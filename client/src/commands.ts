import { Uri, window, workspace } from 'vscode';
import type { CommandId, ReplayParams, SessionResult } from '../../server/src/protocol.js';
import {
  cancelRecording,
  clearRecordings,
  commandIds,
  pipelineLanguages,
  recordSources,
  replay,
  stopTestStream,
} from '../../server/src/protocol.js';
import { pickFilesToClear } from './clearPick.js';
import { bundledDebugpy, checkDebugger } from './debugging.js';
import { exportRecordedTest } from './exportTest.js';
import { showFailure } from './failure.js';
import { chosenInterpreter } from './interpreter.js';
import type { LanguageServer } from './languageServer.js';
import { activeNotebook, notebookOf } from './notebook.js';
import type { Output } from './output.js';
import { nameRecording, noteRecording, pinRecording } from './recordingPick.js';
import type { StatusBar } from './statusBar.js';
import { pickStatus } from './statusPick.js';

export interface CommandContext {
  server: LanguageServer;
  output: Output;
  statusBar: StatusBar;
}

type Handler = (uri: unknown) => Promise<void> | void;

/** What each command does. Its argument is a file, as text from a lens; else the active file is meant. */
export function commandTable(context: CommandContext): Record<CommandId, Handler> {
  const { server, output, statusBar } = context;
  const { log, program } = output;

  function onFile(asked: string, act: (file: Uri) => Promise<void>): Handler {
    return async (uri) => {
      try {
        await act(fileOf(uri));
      } catch (error) {
        await showFailure(asked, error, log);
      }
    };
  }

  async function record(file: Uri, force: boolean): Promise<void> {
    await save(file);
    const params = { ...(await launchParams(file)), force };
    await tell('Recording', await server.request(recordSources, params));
  }

  async function runReplay(file: Uri, variant: Pick<ReplayParams, 'debug'> = {}): Promise<void> {
    await save(file);
    program.clear();
    program.show(true);
    const params = { ...(await launchParams(file)), ...variant };
    await tell('Replay', await server.request(replay, params));
  }

  async function tell(asked: string, { outcome, message }: SessionResult): Promise<void> {
    if (outcome === 'failed') await showFailure(asked, message, log, program);
    else log.info(message);
    if (outcome === 'nothing to do') void window.showInformationMessage(message);
  }

  async function launchParams(file: Uri) {
    const interpreter = await chosenInterpreter(file).catch((error: unknown) => {
      log.warn('The Python extension did not tell its interpreter.', String(error));
      return undefined;
    });
    return { uri: file.toString(), ...(interpreter !== undefined && { interpreter }) };
  }

  return {
    [commandIds.recordSources]: onFile('Recording', (file) => record(file, false)),
    [commandIds.recordSourcesAgain]: onFile('Recording', (file) => record(file, true)),
    [commandIds.replay]: onFile('Replay', (file) => runReplay(file)),
    [commandIds.debugReplay]: onFile('Debugging the replay', async (file) => {
      await checkDebugger(file);
      const debugpy = await bundledDebugpy();
      await runReplay(file, { debug: { ...(debugpy !== undefined && { debugpy }) } });
    }),
    [commandIds.cancelRecording]: onFile('Cancelling the recording', async (file) => {
      const { count } = await server.request(cancelRecording, { uri: file.toString() });
      if (count === 0) void window.showInformationMessage('Nothing is being recorded.');
    }),
    [commandIds.stopTestStream]: onFile('Stopping the test stream', async (file) => {
      const { count } = await server.request(stopTestStream, { uri: file.toString() });
      if (count === 0) void window.showInformationMessage('No test stream is running.');
    }),
    [commandIds.clearRecordings]: onFile('Clearing recordings', async (file) => {
      const choice = await pickFilesToClear(file);
      if (!choice) return;
      const params = { uri: file.toString(), allFiles: choice === 'all files' };
      const { count } = await server.request(clearRecordings, params);
      log.info(`${count} recordings cleared.`);
    }),
    [commandIds.nameRecording]: onFile('Naming the recording', (file) =>
      nameRecording(server, file),
    ),
    [commandIds.noteRecording]: onFile('Keeping the note', (file) => noteRecording(server, file)),
    [commandIds.pinRecording]: onFile('Pinning the recording', (file) =>
      pinRecording(server, file),
    ),
    [commandIds.exportTest]: onFile('Exporting the recording', (file) =>
      exportRecordedTest(server, file),
    ),
    [commandIds.showStatus]: onFile('Showing the status', (file) =>
      pickStatus(file, statusBar.get(file.toString())),
    ),
    [commandIds.showLog]: () => {
      log.show();
    },
    [commandIds.showProgramOutput]: () => {
      program.show();
    },
  };
}

/** @throws Error when no file is meant that can have a pipeline */
function fileOf(uri: unknown): Uri {
  if (typeof uri === 'string') return Uri.parse(uri, true);
  if (uri instanceof Uri) return uri;
  const document = window.activeTextEditor?.document;
  const isPipeline = pipelineLanguages.some((language) => language === document?.languageId);
  if (document && isPipeline && document.uri.scheme === 'file') return document.uri;
  const notebook = notebookOf(document) ?? activeNotebook();
  if (notebook) return notebook;
  throw new Error('Open the file of a pipeline first.');
}

/** The program that runs is the file on disk. */
async function save(file: Uri): Promise<void> {
  const isFile = ({ uri }: { uri: Uri }): boolean => uri.toString() === file.toString();
  const document = workspace.textDocuments.find(isFile) ?? workspace.notebookDocuments.find(isFile);
  if (document?.isDirty && !(await document.save()))
    throw new Error(`${file.fsPath} has unsaved changes and cannot be saved.`);
}
