import assert from 'node:assert/strict';
import path from 'node:path';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { FlinkJobServer } from '../../toolchains/flink.js';
import { startFlinkJobServer } from '../../toolchains/flink.js';
import { openProject, sortedLines } from './session.js';

describe('replays on Flink', function () {
  this.timeout(240_000);

  const onFlink = (work: (flink: FlinkJobServer, folder: string) => Promise<void>): Promise<void> =>
    withTemporaryFolder(async (folder) => {
      const flink = await startFlinkJobServer(path.join(folder, 'artifacts'));
      try {
        await work(flink, folder);
      } finally {
        await flink.stop();
      }
    });

  it('give the panes of Prism each time, of two sources with late elements', () =>
    onFlink(async ({ endpoint: backend }, folder) => {
      const project = await openProject(folder, 'late_in_one.py');
      const recorded = await project.record(undefined, { force: true });
      assert.equal(recorded.kind, 'recorded', JSON.stringify(recorded));
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const onPrism = sortedLines(project.takeOutput());
      for (let replay = 0; replay < 2; replay++) {
        assert.deepEqual(await project.replay({ backend }), { kind: 'replayed', exitCode: 0 });
        assert.deepEqual(sortedLines(project.takeOutput()), onPrism);
      }
    }));

  it('give one source its elements and watermarks', () =>
    onFlink(async ({ endpoint: backend }, folder) => {
      const project = await openProject(folder, 'clicks.py');
      await project.record({ maxElements: 60 });
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const onPrism = sortedLines(project.takeOutput());
      assert.ok(onPrism.length > 0);
      assert.deepEqual(await project.replay({ backend }), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), onPrism);
    }));
});
