import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeText } from '../../../server/src/language/language.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { TestProject } from '../session/session.js';
import { openProject } from '../session/session.js';

async function recordingsOf({ file, store }: TestProject) {
  const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
  const statuses = await sourceStatuses(store, file, sources);
  return Object.fromEntries(statuses.map(({ label, ...status }) => [label, status]));
}

describe('sources that are hard to record, on Prism', () => {
  it('a silent one is recorded as silence, and keeps no other from its limit', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'silent.py');
      const outcome = await project.record({ durationMs: 3000, maxElements: 5 });
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
      const { Silent, Ticks } = await recordingsOf(project);
      assert.equal(Ticks?.recording?.endReason, 'elements limit');
      assert.ok(Ticks.recording.elements >= 5);
      assert.equal(Silent?.recording?.endReason, 'duration limit');
      assert.equal(Silent.recording.elements, 0);
      assert.equal(Silent.state, 'valid');
    }));

  it('elements of a megabyte are recorded to the limit and one bundle', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'large.py');
      const outcome = await project.record({ maxBytes: 5e6 });
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
      const { Large } = await recordingsOf(project);
      assert.equal(Large?.recording?.endReason, 'bytes limit');
      assert.ok(Large.recording.bytes >= 5e6);
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const lines = project.takeOutput().trim().split('\n');
      assert.equal(lines.length, Large.recording.elements);
      assert.ok(lines.every((line) => line === 'large 1000000'));
    }));

  it('only the one that changed is recorded again, and renamed pipelines keep theirs', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_sources.py');
      const limits = { maxElements: 10 };
      assert.equal((await project.record(limits)).kind, 'recorded');
      const before = await recordingsOf(project);
      const text = await readFile(project.file, 'utf8');
      const changed = text.replace('fire_interval=0.1', 'fire_interval=0.08');
      await writeFile(project.file, changed);
      const stale = await recordingsOf(project);
      assert.deepEqual([stale['Ticks']?.state, stale['Tocks']?.state], ['valid', 'stale']);
      assert.equal((await project.record(limits)).kind, 'recorded');
      const after = await recordingsOf(project);
      assert.equal(after['Ticks']?.recording?.id, before['Ticks']?.recording?.id);
      assert.notEqual(after['Tocks']?.recording?.id, before['Tocks']?.recording?.id);
      assert.deepEqual([after['Ticks']?.state, after['Tocks']?.state], ['valid', 'valid']);

      await writeFile(project.file, changed.replaceAll(/\bp\b(?= \||:)/g, 'pipe'));
      assert.equal((await project.record(limits)).kind, 'nothing to do');
      const renamed = await recordingsOf(project);
      assert.deepEqual([renamed['Ticks']?.pipeline, renamed['Ticks']?.state], ['pipe', 'valid']);
      assert.equal(renamed['Tocks']?.recording?.id, after['Tocks']?.recording?.id);
    }));
});
