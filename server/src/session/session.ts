import type { Debuggee } from '../launch/debugger.js';
import type { RecordingLimits } from '../recording/recording.js';
import type { RedactionRule } from '../recording/redaction/rules.js';
import type { SourceLimits } from '../recording/sourceLimits.js';
import type { WhatIf } from '../replay/whatIf/parseWhatIf.js';
import type { SourceStatus } from './sourceStatus.js';

export type { Debuggee };

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
  /** Python interpreter, where the program runs in one. */
  interpreter?: string;
  /** Folder of the recordings. */
  store: string;
  /** `prism`, `python-direct`, or `host:port` of any other runner's job endpoint. */
  backend: string;
  /** Path of a Prism binary; found or obtained when absent. */
  prismPath?: string;
  /** Bounded sources to record and replay like unbounded ones: patterns on names of transforms (`ReadFrom*`). */
  recordableSources?: string[];
  /** Milliseconds the runner may take until it runs a job; absent: two minutes. */
  startTimeoutMs?: number;
  /** Ends the session cleanly: what was recorded stays. */
  signal: AbortSignal;
  onEvent: (event: SessionEvent) => void;
}

/** What is recorded, and how much of it. */
export interface RecordingSettings {
  /** Of each recording, unless {@link sourceLimits} say otherwise. */
  limits: RecordingLimits;
  /** Limits of some sources, by patterns of their labels. */
  sourceLimits?: SourceLimits[];
  /** What the recordings of the store may take together, bytes; absent: no limit. */
  maxStoreBytes?: number;
  /** How many recordings of a source are kept, the new one included; absent: {@link defaultRetention}. */
  keepRecordings?: number;
  /**
   * The sources of a pipeline are recorded at the same time: all of them if one is to be recorded, and all until the
   * first limit. Otherwise only those that need it, each until its own limit.
   */
  recordTogether?: boolean;
  /** Event time between two watermarks that are told apart, ms; absent: {@link defaultWatermarkResolutionMs}. */
  watermarkResolutionMs?: number;
  /**
   * What is taken out of elements before they are written. A recording that was made by other rules is not enough where
   * these are given: its source is recorded anew.
   */
  redact?: RedactionRule[];
  /** What the user calls the recordings. */
  name?: string;
}

export interface RecordOptions extends LaunchOptions, RecordingSettings {
  /** Record again although a valid recording exists. */
  force: boolean;
}

export interface ReplayOptions extends LaunchOptions {
  /** The program waits for a debugger, and nothing times out while it is stopped. */
  debug?: {
    /** Port of 127.0.0.1 that the debugger listens on; 0: any that is free. */
    port: number;
    /** Folder that holds the Python package debugpy, for an interpreter that has none. */
    debugpy?: string;
  };
  /** What the replay changes of the recording, in order. */
  whatIfs?: WhatIf[];
  /** Decides what chance decides in {@link whatIfs}; absent: 0. */
  seed?: number;
  /** PCollections that are told as lines of JSON, see {@link pipelineOutputs}. */
  outputs?: { labels: readonly string[]; onLine: (line: string) => void };
  /** Names or ids of recordings that are replayed in place of the latest valid ones of their sources. */
  recordings?: string[];
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
  /** The program waits for a debugger to be attached. */
  | { kind: 'debugger'; debuggee: Debuggee }
  /** A replay's main job changed state; a Beam JobState name. */
  | { kind: 'jobState'; state: string };

/** Sum over the sources that are being recorded together. */
export interface RecordingProgress {
  elements: number;
  bytes: number;
  elapsedMs: number;
  /** Those of all sources; a source may have its own. */
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
