import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import type { Debuggee } from '../../../server/src/session/session.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { missingJavaTools } from '../language/java.js';
import { openProject, sortedLines } from '../session/session.js';

describe('Debugging a replay in Java', function () {
  this.timeout(600_000);

  before(async function () {
    const missing = await missingJavaTools();
    assert.ok(!missing || !process.env['CI'], missing);
    if (missing) this.skip();
  });

  /** Stops at a method by the JDK's own debugger, stays there, and goes on to the end. @returns what it said of the stop */
  async function stopIn({ host, port }: Debuggee, method: string): Promise<string> {
    const jdb = spawn('jdb', ['-attach', `${host}:${port}`]);
    let said = '';
    const heard = (words: RegExp): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!words.test(said)) return;
          jdb.stdout.off('data', look);
          resolve();
        };
        jdb.stdout.on('data', look);
        look();
      });
    jdb.stdout.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(jdb, 'exit');
    await heard(/main\[1\]/);
    jdb.stdin.write(`stop in ${method}\n`);
    await heard(/Deferring breakpoint/);
    jdb.stdin.write('cont\n');
    await heard(/Breakpoint hit: .*\n/);
    await setTimeout(3000);
    jdb.stdin.write(`clear ${method}\n`);
    await heard(/Removed: breakpoint/);
    jdb.stdin.write('cont\n');
    await ended;
    return /Breakpoint hit: .*/.exec(said)?.[0] ?? '';
  }

  it('stops in a DoFn as long as the user likes, and gives the same output', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'java_ticks/src/main/java/ticks/Ticks.java');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      project.takeOutput();
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const expected = sortedLines(project.takeOutput());

      let stopped: Promise<string> | undefined;
      const outcome = await project.replay({
        debug: { port: 0 },
        startTimeoutMs: 500,
        onEvent: (event) => {
          if (event.kind !== 'debugger') return;
          assert.equal(event.debuggee.type, 'jdwp');
          stopped = stopIn(event.debuggee, 'ticks.Ticks$Show.process');
        },
      });
      assert.match((await stopped) ?? '', /ticks\.Ticks\$Show\.process\(\), line=3\d/);
      assert.deepEqual(outcome, { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), expected);
    }));
});
