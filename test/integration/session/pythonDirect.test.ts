import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pythonDirect } from '../../../server/src/beam/backends/pythonDirect.js';
import type { SessionResult } from '../../../server/src/protocol.js';
import { commandIds } from '../../../server/src/protocol.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { beamRewind, onceWhen, processesNaming } from '../beamRewind.js';
import { openWindow } from '../faults/recorders.js';
import { testPython } from '../testPython.js';
import { openProject } from './session.js';

describe('The backend python-direct', () => {
  it('is that of the command line and of the editor: --expect, --update, check, and an end in between', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 40 })).kind, 'recorded');
      const python = await testPython();
      // Were Prism asked for, it would not be found.
      const flags = ['--backend', pythonDirect, '--prism', '/nowhere/prism', '--python', python];
      const output = ['--output', 'CombinePerKey(sum)'];
      const expect = ['replay', 'clicks.py', ...flags, ...output, '--expect', 'sums.jsonl'];
      const updated = await beamRewind(folder, [...expect, '--update']);
      assert.equal(updated.code, 0, updated.stderr);
      const golden = path.join(folder, 'sums.jsonl');
      const lines = await readFile(golden, 'utf8');
      assert.match(lines, /^\{"output":"CombinePerKey\(sum\)","value":\{"key":"k0","value":\d+\}/);
      await writeFile(golden, lines.replace('"key":"k0"', '"key":"k9"'));
      const different = await beamRewind(folder, expect);
      assert.equal(different.code, 1);
      assert.match(different.stderr, /^- .*"key":"k9"/m);
      assert.match(different.stderr, /^\+ .*"key":"k0"/m);
      const checked = await beamRewind(folder, [
        ...['check', 'clicks.py', '--seeds', '1', '--json'],
        ...[...flags, ...output],
      ]);
      assert.equal(checked.code, 0, checked.stderr);
      assert.match(checked.stdout, /"outcome":"same","lines":[1-9]/);

      const stopped = await beamRewind(
        folder,
        ['replay', 'clicks.py', '--json', ...flags],
        onceWhen(/"state":"RUNNING"/, (child) => child.kill('SIGINT')),
      );
      assert.equal(stopped.code, 130, stopped.stderr);
      assert.deepEqual(processesNaming(folder), []);

      const settings = { backend: pythonDirect, prism: { path: '/nowhere/prism' } };
      const window = await openWindow(folder, settings);
      const replayed = await window.execute<SessionResult>(commandIds.replay, project.file);
      assert.equal(replayed.outcome, 'done', replayed.message);
      await window.close();
    }));

  it('refuses to tell what its runner never puts out', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 20 })).kind, 'recorded');
      const inside = await project.replay({
        backend: pythonDirect,
        outputs: ['CombinePerKey(sum)/GroupByKey'],
      });
      assert.match(
        inside.kind === 'failed' ? inside.message : '',
        /replaces "CombinePerKey\(sum\)", which it is in/,
      );
    }));
});
