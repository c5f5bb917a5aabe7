// `npm run test:faults -- --runs 200 [--seed N]`: the tests of faults, each fault tried so many times. Expects the bundles
// in dist/.
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string' } },
  allowPositionals: true,
});
const args = ['--config', 'test/integration/faults/.mocharc.json', ...positionals];
const child = spawn(process.execPath, ['node_modules/mocha/bin/mocha.js', ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    BEAM_REWIND_FAULT_RUNS: values.runs,
    ...(values.seed !== undefined && { BEAM_REWIND_FAULT_SEED: values.seed }),
  },
});
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
