import assert from 'node:assert/strict';
import { showRecordings } from '../../../server/src/session/showRecording.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { missingJavaTools } from '../language/java.js';
import { openProject, sortedLines } from './session.js';

/** 5 of the fast source was late for the windows of its own, and came before the slow one's watermark let them go. */
const windows = [
  'fast 0 [1]',
  'fast 10 [12]',
  'fast 100 [101]',
  'join 0 [1 5] [2 3 4]',
  'join 10 [12] [13 14 16 17 18]',
  'join 100 [101] []',
  'slow 0 [2 3 4]',
  'slow 10 [13 14 16 17 18]',
];

interface Told {
  value: string;
  window: { start: string };
}

/** Records the two sources of a program and replays them, twice: each has the watermark it had. Outputs are told. */
async function recordsAndReplays(program: string, joined: string, shown: string): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const project = await openProject(folder, program);
    const recorded = await project.record();
    assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
    const recordings = await storedRecordings(project.store);
    const facts = recordings.map(({ label, elements, endReason }) => [label, elements, endReason]);
    assert.deepEqual(
      facts.map(([label, ...rest]) => [String(label).split('/')[0], ...rest]).sort(),
      [
        ['Fast', 4, 'source finished'],
        ['Slow', 8, 'source finished'],
      ],
    );
    const elements: string[] = [];
    const fast = recordings.filter(({ label }) => label.startsWith('Fast'));
    for await (const { value } of showRecordings(project.store, fast, 1)) elements.push(value);
    assert.deepEqual(elements, [shown]);
    for (const outputs of [['*'], [joined]]) {
      project.takeOutput();
      assert.deepEqual(await project.replay({ outputs }), { kind: 'replayed', exitCode: 0 });
      const lines = sortedLines(project.takeOutput().replaceAll(',', ''));
      assert.deepEqual(lines, windows);
      const told = project.takeTold().map((line) => JSON.parse(line) as Told);
      assert.deepEqual(
        told.map(({ value }) => value.replaceAll(',', '')).sort(),
        windows.filter((line) => outputs[0] === '*' || line.startsWith('join')),
      );
      for (const { value, window } of told)
        assert.equal(Date.parse(window.start) / 1000, Number(value.split(' ')[1]));
    }
  });
}

describe('Two sources in one pipeline, on Prism, with watermarks of their own', function () {
  this.timeout(600_000);

  it('in Go', () => recordsAndReplays('go_ticks/join/main.go', 'main.joinFn', '"1"'));

  it('in Java', async function () {
    const missing = await missingJavaTools();
    assert.ok(!missing || !process.env['CI'], missing);
    if (missing) this.skip();
    await recordsAndReplays('java_ticks/src/main/java/ticks/Join.java', 'Show joined/*', '1');
  });
});
