import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingLimits } from '../../../server/src/recording/recording.js';
import { recordFile } from '../../../server/src/session/recordFile.js';
import { replayFile } from '../../../server/src/session/replayFile.js';
import type { CheckOutcome } from '../../../server/src/session/checkFile.js';
import { checkFile } from '../../../server/src/session/checkFile.js';
import { runFile } from '../../../server/src/session/runFile.js';
import type {
  RecordingSettings,
  RecordOutcome,
  ReplayOptions,
  ReplayOutcome,
  SessionEvent,
} from '../../../server/src/session/session.js';
import { testPython } from '../testPython.js';

/** A program of test/fixtures/programs in a project of its own, and what is done with it. */
export interface TestProject {
  file: string;
  store: string;
  /** What the program printed to stdout since the last call. */
  takeOutput(): string;
  /** What the replays told of their outputs since the last call, sorted. */
  takeTold(): string[];
  events: SessionEvent[];
  record(limits?: Partial<RecordingLimits>, options?: SessionVariant): Promise<RecordOutcome>;
  replay(options?: SessionVariant): Promise<ReplayOutcome>;
  run(limits: Partial<RecordingLimits>, options?: SessionVariant): Promise<ReplayOutcome>;
  check(
    seeds: number,
    options?: SessionVariant & { comparedOutputs?: string[] },
  ): Promise<CheckOutcome>;
}

export interface SessionVariant {
  force?: boolean;
  signal?: AbortSignal;
  backend?: string;
  startTimeoutMs?: number;
  recordableSources?: string[];
  /** What is recorded, and how. */
  settings?: Partial<Omit<RecordingSettings, 'limits'>>;
  /** Names or ids of recordings to replay. */
  recordings?: string[];
  /** Absent: that of the tests. */
  interpreter?: string;
  /** Labels of the outputs that a replay tells in {@link TestProject.takeTold}. */
  outputs?: string[];
  /** Arguments of the program. */
  args?: string[];
  debug?: ReplayOptions['debug'];
  /** Called for each event, before it is kept. */
  onEvent?(event: SessionEvent): void;
}

const farAway: RecordingLimits = { durationMs: 120_000, maxBytes: 1e9, maxElements: 1e9 };

/** Copies a program, or the project it is in (`go_ticks/main.go`), into a folder and answers how to record and replay it there. */
export async function openProject(folder: string, program: string): Promise<TestProject> {
  const file = path.join(folder, program);
  const [copied = ''] = program.split('/');
  await cp(path.join('test/fixtures/programs', copied), path.join(folder, copied), {
    recursive: true,
  });
  const store = path.join(folder, '.beam-rewind');
  const events: SessionEvent[] = [];
  const told: string[] = [];
  let output = '';
  const launch = async (variant: SessionVariant) => ({
    file,
    text: await readFile(file, 'utf8'),
    args: variant.args ?? [],
    interpreter: variant.interpreter ?? (await testPython()),
    store,
    backend: variant.backend ?? 'prism',
    ...(variant.startTimeoutMs !== undefined && { startTimeoutMs: variant.startTimeoutMs }),
    ...(variant.recordableSources && { recordableSources: variant.recordableSources }),
    signal: variant.signal ?? new AbortController().signal,
    onEvent: (event: SessionEvent) => {
      variant.onEvent?.(event);
      events.push(event);
      if (event.kind === 'output' && event.stream === 'stdout') {
        output += Buffer.from(event.data).toString();
      }
    },
  });
  return {
    file,
    store,
    events,
    takeOutput() {
      const taken = output;
      output = '';
      return taken;
    },
    record: async (limits = {}, variant = {}) =>
      recordFile({
        ...(await launch(variant)),
        limits: { ...farAway, ...limits },
        ...variant.settings,
        force: variant.force ?? false,
      }),
    takeTold: () => told.splice(0).sort(),
    replay: async (variant = {}) =>
      replayFile({
        ...(await launch(variant)),
        ...(variant.debug && { debug: variant.debug }),
        ...(variant.recordings && { recordings: variant.recordings }),
        ...(variant.outputs && {
          outputs: { labels: variant.outputs, onLine: (line) => told.push(line) },
        }),
      }),
    check: async (seeds, { comparedOutputs = [], ...variant } = {}) =>
      checkFile({ ...(await launch(variant)), seeds, comparedOutputs }),
    run: async (limits, variant = {}) =>
      runFile({
        ...(await launch(variant)),
        limits: { ...farAway, ...limits },
        ...variant.settings,
        force: false,
        enableRecordingReplay: true,
      }),
  };
}

/** Lines in an order that does not depend on the runner: that of keys within one firing is not defined by Beam. */
export function sortedLines(text: string): string[] {
  return text.split('\n').filter(Boolean).sort();
}
