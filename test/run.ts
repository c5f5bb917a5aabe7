// `npm test`: every part one after another, and one line that sums them up. Expects the bundles in dist/.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setUp } from './setUp.js';
import { countResults, readResults, type Results, resultsVariable } from './results.js';

const repository = resolve(import.meta.dirname, '..');
const artifacts = join(repository, 'test-artifacts/results');
const mocha = ['node_modules/mocha/bin/mocha.js', '--reporter', 'test/reporter.ts', '--config'];
const parts: { name: string; args: string[] }[] = [
  { name: 'unit', args: [...mocha, 'test/unit/.mocharc.json'] },
  { name: 'integration', args: [...mocha, 'test/integration/.mocharc.json'] },
  { name: 'vscode', args: ['--import', 'tsx', 'test/vscode/run.ts'] },
];
/** A part that takes longer hangs. */
const partTimeoutMs = 45 * 60_000;

await rm(artifacts, { recursive: true, force: true });
await mkdir(artifacts, { recursive: true });
const total: Results = { passed: 0, failed: 0, skipped: 0 };
/** What failed, at the first try or at both, told again at the end: a long log may be kept by its last lines only. */
const failures: string[] = [];
console.log('== set-up ==');
try {
  process.env['BEAM_REWIND_TEST_PYTHON'] = await setUp(console.log);
} catch (error) {
  console.log(error);
  total.failed = 1;
}
for (const { name, args } of total.failed === 0 ? parts : []) {
  console.log(`\n== ${name} ==`);
  const results = await runPart(name, args);
  console.log(
    `${name}: ${results.passed} passed, ${results.failed} failed, ${results.skipped} skipped`,
  );
  total.passed += results.passed;
  total.failed += results.failed;
  total.skipped += results.skipped;
}
for (const failure of failures) console.log(`\n${failure}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** A part that ends badly without a failed test, or that ran no test at all, counts as one failure. */
async function runPart(name: string, args: string[]): Promise<Results> {
  const file = join(artifacts, `${name}.jsonl`);
  const child = spawn(process.execPath, args, {
    cwd: repository,
    env: { ...process.env, [resultsVariable]: file },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: partTimeoutMs,
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  const lines = readResults(file);
  const results = countResults(lines);
  for (const line of lines) {
    if (line.event !== 'fail' && line.event !== 'retry') continue;
    const what = line.event === 'fail' ? 'failed' : 'failed at the first try';
    failures.push(`${what}: ${name}: ${line.title.join(' › ')}\n${line.error}`);
  }
  if (code !== 0 && results.failed === 0) {
    console.log(`${name}: ended with ${signal ?? `exit code ${code ?? 'unknown'}`}.`);
    results.failed++;
  } else if (!lines.some((line) => line.event === 'end')) {
    console.log(`${name}: did not come to its end.`);
    results.failed++;
  } else if (results.passed + results.failed === 0) {
    console.log(`${name}: ran no test.`);
    results.failed++;
  }
  return results;
}
