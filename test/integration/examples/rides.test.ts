import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startBackend, type Backend } from '../../../server/src/beam/backends/backend.js';
import { superviseProcess } from '../../../server/src/processes/supervise.js';
import { testPython } from '../testPython.js';

describe('examples/rides.py', () => {
  let python: string;
  let prism: Backend;
  before(async function () {
    // The first time on a machine, Python's packages are installed and Prism is built.
    this.timeout(900_000);
    python = await testPython();
    prism = await startBackend('prism', { sdkVersion: '2.77.0', onStep: () => undefined });
  });
  after(() => prism.stop());

  it('runs by itself and reports windows while its source goes on', async () => {
    const stdout = new PassThrough();
    let stderr = '';
    const program = await superviseProcess(
      python,
      [
        fileURLToPath(new URL('../../../examples/rides.py', import.meta.url)),
        ...['--rate', '20', '--runner', 'PortableRunner', '--job_endpoint', prism.endpoint],
        ...['--environment_type', 'LOOPBACK', '--streaming'],
      ],
      {
        onOutput: (stream, data) => {
          if (stream === 'stdout') stdout.write(data);
          else stderr += Buffer.from(data).toString();
        },
      },
    );
    try {
      const line = once(createInterface(stdout), 'line') as Promise<[string]>;
      const failed = program.exit.then(() => assert.fail(`It ended:\n${stderr}`));
      const [first] = await Promise.race([line, failed]);
      assert.match(
        first,
        /^(\d\d:\d\d:\d\d)-(\d\d:\d\d:\d\d) {2}[A-Z][a-z T]+ +\d+\.\d\d( {2}added late)?$/,
      );
    } finally {
      await program.stop({ graceMs: 0 });
    }
  });
});
