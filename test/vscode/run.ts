// The tests in a real VS Code: `npm run test:vscode [-- --electron [--code PATH]]`. Expects the bundles in dist/.
import { createVSIX } from '@vscode/vsce';
import Mocha from 'mocha';
import { appendFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import RecordingSpecReporter from '../reporter.js';
import { setUp } from '../setUp.js';
import { readResults, type ResultLine, resultsVariable } from '../results.js';
import { bundleSuite } from './suite/bundle.js';
import { runSuiteInElectron } from './suiteInElectron.js';
import { runSuiteInServer } from './suiteInServer.js';
import { setUiEnvironment } from './ui/environment.js';
import { createWorkspace } from './workspace.js';

const repository = resolve(import.meta.dirname, '../..');
const examples = join(repository, 'examples');
const artifacts = join(repository, 'test-artifacts/vscode');
const { values: options } = parseArgs({
  options: { electron: { type: 'boolean' }, code: { type: 'string' } },
});

await rm(artifacts, { recursive: true, force: true });
await mkdir(artifacts, { recursive: true });
const python = await setUp(printStep);
const suitePassed = await runSuite();
const uiPassed = options.electron ? true : await runUi();
// A server or browser that a failure left running ends with this process.
process.exit(suitePassed && uiPassed ? 0 : 1);

/** The mocha suite in the extension host, with the extension as it lies in this checkout. */
async function runSuite(): Promise<boolean> {
  const results = join(artifacts, 'suite.jsonl');
  const run = {
    extension: repository,
    suite: await bundleSuite(join(artifacts, 'suite')),
    workspace: await createWorkspace(join(artifacts, 'suite-workspace/taxi'), {
      examples,
      python,
      maxElements: 40,
    }),
    environment: { [resultsVariable]: results },
  };
  let failure = '';
  try {
    if (options.electron) await runSuiteInElectron(run, options.code);
    else await runSuiteInServer({ ...run, artifacts, timeoutMs: 600_000 }, printStep);
  } catch (error) {
    failure = String(error);
  }
  const lines = readResults(results);
  const ended = lines.some((line) => line.event === 'end');
  const failed = lines.some((line) => line.event === 'fail');
  if (!ended || (failure !== '' && !failed)) {
    const error = `The suite did not come to its end in VS Code: ${failure || 'it crashed'}`;
    lines.push({ event: 'fail', title: ['VS Code'], error });
  }
  printResults(lines);
  const collected = process.env[resultsVariable];
  if (collected) {
    for (const line of lines) appendFileSync(collected, JSON.stringify(line) + '\n');
  }
  return lines.every((line) => line.event !== 'fail');
}

/** The tests that click, with the packaged extension installed. */
async function runUi(): Promise<boolean> {
  const vsix = join(artifacts, 'beam-rewind.vsix');
  await createVSIX({ cwd: repository, packagePath: vsix, dependencies: false });
  // More than a person would wait for: it is cancelled.
  const workspace = await createWorkspace(join(artifacts, 'ui-workspace/taxi'), {
    examples,
    python,
    maxElements: 1000,
  });
  setUiEnvironment({ vsix, workspace, artifacts });
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: RecordingSpecReporter,
    timeout: 60_000,
    // Each test starts from what the one before left on the screen.
    bail: true,
    forbidOnly: true,
  });
  mocha.addFile(join(import.meta.dirname, 'ui/loop.test.ts'));
  await mocha.loadFilesAsync();
  const failures = await new Promise<number>((done) => mocha.run(done));
  return failures === 0;
}

function printStep(step: string): void {
  console.log(`${step} …`);
}

function printResults(lines: ResultLine[]): void {
  for (const line of lines) {
    if (line.event === 'end') continue;
    const mark = { pass: '✔', pending: '-', retry: '↻', fail: '✖' }[line.event];
    console.log(`  ${mark} ${line.title.join(' › ')}`);
    if (line.event === 'fail') console.log(`${line.error}\n`);
  }
}
