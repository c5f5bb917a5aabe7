/**
 * Every message between the editor and the server that the Language Server Protocol does not define.
 * The only module of the server that the client imports; `docs/protocol.md` describes each message.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';
import type { Debuggee } from './session/session.js';
import type { SourceState } from './session/sourceStatus.js';

/** Sent by the client with `initialize`. */
export interface InitializationOptions {
  /** Whether the workspace is trusted when the server starts; see {@link didGrantWorkspaceTrust}. */
  trusted: boolean;
  /** The client implements the {@link commandIds}; else the server does, by `workspace/executeCommand`. */
  implementsCommands?: boolean;
  /** Settings below `beamRewind`, from a client that the server cannot ask for them. */
  settings?: unknown;
}

/** Names the pipeline file a message is about. */
export interface FileParams {
  uri: string;
}

/** Starts the user's program; what the client knows better than the server goes along. */
export interface LaunchParams extends FileParams {
  /** Interpreter chosen in the Python extension; a setting of ours comes before it. */
  interpreter?: string;
}

/** Answer to a message that starts a session, when the session has ended. */
export interface SessionResult {
  /** `nothing to do`: every source has a valid recording, or there is none to record. */
  outcome: 'done' | 'cancelled' | 'nothing to do' | 'failed';
  /** What happened, for people; why it failed and what to do. */
  message: string;
}

export interface RecordSourcesParams extends LaunchParams {
  /** Record again although valid recordings exist. */
  force: boolean;
}

/**
 * Client to server, when the user asks for it: record the sources of a file. The client saves the file
 * first, since what is run is the file on disk. Answered when the recording has ended; refused with
 * {@link refused} while the workspace is not trusted or a session of that file runs.
 */
export const recordSources = new RequestType<RecordSourcesParams, SessionResult, undefined>(
  'beamRewind/recordSources',
);

export interface ReplayParams extends LaunchParams {
  /** The program waits for its debugger: {@link debuggee} says where. */
  debug?: {
    /** Folder that holds the Python package debugpy, for an interpreter that has none. */
    debugpy?: string;
  };
}

/**
 * Client to server, when the user asks for it: run the program of a file on its recordings. Answered when
 * the program has ended; refused as {@link recordSources} is.
 */
export const replay = new RequestType<ReplayParams, SessionResult, undefined>('beamRewind/replay');

export interface CountResult {
  count: number;
}

/**
 * Client to server, when the user asks for it: end the recordings of a file, whichever process makes them.
 * What was recorded stays. `count`: how many were told to end.
 */
export const cancelRecording = new RequestType<FileParams, CountResult, undefined>(
  'beamRewind/cancelRecording',
);

/**
 * Client to server, when the user asks for it: stop the test stream that a file is replayed from, and with
 * it the replay. `count`: 1, or 0 when none runs.
 */
export const stopTestStream = new RequestType<FileParams, CountResult, undefined>(
  'beamRewind/stopTestStream',
);

export interface ClearRecordingsParams extends FileParams {
  /** Clear the recordings of all files that share the store of this one. */
  allFiles: boolean;
}

/** Client to server, when the user asks for it: delete recordings. `count`: how many were deleted. */
export const clearRecordings = new RequestType<ClearRecordingsParams, CountResult, undefined>(
  'beamRewind/clearRecordings',
);

/** One recording of a file, for a list to choose from. */
export interface RecordingSummary {
  id: string;
  /** Of its source. */
  label: string;
  /** Start, ms since the epoch. */
  startedAt: number;
  /** What it holds and how it ended, in words: `1,240 elements · 1m · duration limit`. */
  text: string;
  /** What the user calls it, and says of it. */
  name?: string;
  note?: string;
  /** Kept by retention. */
  isPinned: boolean;
}

export interface RecordingsResult {
  /** Latest first; without those that are being made. */
  recordings: RecordingSummary[];
}

/** Client to server, when the user asks for it: the recordings of a file, of which one is to be chosen. */
export const listRecordings = new RequestType<FileParams, RecordingsResult, undefined>(
  'beamRewind/listRecordings',
);

export interface ChangeRecordingParams extends FileParams {
  id: string;
  /** What is absent stays as it is; an empty text takes the name or the note away. */
  name?: string;
  note?: string;
  isPinned?: boolean;
}

/**
 * Client to server, when the user asks for it: name a recording, note something of it, or keep it from retention.
 * Refused with words for what is no name, or is another recording's.
 */
export const changeRecording = new RequestType<ChangeRecordingParams, null, undefined>(
  'beamRewind/changeRecording',
);

