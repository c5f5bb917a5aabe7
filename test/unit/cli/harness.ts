import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import type { CliContext, SessionFunctions } from '../../../server/src/cli/context.js';
import { runCli } from '../../../server/src/cli/program.js';
import type { PipelineSource } from '../../../server/src/language/source.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import type { RecordOptions, SessionEvent } from '../../../server/src/session/session.js';
import type { SourceStatus } from '../../../server/src/session/sourceStatus.js';

/** Where the clock of the fakes stands. */
export const now = Date.parse('2025-03-01T13:00:00Z');

/** What a command line did. */
export interface CliRun {
  code: number;
  out: string;
  err: string;
}

export interface CliSetup extends Partial<SessionFunctions> {
  /** Contents of the files in the working directory; `clicks.py` is there unless given. */
  files?: Record<string, string>;
  env?: NodeJS.ProcessEnv;
  /** Columns of the terminal that stdout or stderr is. */
  stdoutColumns?: number;
  stderrColumns?: number;
  signal?: AbortSignal;
}

/** A stream that keeps what is written to it. */
export class Kept extends Writable {
  readonly chunks: Buffer[] = [];
  readonly isTTY: boolean;

  constructor(readonly columns?: number) {
    super();
    this.isTTY = columns !== undefined;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

/** A context of fakes; whatever a test does not expect to be called fails. */
export function fakeContext(setup: CliSetup, cwd: string) {
  const stdout = new Kept(setup.stdoutColumns);
  const stderr = new Kept(setup.stderrColumns);
  const unexpected = (name: string) => () => {
    throw new Error(`${name} is not expected to be called`);
  };
  const { files: _files, env, stdoutColumns: _o, stderrColumns: _e, signal, ...session } = setup;
  const context: CliContext = {
    session: {
      analyzeText: () => Promise.resolve({ sources: [], syntaxErrors: [] }),
      languageOf: (name) => (name.endsWith('.py') ? 'python' : undefined),
      defaultStore: (file) => path.join(path.dirname(file), '.beam-rewind'),
      findInterpreter: () => Promise.resolve('/venv/bin/python'),
      recordFile: unexpected('recordFile'),
      replayFile: unexpected('replayFile'),
      runFile: unexpected('runFile'),
      checkFile: unexpected('checkFile'),
      storedRecordings: () => Promise.resolve([]),
      verifyRecordings: unexpected('verifyRecordings'),
      pinRecordings: unexpected('pinRecordings'),
      nameRecordings: unexpected('nameRecordings'),
      noteRecordings: unexpected('noteRecordings'),
      deleteRecordings: unexpected('deleteRecordings'),
      acceptRenames: unexpected('acceptRenames'),
      sourceStatuses: unexpected('sourceStatuses'),
      recordedFiles: () => Promise.resolve([]),
      cancelRecording: unexpected('cancelRecording'),
      clearRecordings: unexpected('clearRecordings'),
      showElements: unexpected('showElements'),
      showRecordings: unexpected('showRecordings'),
      exportRecording: unexpected('exportRecording'),
      exportTest: unexpected('exportTest'),
      importRecording: unexpected('importRecording'),
      serveRecording: unexpected('serveRecording'),
      ...session,
    },
    stdout,
    stderr,
    env: env ?? {},
    cwd,
    version: '1.2.3',
    now: () => now,
    untilInterrupted: () => signal ?? new AbortController().signal,
  };
  return { context, stdout, stderr };
}

/** Runs a command line in a folder of its own; the folder's path is written as `CWD` in what it prints. */
export async function cli(argv: string[], setup: CliSetup = {}): Promise<CliRun> {
  const cwd = realpathSync(mkdtempSync(path.join(tmpdir(), 'beam-rewind-cli-')));
  try {
    const files = setup.files ?? { 'clicks.py': 'import apache_beam as beam\n' };
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
    const { context, stdout, stderr } = fakeContext(setup, cwd);
    const code = await runCli(argv, context);
    const shown = (text: string) => text.replaceAll(cwd, 'CWD');
    return { code, out: shown(stdout.text), err: shown(stderr.text) };
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

/** The lines of JSON that a command line printed. */
export function jsonLines({ out }: CliRun): unknown[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

export function aSource(values: Partial<PipelineSource> = {}): PipelineSource {
  const position = { line: 11, character: 4 };
  return {
    pipeline: 'run.p',
    label: 'Clicks',
    transformName: 'PeriodicImpulse',
    bounded: false,
    boundedReason: 'no stop_timestamp',
    range: { start: position, end: position },
    statement: { start: position, end: position },
    signature: {
      version: 3,
      sdk: 'python',
      hash: 'abc123',
      transform: 'apache_beam.transforms.periodicsequence.PeriodicImpulse',
      label: 'Clicks',
      arguments: {},
      definitions: {},
    },
    ...values,
  };
}

export function aRecording(values: Partial<Recording> = {}): Recording {
  return {
    formatVersion: 2,
    id: 'r1',
    file: '/p/clicks.py',
    pipeline: 'run.p',
    label: 'Clicks',
    uniqueName: 'Clicks',
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 60_000, maxBytes: 1e9, maxElements: Number.MAX_SAFE_INTEGER },
    startedAt: now - 4 * 60_000,
    endedAt: now - 3 * 60_000,
    endReason: 'duration limit',
    elements: 1240,
    bytes: 58_000,
    minTimestamp: Date.parse('2025-03-01T12:00:00Z'),
    maxTimestamp: Date.parse('2025-03-01T12:01:30Z'),
    ...values,
  };
}

export function aStatus(values: Partial<SourceStatus> = {}): SourceStatus {
  return {
    pipeline: 'run.p',
    label: 'Clicks',
    state: 'valid',
    source: aSource(),
    recording: aRecording(),
    ...values,
  };
}

/** How `aRecording` looks with `--json`. */
export const recordingJson = {
  id: 'r1',
  elements: 1240,
  bytes: 58_000,
  minTimestamp: 1740830400000,
  maxTimestamp: 1740830490000,
  startedAt: 1740833760000,
  endedAt: 1740833820000,
  endReason: 'duration limit',
};

export function output(stream: 'stdout' | 'stderr', text: string | Uint8Array): SessionEvent {
  return { kind: 'output', stream, data: Buffer.from(text) };
}

/** Progress of one source against the limits of 60 s and 1 GB. */
export function progress(elapsedMs: number, elements: number, bytes: number): SessionEvent {
  const { limits } = aRecording();
  const sources = [{ pipeline: 'run.p', label: 'Clicks', elements, bytes }];
  return { kind: 'progress', progress: { elements, bytes, elapsedMs, limits, sources } };
}

/** A recordFile that tells these events, then says it is recorded. */
export function recordsWith(...events: SessionEvent[]): SessionFunctions['recordFile'] {
  return (options: RecordOptions) => {
    for (const event of events) options.onEvent(event);
    return Promise.resolve({ kind: 'recorded', cancelled: false, sources: [aStatus()] });
  };
}
