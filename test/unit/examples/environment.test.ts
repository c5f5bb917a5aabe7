import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { examplePython } from '../../../examples/environment.js';

const unexpected = (step: string) => assert.fail(step);

describe('examplePython', () => {
  let folder: string;
  const { PYTHON: original } = process.env;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'example-python-'));
  });
  afterEach(async () => {
    if (original === undefined) delete process.env['PYTHON'];
    else process.env['PYTHON'] = original;
    await rm(folder, { recursive: true });
  });

  it('says which Python is needed, which was found, and what to do', async () => {
    const python = path.join(folder, 'python');
    process.env['PYTHON'] = python;
    await assert.rejects(
      examplePython(unexpected),
      /needs Python 3\.10 to 3\.14.*found: no .*python\. Install/,
    );
    for (const version of ['3.9.18', '3.15.0', '2.7.18']) {
      await writeFile(python, `#!/bin/sh\necho ${python}\necho ${version}\n`, { mode: 0o755 });
      await assert.rejects(
        examplePython(unexpected),
        new RegExp(`found: .*python is ${version.replaceAll('.', '\\.')}\\. Install.*PYTHON`),
      );
    }
  });
});
