import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../../server/src/processes/runToEnd.js';
import type { SupervisedProcess } from '../../server/src/processes/supervise.js';
import { superviseProcess } from '../../server/src/processes/supervise.js';

const here = (name: string): string => fileURLToPath(new URL(`../pubsub/${name}`, import.meta.url));

/**
 * A Python environment with what `ReadFromPubSub` needs; apache-beam is that of the tests. Made once, in the cache folder.
 * @param python interpreter of the tests
 */
export async function pubsubPython(
  python: string,
  progress: (step: string) => void,
): Promise<string> {
  const requirements = here('requirements.txt');
  const key = await digest(requirements, python);
  const folder = path.join(cacheFolder(), `pubsub-python-${key}`);
  const isWindows = process.platform === 'win32';
  const interpreter = path.join(
    folder,
    ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']),
  );
  await onceInCache(folder, async () => {
    progress('Installing the Pub/Sub client of Python');
    await runToEnd(python, ['-m', 'venv', folder]);
    await writeFile(
      path.join(await sitePackages(interpreter), 'apache-beam.pth'),
      await sitePackages(python),
    );
    await runToEnd(interpreter, ['-m', 'pip', 'install', '-r', requirements]);
  });
  return interpreter;
}

/** The Pub/Sub emulator of the Go client library, built once, in the cache folder. */
export async function pubsubEmulator(progress: (step: string) => void): Promise<string> {
  const source = here('emulator');
  const key = await digest(
    path.join(source, 'go.sum'),
    await readText(path.join(source, 'main.go')),
  );
  const folder = path.join(cacheFolder(), `pubsub-emulator-${key}`);
  const binary = path.join(folder, process.platform === 'win32' ? 'emulator.exe' : 'emulator');
  await onceInCache(folder, async () => {
    progress('Building the Pub/Sub emulator');
    await runToEnd('go', ['build', '-C', source, '-o', binary, '.']);
  });
  return binary;
}

/** Starts the emulator. @returns its address, for `PUBSUB_EMULATOR_HOST`, and the process, to be stopped */
export async function startPubsubEmulator(
  binary: string,
): Promise<{ address: string; emulator: SupervisedProcess }> {
  let told: (line: string) => void = () => undefined;
  const firstLine = new Promise<string>((resolve) => {
    told = resolve;
  });
  let output = '';
  const emulator = await superviseProcess(binary, [], {
    env: process.env,
    onOutput: (_stream, data) => {
      output += Buffer.from(data).toString();
      if (output.includes('\n')) told(output.trim());
    },
  });
  const address = await Promise.race([
    firstLine,
    emulator.exit.then(() => {
      throw new Error(`The Pub/Sub emulator did not start: ${output}`);
    }),
  ]);
  return { address, emulator };
}

async function sitePackages(python: string): Promise<string> {
  const program = 'import sysconfig; print(sysconfig.get_path("purelib"))';
  const { stdout } = await promisify(execFile)(python, ['-c', program]);
  return stdout.trim();
}

async function digest(file: string, more: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(file));
  return hash.update(more).digest('hex').slice(0, 16);
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8');
}
