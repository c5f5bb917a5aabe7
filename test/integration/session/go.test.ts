import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeText } from '../../../server/src/language/language.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { TestProject } from './session.js';
import { openProject, sortedLines } from './session.js';

/** Open windows of the end of a recording fire when its test stream ends. */
const lineOfCount = /^(\w+) \d+ (\d) (\d+)$/;

describe('A program in Go', function () {
  // The packages of the SDK may have to be compiled first.
  this.timeout(600_000);

  async function edit({ file }: TestProject, from: string, to: string): Promise<void> {
    const text = await readFile(file, 'utf8');
    assert.ok(text.includes(from), from);
    await writeFile(file, text.replace(from, to));
  }

  async function statusOf({ file, store }: TestProject) {
    const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
    const [status] = await sourceStatuses(store, file, sources);
    return status;
  }

  function countedIn(lines: string[]): number {
    return lines.reduce((sum, line) => sum + Number(lineOfCount.exec(line)?.[3]), 0);
  }

  it('is recorded and replayed; its source alone is, though it shares a scope with what follows', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      const recorded = await project.record({ maxElements: 120 });
      assert.ok(recorded.kind === 'recorded' && !recorded.cancelled, JSON.stringify(recorded));
      project.takeOutput();
      const status = await statusOf(project);
      assert.equal(status?.state, 'valid');
      assert.equal(status.recording?.uniqueName, 'Read/periodic.Impulse');

      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const lines = sortedLines(project.takeOutput());
      assert.equal(countedIn(lines), status.recording.elements);
      assert.deepEqual(await project.replay({ args: ['--runner', 'direct', '--greeting=again'] }), {
        kind: 'replayed',
        exitCode: 0,
      });
      const again = sortedLines(project.takeOutput());
      assert.deepEqual(
        again,
        lines.map((line) => line.replace('tenth', 'again')),
      );

      await edit(project, '/ 100 % 10', '/ 500 % 2');
      assert.equal((await statusOf(project))?.state, 'valid', 'what follows a source is not it');
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const halves = sortedLines(project.takeOutput());
      assert.deepEqual(
        new Set(halves.map((line) => lineOfCount.exec(line)?.[2])),
        new Set(['0', '1']),
      );
      assert.equal(countedIn(halves), status.recording.elements);

      await edit(project, '20*time.Millisecond', '10*time.Millisecond');
      assert.equal((await statusOf(project))?.state, 'stale');
      const refused = await project.replay();
      assert.ok(refused.kind === 'failed' && refused.message.includes('interval'));
    }));

  it('with two sources of one name is not recorded, and told what to do', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      await edit(
        project,
        '\ttenths :=',
        '\tticks = beam.Flatten(s, ticks, periodic.Impulse(read, time.Now(), mtime.MaxTimestamp.ToTime(), time.Hour, false))\n\ttenths :=',
      );
      const outcome = await project.record({ maxElements: 1 });
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /2 sources of this file are named "Read\/periodic\.Impulse"/);
      assert.match(outcome.message, /s\.Scope\("Orders"\)/);
    }));

  it("that does not build fails in the compiler's words", () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      await edit(project, '\ttenths :=', '\tundefinedName()\n\ttenths :=');
      const outcome = await project.record();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /main\.go:45:2: undefined: undefinedName/);
    }));

  it('that fails before its pipeline runs fails in its own words', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      await edit(project, '\tbeam.Init()\n', '\tpanic("no such topic: clicks")\n');
      const outcome = await project.record();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /panic: no such topic: clicks/);
    }));

  it('can be cancelled while it is built', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      const controller = new AbortController();
      const outcome = await project.record(undefined, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.kind === 'step' && event.text.startsWith('Building')) controller.abort();
        },
      });
      assert.ok(outcome.kind === 'recorded' && outcome.cancelled);
      assert.ok(!project.events.some(({ kind }) => kind === 'jobState'));
      assert.equal((await statusOf(project))?.state, 'none');
    }));
});
