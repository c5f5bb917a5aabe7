import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { examplePython } from '../examples/environment.js';
import { startBackend } from '../server/src/beam/backends/backend.js';

/**
 * Puts what takes minutes on a fresh machine in the cache before tests with time limits want it: a Python environment
 * with apache-beam, and the Prism of the same release.
 * @returns the Python interpreter of the tests: BEAM_REWIND_TEST_PYTHON, or the private one of the examples
 */
export async function setUp(progress: (step: string) => void): Promise<string> {
  const python = process.env['BEAM_REWIND_TEST_PYTHON'] ?? (await examplePython(progress));
  const requirements = await readFile(new URL('../examples/requirements.in', import.meta.url));
  const sdkVersion = /^apache-beam==(.+)$/m.exec(requirements.toString())?.[1];
  assert(sdkVersion, 'examples/requirements.in pins apache-beam');
  await (await startBackend('prism', { sdkVersion, onStep: progress })).stop();
  return python;
}
