import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { analyzeText } from '../../../server/src/language/language.js';
import { markRecordable } from '../../../server/src/language/recordable.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines } from './session.js';

const words = Array.from({ length: 50 }, (_, index) => `word${index}`);

describe('recordable sources on Prism', () => {
  it('are left alone unless a pattern names them', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'words.py');
      for (const recordableSources of [[], ['ReadFromAvro']]) {
        const outcome = await project.record({}, { recordableSources });
        assert.ok(outcome.kind === 'nothing to do', JSON.stringify(outcome));
        assert.match(outcome.reason, /bounded sources only/);
      }
    }));

  it('are recorded to their end and replayed without what they were read from', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'words.py');
      const file = path.join(folder, 'words.txt');
      await writeFile(file, words.join('\n'));
      const recordableSources = ['ReadFromT*'];
      const outcome = await project.record({}, { recordableSources });
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));

      const analysis = await analyzeText(project.file, await readFile(project.file, 'utf8'));
      const sources = markRecordable(analysis.sources, recordableSources);
      const [status] = await sourceStatuses(project.store, project.file, sources);
      assert.equal(status?.state, 'valid');
      assert.equal(status.recording?.endReason, 'source finished');
      assert.equal(status.recording.elements, words.length);

      await writeFile(file, 'something else');
      project.takeOutput();
      assert.deepEqual(await project.replay({ recordableSources }), {
        kind: 'replayed',
        exitCode: 0,
      });
      assert.deepEqual(
        sortedLines(project.takeOutput()),
        words.map((word) => `word ${word}`).sort(),
      );
    }));
});
