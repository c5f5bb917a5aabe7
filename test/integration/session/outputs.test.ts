import assert from 'node:assert/strict';
import { pythonDirect } from '../../../server/src/beam/backends/pythonDirect.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from './session.js';

interface Told {
  output: string;
  value: unknown;
  timestamp: string;
  window: { start: string; end: string };
  pane: { timing: string; index: number };
}

/** As the program prints it. */
function paneLine(kind: string, { value, window, pane }: Told): string {
  const { key, value: values } = value as { key: string; value: number[] };
  const list = values.sort((a, b) => a - b).join(', ');
  const timing = ['EARLY', 'ON_TIME', 'LATE', 'UNKNOWN'].indexOf(pane.timing);
  return `${kind} ${key} [${list}] ${Date.parse(window.end) / 1000} ${timing} ${pane.index}`;
}

function parsed(lines: string[]): Told[] {
  return lines.map((line) => JSON.parse(line) as Told);
}

describe('outputs of a replay', () => {
  it('are told element by element with time, window and pane, the same each time', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      const outputs = ['CombinePerKey(sum)'];
      assert.deepEqual(await project.replay({ outputs }), { kind: 'replayed', exitCode: 0 });
      const told = project.takeTold();
      const sums = parsed(told).map(({ output, value, timestamp, window, pane }) => {
        assert.equal(output, 'CombinePerKey(sum)');
        assert.equal(pane.timing, 'ON_TIME');
        const [start, end] = [Date.parse(window.start), Date.parse(window.end)];
        assert.equal(end - start, 1000);
        assert.equal(Date.parse(timestamp), end - 1);
        const { key, value: sum } = value as { key: string; value: number };
        return `sum ${key} ${sum} ${start / 1000}`;
      });
      assert.deepEqual(sums.sort(), sortedLines(project.takeOutput()));

      assert.deepEqual(await project.replay({ outputs }), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(project.takeTold(), told);
      const inProgram = await project.replay({ outputs, backend: pythonDirect });
      assert.deepEqual(inProgram, { kind: 'replayed', exitCode: 0 });
      // The direct runner does not say of a pane that it is the last.
      const lasts = told.map((line) => line.replace('"isLast":true', '"isLast":false'));
      assert.notDeepEqual(lasts, told);
      assert.deepEqual(project.takeTold(), lasts.sort());
      const checked = await project.check(2, { comparedOutputs: outputs });
      assert.deepEqual(checked, { kind: 'same', lines: told.length, seeds: 2 });

      // What nothing reads: the Nones of the last Map.
      await project.replay({ outputs: ['*'] });
      const ends = parsed(project.takeTold());
      assert.equal(ends.length, told.length);
      assert.ok(ends.every(({ output, value }) => output === 'Map(print_sum)' && value === null));
    }));

  it('are told of several sources, pane by pane', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'panes.py');
      const recorded = await project.record(undefined, { force: true });
      assert.equal(recorded.kind, 'recorded');
      const kinds = ['fast late', 'slow sliding', 'fast sessions'];
      // On Prism what a GroupByKey puts out cannot be told.
      for (const [backend, name] of [
        ['prism', 'List'],
        [pythonDirect, 'Group'],
      ] as const) {
        project.takeOutput();
        const outputs = kinds.map((kind) => `${name} ${kind}`);
        const replayed = await project.replay({ backend, outputs });
        assert.deepEqual(replayed, { kind: 'replayed', exitCode: 0 });
        const printed = sortedLines(project.takeOutput());
        const told = parsed(project.takeTold());
        for (const kind of kinds) {
          const own = told.filter(({ output }) => output === `${name} ${kind}`);
          assert.deepEqual(
            own.map((pane) => paneLine(kind, pane)).sort(),
            printed.filter((line) => line.startsWith(`${kind} `)),
          );
        }
      }

      const grouped = await project.replay({ outputs: ['Group fast late'] });
      assert.equal(grouped.kind, 'failed');
      assert.match('message' in grouped ? grouped.message : '', /needs its coder as it is/);
      const unknown = await project.replay({ outputs: ['Nowhere'] });
      assert.match('message' in unknown ? unknown.message : '', /No transform called "Nowhere"/);
    }));
});
