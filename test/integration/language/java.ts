import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../../server/src/beam/backends/onceInCache.js';

const run = promisify(execFile);

/** The newest release of which the test machines' repository serves all modules that matter. */
export const BEAM_JAVA = '2.65.0';

/** What is missing for the tests that read Beam's Java artifacts; undefined if nothing is. */
export async function missingJavaTools(): Promise<string | undefined> {
  for (const [command, option] of [
    ['mvn', '--version'],
    ['javap', '-version'],
  ] as const) {
    const isThere = await run(command, [option]).then(
      () => true,
      () => false,
    );
    if (!isThere) return `${command} is not installed (a JDK and Maven are needed)`;
  }
  return undefined;
}

/**
 * A released artifact of org.apache.beam, in the cache folder.
 * @param classifier e.g. `sources`
 * @throws Error with Maven's message when the repository does not have it
 */
export async function beamJar(artifact: string, version: string, classifier = ''): Promise<string> {
  const name = `${artifact}-${version}${classifier && `-${classifier}`}.jar`;
  const folder = await onceInCache(path.join(cacheFolder(), 'maven', name), async () => {
    const target = path.join(cacheFolder(), 'maven', name);
    const coordinates = ['org.apache.beam', artifact, version, 'jar', classifier];
    await run('mvn', [
      ...['--batch-mode', '--quiet', 'dependency:copy'],
      `-Dartifact=${coordinates.filter(Boolean).join(':')}`,
      `-DoutputDirectory=${target}`,
    ]).catch((error: unknown) => {
      const { stdout = '' } = error as { stdout?: string };
      throw new Error(/\[ERROR\] (.*)/.exec(stdout)?.[1] ?? String(error));
    });
  });
  const file = path.join(folder, name);
  if (!existsSync(file)) throw new Error(`Maven did not bring ${name}.`);
  return file;
}

/** Public methods of classes by their names: what each returns, without type arguments. */
export async function publicMethods(
  jars: readonly string[],
  classes: readonly string[],
): Promise<Map<string, Map<string, Set<string>>>> {
  const found = new Map<string, Map<string, Set<string>>>();
  const args = ['-public', '-cp', jars.join(path.delimiter), ...classes];
  // It writes what it knows of the others when one class is not found.
  const { stdout } = await run('javap', args, { maxBuffer: 1 << 26 }).catch((error: unknown) => {
    return error as { stdout: string };
  });
  let methods = new Map<string, Set<string>>();
  for (const line of stdout.split('\n')) {
    const declared = /^public .*?\b(?:class|interface) ([\w.$]+)/.exec(line)?.[1];
    if (declared) {
      methods = new Map<string, Set<string>>();
      found.set(declared, methods);
    }
    const flat = withoutTypeArguments(line);
    const method = /^ {2}public .*?([\w.$]+) (\w+)\(/.exec(flat);
    if (!method?.[1] || !method[2]) continue;
    methods.set(method[2], (methods.get(method[2]) ?? new Set()).add(method[1]));
  }
  return found;
}

function withoutTypeArguments(line: string): string {
  const flat = line.replace(/<[^<>]*>/g, '');
  return flat === line ? line : withoutTypeArguments(flat);
}
