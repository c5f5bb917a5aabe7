import assert from 'node:assert/strict';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from './session.js';

/** How often is replayed; `REPLAYS=20` for more than a change needs. */
const replays = Number(process.env['REPLAYS'] ?? 3);

describe('replays of a finished recording on Prism', function () {
  this.timeout(60_000 + replays * 20_000);

  it('give the same panes each time: windows, triggers, lateness, timers, a join of two sources', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'panes.py');
      const recorded = await project.record(undefined, { force: true });
      assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
      let first: string[] | undefined;
      for (let replay = 0; replay < replays; replay++) {
        assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
        const panes = sortedLines(project.takeOutput());
        first ??= panes;
        assert.deepEqual(panes, first, `replay ${replay + 1}`);
      }
      const kinds = new Set(first?.map((line) => line.split(' ').slice(0, 2).join(' ')));
      for (const kind of ['fixed', 'sliding', 'sessions', 'early', 'late']) {
        assert.ok(kinds.has(`fast ${kind}`) && kinds.has(`slow ${kind}`), kind);
      }
      assert.ok(first?.some((line) => line.startsWith('timer k0')));
      assert.ok(first?.some((line) => line.startsWith('join')));
      // 5 came when the watermark of its source stood at 20: too late for its window where no lateness is allowed.
      assert.ok(first?.includes('fast fixed k1 [1, 3] 10 1 0'), first?.join('\n'));

      // An early firing after two elements has those two that came first.
      const checked = await project.check(3);
      assert.equal(checked.kind, 'different', JSON.stringify(checked));
      const lines = [...checked.missing, ...checked.unexpected];
      assert.ok(
        lines.length > 0 && lines.every((line) => / early | late /.test(line)),
        lines.join('\n'),
      );
    }));

  it('tell that sums of windows do not depend on the order', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      const checked = await project.check(2);
      assert.deepEqual({ ...checked, lines: 0 }, { kind: 'same', lines: 0, seeds: 2 });
    }));
});
