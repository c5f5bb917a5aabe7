import assert from 'node:assert/strict';
import type { ReplayOutcome } from '../../../server/src/session/session.js';
import { recordingsOf } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from './session.js';

describe('a main job that follows its recording on Prism', () => {
  it('starts while the sources are recorded, and ends with them', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_sources.py');
      assert.deepEqual(await project.run({ maxElements: 60 }), { kind: 'replayed', exitCode: 0 });
      const lines = sortedLines(project.takeOutput());
      const followed = project.events.some(
        (event) => event.kind === 'message' && event.text.includes('follows it to its end'),
      );
      assert.ok(followed, 'the recording was still being made');
      const recordings = await recordingsOf(project.store, project.file);
      for (const [tag, label] of [
        ['ticks', 'Ticks'],
        ['tocks', 'Tocks'],
      ] as const) {
        const joined = lines.map((line) => Number(new RegExp(`${tag}=(\\d+)`).exec(line)?.[1]));
        const recorded = recordings.find((recording) => recording.label === label)?.elements;
        assert.equal(
          joined.reduce((total, count) => total + count, 0),
          recorded,
        );
      }

      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), lines, 'live and replayed agree');
    }));

  it('tells its outputs while they come, the same as a replay of what was recorded', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'two_sources.py');
      const outputs = ['*'];
      let replay: Promise<ReplayOutcome> | undefined;
      const recorded = await project.record(
        { maxElements: 100 },
        {
          onEvent(event) {
            if (event.kind === 'progress' && event.progress.elements > 0)
              replay ??= project.replay({ outputs });
          },
        },
      );
      assert.equal(recorded.kind, 'recorded');
      assert.deepEqual(await replay, { kind: 'replayed', exitCode: 0 });
      const told = project.takeTold();
      assert.ok(told.length > 0 && told.every((line) => line.includes('Map(print_join)')));
      await project.replay({ outputs });
      assert.deepEqual(project.takeTold(), told);
    }));
});
