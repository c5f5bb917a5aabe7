import type { LanguageAnalyzer } from '../language/language.js';
import type { Recording } from '../recording/recording.js';
import type {
  LaunchOptions,
  RecordOptions,
  RecordOutcome,
  ReplayOutcome,
} from '../session/session.js';

/** What the language server drives: the same functions that the CLI calls. */
export interface Core {
  analyzerFor: (languageId: string) => LanguageAnalyzer | undefined;
  recordFile: (options: RecordOptions) => Promise<RecordOutcome>;
  replayFile: (options: LaunchOptions) => Promise<ReplayOutcome>;
  recordingsOf: (store: string, file: string) => Promise<Recording[]>;
  cancelRecording: (store: string, file: string) => Promise<number>;
  clearRecordings: (store: string, file?: string) => Promise<number>;
  defaultStore: (file: string) => string;
  watchStore: (store: string, onChange: () => void) => { close(): void };
  findInterpreter: (folder: string) => Promise<string | undefined>;
}