/** What recordings can be written as, to be run in the user's own test suite. */
export const testForms = [
  { id: 'python-pytest', label: 'pytest', extension: 'py', runsWith: "Python's direct runner" },
  { id: 'python-unittest', label: 'unittest', extension: 'py', runsWith: "Python's direct runner" },
  { id: 'java-junit', label: 'JUnit 4', extension: 'java', runsWith: "Java's direct runner" },
  { id: 'go-test', label: 'Go test', extension: 'go', runsWith: "Prism, in the test's process" },
] as const;
export type TestForm = (typeof testForms)[number];

export interface ExportTestParams extends FileParams {
  /** Recordings that have ended, of one pipeline. */
  ids: string[];
  form: TestForm['id'];
  /** URI of the file to write. One that is there is replaced: the client has asked. */
  target: string;
}

export interface ExportTestResult {
  /** How many elements the test has. */
  elements: number;
  /** What of the recordings is not in it, for people. */
  warnings: string[];
}

/**
 * Client to server, when the user asks for it: write recordings as a test. Refused with words for what there is no such
 * test of.
 */
export const exportTest = new RequestType<ExportTestParams, ExportTestResult, undefined>(
  'beamRewind/exportTest',
);

/** One source of a file, for the status bar. */
export interface SourceSummary {
  pipeline: string;
  label: string;
  state: SourceState;
  /** The state in words: `1,240 elements · 1m`, or why it is stale or failed. */
  text: string;
  /** What else is to be said of a usable recording: that it was cancelled, say. */
  detail?: string;
  /** Zero-based line of the source; absent when it is no longer in the file. */
  line?: number;
}

export type FileActivity = 'idle' | 'recording' | 'replaying';

export interface FileStateParams extends FileParams {
  activity: FileActivity;
  /** Progress in words: `1,240 elements · 1.2 MB of 1 GB · 12s of 1m`, or the step before it. Empty when idle. */
  activityText: string;
  /** Recordable sources, and recordings whose source is gone. */
  sources: SourceSummary[];
}

/**
 * Server to client, for every open file, when its state changes and while it is being recorded (at most
 * four times a second): what the status bar shows.
 */
export const fileState = new NotificationType<FileStateParams>('beamRewind/fileState');

export interface OutputParams extends FileParams {
  stream: 'stdout' | 'stderr';
  text: string;
}

/**
 * Server to client, while a session runs: the program's own output, unchanged. Steps and messages of the
 * runner go to the log, by the LSP's `window/logMessage`.
 */
export const output = new NotificationType<OutputParams>('beamRewind/output');

export type { Debuggee };
export type DebuggeeParams = FileParams & Debuggee;

/** Server to client, while a program is replayed for a debugger: it waits for one to be attached. */
export const debuggee = new NotificationType<DebuggeeParams>('beamRewind/debuggee');

/** Client to server, once, when the user trusts the workspace: from now on programs may be run. */
export const didGrantWorkspaceTrust = new NotificationType<Record<string, never>>(
  'beamRewind/didGrantWorkspaceTrust',
);

/** Error code of a request that is refused in the state things are in; its message says why and what to do. */
export const refused = 1001;

/** Languages, by their identifiers in VS Code, in which pipelines are written. */
export const pipelineLanguages = ['python', 'yaml', 'java', 'go', 'typescript'] as const;

/** Those whose programs can be recorded and replayed; of the others the sources and their state are shown. */
export const launchedLanguages = ['python', 'yaml', 'java', 'go'] as const;

/** The editor's commands. Code lenses of the server name them; each takes the URI of a file, as text. */
export const commandIds = {
  recordSources: 'beamRewind.recordSources',
  recordSourcesAgain: 'beamRewind.recordSourcesAgain',
  replay: 'beamRewind.replay',
  debugReplay: 'beamRewind.debugReplay',
  cancelRecording: 'beamRewind.cancelRecording',
  stopTestStream: 'beamRewind.stopTestStream',
  clearRecordings: 'beamRewind.clearRecordings',
  nameRecording: 'beamRewind.nameRecording',
  noteRecording: 'beamRewind.noteRecording',
  pinRecording: 'beamRewind.pinRecording',
  exportTest: 'beamRewind.exportTest',
  showStatus: 'beamRewind.showStatus',
  showLog: 'beamRewind.showLog',
  showProgramOutput: 'beamRewind.showProgramOutput',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];

/**
 * Commands of quick fixes that the server itself executes. Their arguments: URI of the file, id of the recording and,
 * of the first, the hash of the signature to ignore; `acceptRenames` takes the URI alone.
 */
export const serverCommandIds = {
  ignoreChange: 'beamRewind.ignoreChange',
  warnAgain: 'beamRewind.warnAgain',
  acceptRenames: 'beamRewind.acceptRenames',
} as const;
