import assert from 'node:assert/strict';
import { debugpyFolder } from '../../toolchains/debuggers.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from '../session/session.js';
import { testPython } from '../testPython.js';
import type { Stop } from './stopInDoFn.js';
import { stopAt } from './stopInDoFn.js';

describe('Debugging a replay in Python', () => {
  it('stops in a DoFn as long as the user likes, and gives the same output', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      project.takeOutput();
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const expected = sortedLines(project.takeOutput());

      let stopped: Promise<Stop> | undefined;
      const outcome = await project.replay({
        debug: { port: 0, debugpy: await debugpyFolder(await testPython()) },
        // Far less than the stop: it is not for a program that is debugged.
        startTimeoutMs: 500,
        onEvent: (event) => {
          if (event.kind !== 'debugger') return;
          assert.equal(event.debuggee.type, 'debugpy');
          const attach = { justMyCode: true };
          stopped = stopAt(event.debuggee, attach, project.file, "print(f'sum", 3000);
        },
      });
      assert.deepEqual(await stopped, { functionName: 'print_sum', line: 0 });
      assert.deepEqual(outcome, { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), expected);
    }));

  it('says what to install where there is no debugger', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 5 })).kind, 'recorded');
      let errors = '';
      const outcome = await project.replay({
        debug: { port: 0 },
        onEvent: (event) => {
          if (event.kind === 'output') errors += Buffer.from(event.data).toString();
        },
      });
      assert.deepEqual(outcome, { kind: 'replayed', exitCode: 1 });
      assert.match(
        errors,
        /Debugging needs the Python package debugpy: run .* -m pip install debugpy/,
      );
    }));
});
