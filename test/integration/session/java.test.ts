import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { analyzeText } from '../../../server/src/language/language.js';
import { runToEnd } from '../../../server/src/processes/runToEnd.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { missingJavaTools } from '../language/java.js';
import type { TestProject } from './session.js';
import { openProject, sortedLines } from './session.js';

const program = 'java_ticks/src/main/java/ticks/Ticks.java';

describe('A program in Java', function () {
  this.timeout(600_000);

  before(async function () {
    const missing = await missingJavaTools();
    assert.ok(!missing || !process.env['CI'], missing);
    if (missing) this.skip();
  });

  async function edit({ file }: TestProject, from: string, to: string): Promise<void> {
    const text = await readFile(file, 'utf8');
    assert.ok(text.includes(from), from);
    await writeFile(file, text.replace(from, to));
  }

  async function statusOf({ file, store }: TestProject) {
    const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
    const [status] = await sourceStatuses(store, file, sources);
    return status;
  }

  it('is recorded and replayed, and its recording is stale when its source changed', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, program);
      const recorded = await project.record({ maxElements: 120 });
      assert.ok(recorded.kind === 'recorded' && !recorded.cancelled, JSON.stringify(recorded));
      project.takeOutput();
      const status = await statusOf(project);
      assert.equal(status?.state, 'valid');

      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const lines = sortedLines(project.takeOutput());
      const counts = lines.map((line) => Number(/^digit \d+ \d (\d+)$/.exec(line)?.[1]));
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        status.recording?.elements,
      );
      const args = ['--runner=DirectRunner', '--greeting=again'];
      assert.deepEqual(await project.replay({ args }), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(
        sortedLines(project.takeOutput()),
        lines.map((line) => line.replace('digit', 'again')),
      );

      await edit(project, 'tick % 10', 'tick % 2');
      assert.equal((await statusOf(project))?.state, 'valid', 'what follows a source is not it');
      await edit(project, 'Duration.millis(20)', 'Duration.millis(10)');
      assert.equal((await statusOf(project))?.state, 'stale');
      const refused = await project.replay();
      assert.ok(refused.kind === 'failed' && refused.message.includes('is stale'));
    }));

  it('with two sources of one name is not recorded, and told what to do', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, program);
      const second = 'pipeline.apply(GenerateSequence.from(0).withRate(1, Duration.millis(5)));\n';
      await edit(project, '    pipeline\n', `    ${second}    ${second}    pipeline\n`);
      const outcome = await project.record({ maxElements: 1 });
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /2 sources of this file are named "GenerateSequence"/);
      assert.match(outcome.message, /apply\("Orders", …\)/);
    }));

  it("that does not compile fails in the compiler's words, and one without a pom.xml is told so", () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, program);
      await edit(project, 'tick % 10', 'tock % 10');
      const outcome = await project.record();
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Ticks\.java:\[47,\d+\] cannot find symbol/);
      await rm(path.join(folder, 'java_ticks/pom.xml'));
      const homeless = await project.record();
      assert.ok(homeless.kind === 'failed');
      assert.match(homeless.message, /No project of Maven \(pom\.xml\) or Gradle .* was found/);
    }));

  it('of a Gradle project is recorded and replayed, and its compiler heard', async function () {
    // Machines that have no Gradle cannot be given one from a registry of ours.
    if (await runToEnd('gradle', ['--version']).then(nothing, () => 'missing')) this.skip();
    await withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, program);
      await rm(path.join(folder, 'java_ticks/pom.xml'));
      await writeFile(path.join(folder, 'java_ticks/build.gradle'), buildFile);
      const recorded = await project.record({ maxElements: 60 });
      assert.ok(recorded.kind === 'recorded' && !recorded.cancelled, JSON.stringify(recorded));
      project.takeOutput();
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const counts = sortedLines(project.takeOutput()).map((line) => Number(line.split(' ')[3]));
      assert.equal(
        counts.reduce((sum, count) => sum + count, 0),
        (await statusOf(project))?.recording?.elements,
      );
      await edit(project, 'tick % 10', 'tock % 10');
      const outcome = await project.replay();
      assert.match(
        outcome.kind === 'failed' ? outcome.message : '',
        /Gradle: .*Ticks\.java:47: error: cannot find symbol/,
      );
    });
  });
});

const nothing = () => undefined;

const buildFile = `
plugins { id 'java' }
repositories { mavenCentral() }
dependencies {
  implementation 'org.apache.beam:beam-sdks-java-core:2.65.0'
  runtimeOnly 'org.slf4j:slf4j-simple:1.7.36'
}
`;
