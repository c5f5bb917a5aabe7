import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { analyzeText } from '../../../server/src/language/language.js';
import { listRecordings } from '../../../server/src/recording/store.js';
import { showElements } from '../../../server/src/session/showRecording.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from '../session/session.js';
import { testPython } from '../testPython.js';
import { faultRuns } from './runs.js';

const cli = path.resolve('dist/cli.js');

interface CliProgram {
  child: ChildProcess;
  /** The lines of JSON, as they come. */
  lines: AsyncIterator<string>;
}

async function startRecording(file: string, ...flags: string[]): Promise<CliProgram> {
  const args = [cli, 'record', file, '--json', '--python', await testPython(), ...flags];
  const child = spawn(process.execPath, args, {
    cwd: path.dirname(file),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface(child.stdout)[Symbol.asyncIterator]() };
}

/** The outcome in the last line of a recording. */
async function outcomeOf({ lines }: CliProgram): Promise<Record<string, unknown>> {
  let last = '{}';
  for (let next = await lines.next(); !next.done; next = await lines.next()) last = next.value;
  return JSON.parse(last) as Record<string, unknown>;
}

/** Processes below one, children first; Linux only. */
function descendants(pid: number): { pid: number; command: string }[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It has ended meanwhile.
    }
  }
  const below = (of: number): number[] =>
    [...parents].filter(([, parent]) => parent === of).flatMap(([one]) => [...below(one), one]);
  return below(pid).map((one) => ({ pid: one, command: commandOf(one) }));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** True while a process lives that is not only waiting to be reaped. */
function lives(pid: number): boolean {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + 60_000; !condition();) {
    assert.ok(performance.now() < end, what);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const victims = ['the CLI', 'the CLI and its supervisors', 'Prism', 'the program'] as const;

function kill(victim: (typeof victims)[number], cliPid: number): void {
  const below = descendants(cliPid);
  const matching = (pattern: RegExp) => below.filter(({ command }) => pattern.test(command));
  const pids = {
    'the CLI': [cliPid],
    'the CLI and its supervisors': [cliPid, ...matching(/supervisor\.mjs/).map(({ pid }) => pid)],
    Prism: matching(/--job_port/).map(({ pid }) => pid),
    'the program': matching(/run_pipeline\.py/).map(({ pid }) => pid),
  }[victim];
  assert.ok(pids.length > 0, `${victim} is not running`);
  // Stopped first, none can notice the end of another.
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

describe('kill -9 while recording on Prism', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  const runs = faultRuns(victims.length);
  for (let run = 0; run < runs; run++) {
    const victim = victims[run % victims.length]!;
    it(`of ${victim} loses and doubles nothing, and leaves nothing behind (${run + 1})`, () =>
      withTemporaryFolder(async (folder) => {
        const project = await openProject(folder, 'clicks.py');
        const text = await readFile(project.file, 'utf8');
        await writeFile(project.file, text.replace('fire_interval=0.05', 'fire_interval=0.01'));
        const recording = await startRecording(project.file);
        const exit = once(recording.child, 'exit');
        let acknowledged = 0;
        const wanted = Math.floor(Math.random() * 300);
        while (acknowledged <= wanted) {
          const next = await recording.lines.next();
          assert.ok(!next.done, 'the recording ended by itself');
          const event = JSON.parse(next.value) as { kind: string; elements?: number };
          if (event.kind === 'progress') acknowledged = event.elements ?? 0;
        }
        const cliPid = recording.child.pid!;
        // What the index counts was written before.
        const [before] = await listRecordings(project.store);
        const below = descendants(cliPid);
        kill(victim, cliPid);
        await exit;
        await until(() => !below.some(({ pid }) => lives(pid)), `left: ${JSON.stringify(below)}`);

        const { sources } = await analyzeText(project.file, await readFile(project.file, 'utf8'));
        const [status] = await sourceStatuses(project.store, project.file, sources);
        assert.ok(status?.recording?.endReason, 'it has an end');
        const times: number[] = [];
        for await (const { timestamp } of showElements(project.store, project.file, 'Clicks', 1e6))
          times.push(timestamp);
        // What a job that failed has recorded stays in its log.
        if (status.state !== 'failed') assert.equal(times.length, status.recording.elements);
        assert.ok(status.recording.elements >= (before?.elements ?? 0), 'an element is lost');
        times.slice(1).forEach((time, i) => {
          const gap = Math.abs(time - times[i]! - 10);
          assert.ok(gap <= 1, `element ${i + 1} is not 10 ms behind the one before it`);
        });

        const next = await startRecording(project.file, '--force', '--max-elements', '5');
        assert.equal((await outcomeOf(next))['outcome'], 'recorded');
      }));
  }
});

describe('recordings of one file', () => {
  it('started at once by several processes make one job', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const limit = ['--max-elements', '20'];
      const started = await Promise.all(
        Array.from({ length: 3 }, () => startRecording(project.file, ...limit)),
      );
      const outcomes = await Promise.all(started.map(outcomeOf));
      assert.deepEqual(outcomes.map(({ outcome }) => outcome).sort(), [
        'nothing to do',
        'nothing to do',
        'recorded',
      ]);
      assert.equal((await listRecordings(project.store)).length, 1);
    }));

  it('started and cancelled again and again leave nothing open', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const cycle = async (): Promise<void> => {
        const controller = new AbortController();
        const outcome = await project.record(
          {},
          {
            force: true,
            signal: controller.signal,
            onEvent: (event) => {
              // A storm of cancellations, at whatever moment.
              if (event.kind === 'step' || event.kind === 'progress')
                if (Math.random() < 0.3 || event.kind === 'progress') controller.abort();
            },
          },
        );
        assert.ok(outcome.kind === 'recorded', JSON.stringify(outcome));
      };
      const open = (): string[] =>
        process.getActiveResourcesInfo().filter((name) => !/Timeout|Immediate/.test(name));
      await cycle();
      const before = open().length;
      const runs = faultRuns(3);
      for (let run = 0; run < runs; run++) await cycle();
      await until(() => open().length <= before, `open: ${open().join(', ')}`);
      assert.equal(
        descendants(process.pid).filter(({ command }) => /prism|run_pipeline/.test(command)).length,
        0,
      );
    }));
});
