import assert from 'node:assert/strict';
import path from 'node:path';
import { delveFolder } from '../../toolchains/debuggers.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from '../session/session.js';
import type { Stop } from './stopInDoFn.js';
import { stopAt } from './stopInDoFn.js';

describe('Debugging a replay in Go', function () {
  this.timeout(600_000);
  const { PATH } = process.env;

  before(async () => {
    process.env['PATH'] = [await delveFolder(), PATH].join(path.delimiter);
  });

  after(() => {
    process.env['PATH'] = PATH;
  });

  it('stops in a DoFn as long as the user likes, and gives the same output', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'go_ticks/main.go');
      assert.equal((await project.record({ maxElements: 120 })).kind, 'recorded');
      project.takeOutput();
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const expected = sortedLines(project.takeOutput());

      let stopped: Promise<Stop> | undefined;
      const outcome = await project.replay({
        debug: { port: 0 },
        startTimeoutMs: 500,
        onEvent: (event) => {
          if (event.kind !== 'debugger') return;
          assert.equal(event.debuggee.type, 'dlv');
          const attach = { mode: 'remote' };
          stopped = stopAt(event.debuggee, attach, project.file, 'return int(t.Milli', 3000);
        },
      });
      assert.deepEqual(await stopped, { functionName: 'main.tenth', line: 0 });
      assert.deepEqual(outcome, { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), expected);
    }));
});
