import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeText } from '../../../server/src/language/language.js';
import { cancelRecording } from '../../../server/src/session/cancelRecording.js';
import { clearRecordings } from '../../../server/src/session/clearRecordings.js';
import { showElements } from '../../../server/src/session/showRecording.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { TestProject } from './session.js';
import { openProject, sortedLines } from './session.js';

async function statusesOf({ file, store }: TestProject) {
  const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
  return sourceStatuses(store, file, sources);
}

async function edit({ file }: TestProject, from: string, to: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  assert.ok(text.includes(from));
  await writeFile(file, text.replace(from, to));
}

describe('record and replay on Prism', () => {
  it('records, replays the same twice, goes stale and is recorded again', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const recorded = await project.record({ maxElements: 60 });
      assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
      assert.equal(project.takeOutput(), '', 'what follows the source does not run');
      const [status] = await statusesOf(project);
      assert.equal(status?.state, 'valid');
      assert.equal(status.recording?.endReason, 'elements limit');
      assert.ok(status.recording.elements >= 60);

      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const first = sortedLines(project.takeOutput());
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), first);
      const sums = first.map((line) => Number(line.split(' ')[2]));
      assert.equal(
        sums.reduce((total, sum) => total + sum, 0),
        status.recording.elements,
        'every element is replayed once',
      );

      const again = await project.record({ maxElements: 60 });
      assert.equal(again.kind, 'nothing to do');

      await edit(project, 'fire_interval=0.05', 'fire_interval=0.02');
      const [stale] = await statusesOf(project);
      assert.equal(stale?.state, 'stale');
      assert.match(stale.reason ?? '', /0\.05.*0\.02/);
      const refused = await project.replay();
      assert.ok(refused.kind === 'failed' && refused.message.includes('stale'));

      assert.equal((await project.record({ maxElements: 20 })).kind, 'recorded');
      const [renewed] = await statusesOf(project);
      assert.equal(renewed?.state, 'valid');
      assert.notEqual(renewed.recording?.id, status.recording.id);
      // The recording of the earlier text is kept: undo brings it back.
      assert.equal(await clearRecordings(project.store, project.file), 2);
    }));

  it('keeps what follows a source out of its validity', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      await project.record({ maxElements: 20 });
      await edit(project, "'k%d' % (int(t * 20) % 3)", "'all'");
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      assert.ok(sortedLines(project.takeOutput()).every((line) => line.startsWith('sum all ')));
    }));

  it('tells two pipelines of one file apart, though their labels are equal', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_pipelines.py');
      assert.equal((await project.record({ maxElements: 10 })).kind, 'recorded');
      const statuses = await statusesOf(project);
      assert.deepEqual(
        statuses.map(({ pipeline, label, state }) => [pipeline, label, state]),
        [
          ['first', 'Read', 'valid'],
          ['second', 'Read', 'valid'],
        ],
      );
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const lines = sortedLines(project.takeOutput());
      for (const [index, name] of ['first', 'second'].entries()) {
        const replayed = lines.filter((line) => line === `${name} element`).length;
        assert.equal(replayed, statuses[index]?.recording?.elements);
      }
    }));

  it('records on request what an imported module reads, though the text does not show it', () =>
    withTemporaryFolder(async (folder) => {
      await openProject(folder, 'clicks_feed.py');
      const project = await openProject(folder, 'imported_source.py');
      assert.equal((await project.record()).kind, 'nothing to do');
      const outcome = await project.record({ maxElements: 10 }, { force: true });
      assert.equal(outcome.kind, 'recorded');
      const [status] = await statusesOf(project);
      assert.equal(status?.state, 'valid');
      assert.match(status.reason ?? '', /not found in the text/);
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const clicks = sortedLines(project.takeOutput());
      assert.equal(clicks.length, status.recording?.elements);
    }));

  it('replays two sources of a join together', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_sources.py');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      const statuses = await statusesOf(project);
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const first = sortedLines(project.takeOutput());
      await project.replay();
      assert.deepEqual(sortedLines(project.takeOutput()), first);
      for (const [tag, index] of [
        ['ticks', 0],
        ['tocks', 1],
      ] as const) {
        const joined = first.map((line) => Number(new RegExp(`${tag}=(\\d+)`).exec(line)?.[1]));
        assert.equal(
          joined.reduce((total, count) => total + count, 0),
          statuses[index]?.recording?.elements,
        );
      }
    }));

  it('gives each of several sources its own watermark', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'late_in_one.py');
      assert.equal((await project.record(undefined, { force: true })).kind, 'recorded');
      const outputs: string[][] = [];
      for (let replays = 0; replays < 3; replays++) {
        assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
        outputs.push(project.takeOutput().split('\n').filter(Boolean));
      }
      // 5 was late for `fast`; nothing is late for `slow`, whose watermark stays far behind.
      assert.deepEqual([...(outputs[0] ?? [])].sort(), [
        'fast 0 [1]',
        'fast 10 [12]',
        'fast 100 [101]',
        'slow 0 [2, 3, 4]',
        'slow 10 [13, 14]',
      ]);
      assert.deepEqual(outputs[1], outputs[0], 'the same panes in the same order');
      assert.deepEqual(outputs[2], outputs[0]);
    }));

  it('keeps what was recorded when the session is aborted', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const controller = new AbortController();
      const outcome = await project.record(undefined, {
        signal: controller.signal,
        onEvent: (event) => {
          if (event.kind === 'progress' && event.progress.elements >= 10) controller.abort();
        },
      });
      assert.ok(outcome.kind === 'recorded' && outcome.cancelled);
      const [status] = await statusesOf(project);
      assert.equal(status?.state, 'valid');
      assert.equal(status.recording?.endReason, 'cancelled');
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
    }));

  it('can be told to end by whoever sees the store', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      let cancelled: Promise<number> | undefined;
      const outcome = await project.record(undefined, {
        onEvent: (event) => {
          if (event.kind !== 'progress' || event.progress.elements < 10) return;
          cancelled ??= cancelRecording(project.store, project.file);
        },
      });
      assert.ok(outcome.kind === 'recorded' && outcome.cancelled);
      assert.equal(await cancelled, 1);
    }));

  it("fails with the runner's words when the source throws", () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'throwing_source.py');
      const outcome = await project.record();
      assert.equal(outcome.kind, 'failed');
      assert.match(outcome.message, /the broker is on fire/);
      const [status] = await statusesOf(project);
      assert.equal(status?.state, 'failed');
      assert.match(status.reason ?? '', /the broker is on fire/);
    }));

  it('says why a program failed before its pipeline ran', () =>
    withTemporaryFolder(async (folder) => {
      const outcome = await (await openProject(folder, 'crashing.py')).record();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /no such topic: clicks/);
    }));

  it('says that no runner answers at the endpoint it was given', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const outcome = await project.record({}, { backend: '127.0.0.1:1' });
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /127\.0\.0\.1:1/);
    }));

  it('refuses to replay what was never recorded', () =>
    withTemporaryFolder(async (folder) => {
      const outcome = await (await openProject(folder, 'clicks.py')).replay();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Nothing is recorded/);
    }));

  it('shows recorded elements decoded, in order', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      await project.record({ maxElements: 10 });
      const shown = [];
      for await (const element of showElements(project.store, project.file, 'Clicks', 5)) {
        shown.push(element);
      }
      assert.equal(shown.length, 5);
      assert.deepEqual(
        shown.map(({ timestamp }) => timestamp),
        shown.map(({ timestamp }) => timestamp).sort((a, b) => a - b),
      );
      assert.ok(shown.every(({ value }) => value.length > 0 && !value.includes('pickle')));
    }));
});
