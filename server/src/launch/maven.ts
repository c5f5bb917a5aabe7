import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildTool, portableRunner, sdkVersionOf } from './javaBuild.js';
import type { JavaClassPath } from './javaBuild.js';
import type { ProgramOptions } from './program.js';
import { runTool } from './program.js';

/** Compiles a Maven project. @param made a folder for what is written on the way */
export async function mavenClassPath(
  project: string,
  made: string,
  options: ProgramOptions,
): Promise<JavaClassPath> {
  const own = await classPathOf(path.join(project, 'pom.xml'), ['compile'], made, options);
  const version = sdkVersionOf(own);
  const runner = await runnerJars(version, own, made, options);
  return { version, entries: [path.join(project, 'target', 'classes'), ...own, ...runner] };
}

/** Jars of the dependencies of a Maven project, in the order of its class path. @param phases run before */
async function classPathOf(
  pom: string,
  phases: string[],
  made: string,
  options: ProgramOptions,
): Promise<string[]> {
  const written = path.join(made, 'classpath');
  const cwd = path.dirname(pom);
  await runMaven(
    buildTool(cwd, 'mvnw', 'mvn', 'cmd'),
    [
      ...['--batch-mode', '--quiet', '-Dstyle.color=never', '-f', pom, ...phases],
      ...['dependency:build-classpath', '-Dmdep.includeScope=runtime'],
      ...[`-Dmdep.outputFile=${written}`, `-Dmdep.pathSeparator=${path.delimiter}`],
    ],
    { ...options, cwd },
  );
  const classPath = await readFile(written, 'utf8');
  return classPath.trim().split(path.delimiter).filter(Boolean);
}

/** Maven writes its errors to stdout. @throws Error with what it says of the first one */
async function runMaven(
  command: string,
  args: string[],
  options: Parameters<typeof runTool>[2],
): Promise<void> {
  let written = '';
  const onOutput = (_stream: 'stdout' | 'stderr', data: Uint8Array): void => {
    written += Buffer.from(data).toString();
    options.onOutput('stderr', data);
  };
  try {
    await runTool(command, args, { ...options, onOutput }, 'all');
  } catch (error) {
    options.signal.throwIfAborted();
    if (error instanceof Error && error.message.startsWith('Cannot start'))
      throw new Error(withoutMaven, { cause: error });
    const errors = [...written.matchAll(/^\[ERROR\] (.+\S)\s*$/gm)].map(([, text = '']) => text);
    const telling = errors.find((text) => /\.java:\[\d/.test(text)) ?? errors[0];
    throw telling === undefined ? error : new Error(`Maven: ${telling}`);
  }
}

const withoutMaven =
  'There is no `mvn` command on the PATH, and no Maven wrapper in the project. Install Maven (https://maven.apache.org), or start the editor where it is on the PATH.';

/** What of the portable runner a program does not have already. */
async function runnerJars(
  version: string,
  own: string[],
  made: string,
  options: ProgramOptions,
): Promise<string[]> {
  const missing = portableRunner(version).filter(
    ([, artifact = '']) => !own.some((jar) => path.basename(jar).startsWith(`${artifact}-`)),
  );
  if (missing.length === 0) return [];
  options.onStep(`Adding the portable runner ${version} to the class path`);
  const pom = path.join(made, 'pom.xml');
  await writeFile(pom, pomOf(missing));
  const jars = await classPathOf(pom, [], made, options);
  return jars.filter((jar) => !own.some((one) => artifactOf(one) === artifactOf(jar)));
}

function pomOf(dependencies: string[][]): string {
  const elements = dependencies.map(
    ([group = '', artifact = '', version = '']) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return (
    '<project><modelVersion>4.0.0</modelVersion><groupId>beam-rewind</groupId><artifactId>runner</artifactId>' +
    `<version>1</version><packaging>pom</packaging><dependencies>${elements.join('')}</dependencies></project>`
  );
}

/** Folder of an artifact in a repository, all its versions. */
function artifactOf(jar: string): string {
  return path.dirname(path.dirname(jar));
}
