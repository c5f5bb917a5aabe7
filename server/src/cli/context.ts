import type { PipelineFile, PipelineSource } from '../language/source.js';
import type { PlaceInRecording } from '../recording/readFromPlace.js';
import type { Recording } from '../recording/recording.js';
import type { ExportOptions } from '../session/exportRecording.js';
import type { ExportTestOptions, WrittenTest } from '../session/exportTest.js';
import type { ImportOptions } from '../session/importRecording.js';
import type { AcceptedRename } from '../session/acceptRenames.js';
import type { CheckOptions, CheckOutcome } from '../session/checkFile.js';
import type { RunOptions } from '../session/runFile.js';
import type {
  RecordOptions,
  RecordOutcome,
  ReplayOptions,
  ReplayOutcome,
} from '../session/session.js';
import type { ServedRecording, ServeOptions } from '../session/serveRecording.js';
import type { ShownElement } from '../session/showRecording.js';
import type { SourceStatus } from '../session/sourceStatus.js';

/** What the verbs call: `session/` and the analysis of `language/` in the program, fakes in unit tests. */
export interface SessionFunctions {
  analyzeText(fileName: string, text: string, args: string[]): Promise<PipelineFile>;
  /** The language of a pipeline file by its name; undefined if there is no analysis for it. */
  languageOf(fileName: string): string | undefined;
  defaultStore(file: string): string;
  findInterpreter(folder: string): Promise<string | undefined>;
  recordFile(options: RecordOptions): Promise<RecordOutcome>;
  replayFile(options: ReplayOptions): Promise<ReplayOutcome>;
  runFile(options: RunOptions): Promise<ReplayOutcome>;
  checkFile(options: CheckOptions): Promise<CheckOutcome>;
  sourceStatuses(store: string, file: string, sources: PipelineSource[]): Promise<SourceStatus[]>;
  recordedFiles(store: string): Promise<string[]>;
  cancelRecording(store: string, file: string): Promise<number>;
  clearRecordings(store: string, file?: string): Promise<number>;
  storedRecordings(store: string, file?: string): Promise<Recording[]>;
  verifyRecordings(store: string, file?: string): Promise<Recording[]>;
  pinRecordings(store: string, reference: string, pinned: boolean): Promise<Recording[]>;
  nameRecordings(store: string, reference: string, name: string): Promise<Recording[]>;
  noteRecordings(store: string, reference: string, note: string): Promise<Recording[]>;
  deleteRecordings(store: string, reference: string): Promise<Recording[]>;
  acceptRenames(store: string, file: string, sources: PipelineSource[]): Promise<AcceptedRename[]>;
  serveRecording(options: ServeOptions): Promise<ServedRecording | undefined>;
  exportRecording(options: ExportOptions): Promise<void>;
  exportTest(options: ExportTestOptions): Promise<WrittenTest>;
  importRecording(options: ImportOptions): Promise<Recording>;
  showElements(
    store: string,
    file: string,
    label: string | undefined,
    limit: number,
    from?: PlaceInRecording,
  ): AsyncIterable<ShownElement>;
  showRecordings(
    store: string,
    recordings: Recording[],
    limit: number,
    from?: PlaceInRecording,
  ): AsyncIterable<ShownElement>;
}

/** Standard output or error: a terminal, a file or a pipe. */
export type OutputStream = NodeJS.WritableStream & {
  isTTY?: boolean;
  columns?: number | undefined;
};

/** Everything a verb touches outside itself. */
export interface CliContext {
  session: SessionFunctions;
  stdout: OutputStream;
  stderr: OutputStream;
  env: NodeJS.ProcessEnv;
  cwd: string;
  version: string;
  /** Milliseconds since the epoch. */
  now(): number;
  /** From now on Ctrl-C aborts the signal instead of ending the process. */
  untilInterrupted(): AbortSignal;
}

/** Why the signal of {@link CliContext.untilInterrupted} was aborted. */
export class Interrupted extends Error {
  override name = 'AbortError';

  constructor(readonly by: 'SIGINT' | 'SIGTERM' | 'stdout closed') {
    super(`interrupted: ${by}`);
  }
}
