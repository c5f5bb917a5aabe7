import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { devNull } from 'node:os';
import { examplePython } from '../examples/environment.js';
import { fileURLToPath } from 'node:url';
import { startBackend } from '../server/src/beam/backends/backend.js';
import { runToEnd } from '../server/src/processes/runToEnd.js';
import { pubsubEmulator, pubsubPython } from './toolchains/pubsub.js';
import { missingJavaTools } from './integration/language/java.js';
import { debugpyFolder, delveFolder } from './toolchains/debuggers.js';
import { resolveJavaProgram } from './toolchains/maven.js';
import { javaTestClasspath } from './toolchains/javaTests.js';
import { flinkJars } from './toolchains/flink.js';
import { pytestFolder } from './toolchains/pytest.js';

const goProgram = fileURLToPath(new URL('fixtures/programs/go_ticks', import.meta.url));
const goTesting = ['passert', 'ptest', 'teststream'].map(
  (name) => `github.com/apache/beam/sdks/v2/go/pkg/beam/testing/${name}`,
);

/**
 * Puts what takes minutes on a fresh machine in the cache before tests with time limits want it: a Python environment
 * with apache-beam, the Prism of the same release, the Pub/Sub client and emulator, the compiled packages of Beam's Go SDK, those
 * of the Java SDK, and debuggers.
 * @returns the Python interpreter of the tests: BEAM_REWIND_TEST_PYTHON, or the private one of the examples
 */
export async function setUp(progress: (step: string) => void): Promise<string> {
  const python = process.env['BEAM_REWIND_TEST_PYTHON'] ?? (await examplePython(progress));
  const requirements = await readFile(new URL('../examples/requirements.in', import.meta.url));
  const sdkVersion = /^apache-beam==(.+)$/m.exec(requirements.toString())?.[1];
  assert(sdkVersion, 'examples/requirements.in pins apache-beam');
  await (await startBackend('prism', { sdkVersion, onStep: progress })).stop();
  await pubsubPython(python, progress);
  await pubsubEmulator(progress);
  progress("Compiling Beam's Go SDK");
  await runToEnd('go', ['build', '-C', goProgram, '-o', devNull, '.']);
  progress("Obtaining Beam's Java SDK");
  await resolveJavaProgram();
  await runToEnd('go', ['build', '-C', goProgram, ...goTesting]);
  await pytestFolder(python);
  progress('Fetching Flink');
  await flinkJars();
  progress('Obtaining debuggers');
  await Promise.all([debugpyFolder(python), delveFolder()]);
  if ((await missingJavaTools()) === undefined) {
    progress("Fetching Beam's Java SDK and direct runner");
    await javaTestClasspath();
  }
  return python;
}
