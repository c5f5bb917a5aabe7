import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { withTemporaryFolder } from '../temporaryFolder.js';

const run = promisify(execFile);

describe('What npm packs', () => {
  it('is a beam-rewind that needs nothing else, wherever it is installed', () =>
    withTemporaryFolder(async (folder) => {
      const packed = await run('npm', ['pack', '--json', '--pack-destination', folder]);
      const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
      const tarball = path.join(folder, filename);
      await run('npm', ['install', '--global', '--offline', '--prefix', folder, tarball]);
      const installed = path.join(folder, 'bin/beam-rewind');
      const { stdout } = await run(installed, ['sources', path.resolve('examples/rides.py')], {
        cwd: folder,
      });
      assert.match(stdout, /Ride events/);
    }));
});
