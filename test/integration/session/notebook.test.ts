import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeText } from '../../../server/src/language/language.js';
import { withoutMagics } from '../../../server/src/language/notebook/magics.js';
import { recordingsOf, sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { MAGICS } from '../../unit/language/magics.js';
import { runPython } from '../language/python.js';
import type { TestProject } from './session.js';
import { openProject } from './session.js';

async function statusesOf({ file, store }: TestProject) {
  const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
  return sourceStatuses(store, file, sources);
}

function linesOf(output: string): string[] {
  return output.split('\n').filter(Boolean).sort();
}

describe('a notebook on Prism', () => {
  it('is recorded and replayed; its source is found in its cell', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.ipynb');
      const recorded = await project.record({ maxElements: 20 });
      assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
      const [status, ...others] = await statusesOf(project);
      assert.deepEqual(others, []);
      assert.equal(status?.label, 'Clicks');
      assert.equal(status.state, 'valid');
      assert.equal(status.source?.cell, 6);
      assert.equal(
        status.recording?.sourceText,
        "'Clicks' >> PeriodicImpulse(fire_interval=EVERY)",
      );
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const printed = linesOf(project.takeOutput());
      assert.equal(printed.length, status.recording.elements);
      assert.deepEqual(new Set(printed), new Set(['6']));

      const text = await readFile(project.file, 'utf8');
      await writeFile(project.file, text.replace('EVERY = 0.05', 'EVERY = 0.07'));
      assert.equal((await statusesOf(project))[0]?.state, 'stale');
    }));

  it('takes out of a cell what is no Python as the analysis does', async () => {
    const code =
      'import json, sys; sys.path.insert(0, "server/src/assets"); import notebook_cells as n; print(json.dumps([n.without_magics(c) for c in json.load(sys.stdin)]))';
    const cells = Object.values(MAGICS).map(([cell]) => cell);
    const output = await runPython(['-c', code], JSON.stringify(cells));
    assert.deepEqual(JSON.parse(output), cells.map(withoutMagics));
  });
});

describe('sources in a loop, on Prism', () => {
  it('are one entry with a recording of each', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'in_a_loop.py');
      const recorded = await project.record({ maxElements: 20 });
      assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
      const statuses = await statusesOf(project);
      assert.deepEqual(
        statuses.map(({ label, state, source }) => [label, state, source?.repeated]),
        [['Read {}', 'valid', true]],
      );
      const recordings = await recordingsOf(project.store, project.file);
      assert.deepEqual(
        recordings.map(({ label, uniqueName }) => `${label}: ${uniqueName}`).sort(),
        ['Read {}: Read left', 'Read {}: Read right'],
      );
    }));
});
