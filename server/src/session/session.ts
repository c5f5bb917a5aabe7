import type { RecordingLimits } from '../recording/recording.js';
import type { SourceStatus } from './sourceStatus.js';

/** How a user's program is launched; the same for recording and replay. */
export interface LaunchOptions {
  /** Absolute path of the pipeline file. */
  file: string;
  /** Its text as the author sees it now (an unsaved editor counts); what runs is the file on disk. */
  text: string;
  /** Folder to run the program in; the file's own when absent. */
  cwd?: string;
  /** The program's own arguments. */
  args: string[];
  /** Python interpreter to run it with. */
  interpreter: string;
  /** Folder of the recordings. */
  store: string;
  /** `prism`, or `host:port` of any other runner's job endpoint. */
  backend: string;
  /** Path of a Prism binary; found or obtained when absent. */
  prismPath?: string;
  /** Ends the session cleanly: what was recorded stays. */
  signal: AbortSignal;
  onEvent: (event: SessionEvent) => void;
}

export interface RecordOptions extends LaunchOptions {
  limits: RecordingLimits;
  /** Record again although a valid recording exists. */
  force: boolean;
}

/** What happens while a session runs, in order. */
export type SessionEvent =
  /** A step before the job runs, for people: "Starting Prism 2.77.0". */
  | { kind: 'step'; text: string }
  /** The program's own output, passed through unchanged. */
  | { kind: 'output'; stream: 'stdout' | 'stderr'; data: Uint8Array }
  /** A job message of the runner or a worker. */
  | { kind: 'message'; severity: 'debug' | 'info' | 'warning' | 'error'; text: string }
  /** At most four times a second while recording, and once at the end. */
  | { kind: 'progress'; progress: RecordingProgress }
  /** A replay's main job changed state; a Beam JobState name. */
  | { kind: 'jobState'; state: string };

/** Sum over the sources that are being recorded together. */
export interface RecordingProgress {
  elements: number;
  bytes: number;
  elapsedMs: number;
  limits: RecordingLimits;
  sources: { pipeline: string; label: string; elements: number; bytes: number }[];
}

export type RecordOutcome =
  /** Recorded; `sources` is the state of the file afterwards. `cancelled`: by the user, what was recorded is kept. */
  | { kind: 'recorded'; cancelled: boolean; sources: SourceStatus[] }
  /** Nothing to do: every source has a valid recording, or there is no recordable source. */
  | { kind: 'nothing to do'; reason: string; sources: SourceStatus[] }
  | { kind: 'failed'; message: string; sources: SourceStatus[] };

export type ReplayOutcome =
  | { kind: 'replayed'; exitCode: number }
  | { kind: 'cancelled' }
  /** Not started, or the main job failed: the message says why and what to do. */
  | { kind: 'failed'; message: string };
