import type { LanguageAnalyzer } from '../language/language.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import type { AcceptedRename } from '../session/acceptRenames.js';
import type { ExportTestOptions, WrittenTest } from '../session/exportTest.js';
import type { RunOptions } from '../session/runFile.js';
import type {
  RecordOptions,
  RecordOutcome,
  ReplayOptions,
  ReplayOutcome,
} from '../session/session.js';
import type { IndexThread } from './indexThread.js';
import type { ShownElement } from '../session/showRecording.js';

/** What the language server drives: the same functions that the CLI calls. */
export interface Core {
  analyzerFor: (languageIdOrFileName: string) => LanguageAnalyzer | undefined;
  /** With the dot: of files that can be analysed. */
  extensions: readonly string[];
  /** Finds the sources of the workspace's files. */
  indexThread: IndexThread;
  /** Whether the program of a file can be run by us, in the language it is written in. */
  canLaunch: (file: string) => boolean;
  /** Whether it takes a Python interpreter to run the program of a file. */
  runsOnPython: (file: string) => boolean;
  recordFile: (options: RecordOptions) => Promise<RecordOutcome>;
  replayFile: (options: ReplayOptions) => Promise<ReplayOutcome>;
  runFile: (options: RunOptions) => Promise<ReplayOutcome>;
  acceptRenames: (
    store: string,
    file: string,
    sources: PipelineSource[],
  ) => Promise<AcceptedRename[]>;
  recordingsOf: (store: string, file: string) => Promise<Recording[]>;
  cancelRecording: (store: string, file: string) => Promise<number>;
  pinRecordings: (store: string, reference: string, pinned: boolean) => Promise<unknown>;
  nameRecordings: (store: string, reference: string, name: string) => Promise<unknown>;
  noteRecordings: (store: string, reference: string, note: string) => Promise<unknown>;
  exportTest: (options: ExportTestOptions) => Promise<WrittenTest>;
  clearRecordings: (store: string, file?: string) => Promise<number>;
  ignoreChange: (store: string, file: string, recordingId: string, hash?: string) => Promise<void>;
  /** The first elements of a file's recordings, decoded; of one source if a label is given. */
  showElements: (
    store: string,
    file: string,
    label: string | undefined,
    limit: number,
  ) => AsyncIterable<ShownElement>;
  /** Path of the file that describes a recording. */
  indexPath: (store: string, id: string) => string;
  defaultStore: (file: string) => string;
  watchStore: (store: string, onChange: () => void) => { close(): void };
  findInterpreter: (folder: string) => Promise<string | undefined>;
}
