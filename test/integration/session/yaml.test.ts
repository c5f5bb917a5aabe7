import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { analyzeText } from '../../../server/src/language/language.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject, sortedLines, type TestProject } from './session.js';

describe('a Beam YAML pipeline on Prism', () => {
  const variables = (prefix: string): { args: string[] } => ({
    args: [`--jinja_variables={"prefix": "${prefix}"}`],
  });

  async function statuses(project: TestProject, text?: string) {
    const current = text ?? (await readFile(project.file, 'utf8'));
    const { sources } = await analyzeText(project.file, current);
    return sourceStatuses(project.store, project.file, sources);
  }

  it('is recorded source by source, inside of a chain too', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'ticks.yaml');
      const outcome = await project.record({ maxElements: 5 }, variables('fast'));
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
      const recorded = await statuses(project);
      assert.deepEqual(
        recorded.map(({ label, state }) => [label, state]),
        [
          ['Fast', 'valid'],
          ['Slow ones/PeriodicImpulse', 'valid'],
        ],
      );
      const edited = (await readFile(project.file, 'utf8')).replace(
        'interval: 0.5',
        'interval: 0.25',
      );
      const [fast, slow] = await statuses(project, edited);
      assert.equal(fast?.state, 'valid');
      assert.equal(slow?.state, 'stale');
      assert.equal(slow.reason, 'fire_interval: 0.5 → 0.25');
    }));

  it('is replayed twice alike, whatever a template changes downstream', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'ticks.yaml');
      const text = await readFile(project.file, 'utf8');
      const oneSource = text.replace(/ {4}- type: chain[^]*$/, '');
      await writeFile(project.file, oneSource);
      const outcome = await project.record({ maxElements: 10 }, variables('fast'));
      assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
      const [recorded] = await statuses(project);

      const replayed = { kind: 'replayed', exitCode: 0 };
      const outputOf = async (prefix: string) => {
        project.takeOutput();
        assert.deepEqual(await project.replay(variables(prefix)), replayed);
        const lines = sortedLines(project.takeOutput());
        return lines
          .filter((line) => line.startsWith(`${prefix} `))
          .map((line) => line.slice(prefix.length));
      };
      const first = await outputOf('fast');
      assert.equal(first.length, recorded!.recording!.elements);
      assert.deepEqual(await outputOf('other'), first);

      await writeFile(project.file, oneSource.replace('interval: 0.2', 'interval: 0.4'));
      const refused = await project.replay(variables('fast'));
      assert.ok(refused.kind === 'failed', JSON.stringify(refused));
    }));

  it('that Beam refuses says why', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'ticks.yaml');
      const outcome = await project.record();
      assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
      assert.match(outcome.message, /'prefix' is undefined/);
    }));
});
