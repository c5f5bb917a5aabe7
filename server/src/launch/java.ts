import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { superviseProcess } from '../processes/supervise.js';
import { debuggerOutput } from './debugger.js';
import type { Program, ProgramOptions } from './program.js';
import { runTool, withoutOptions } from './program.js';

/** Options of the Java SDK by which a program is told its runner: ours stand in for the author's. */
const runnerOptions = [
  'runner',
  'jobEndpoint',
  'defaultEnvironmentType',
  'defaultEnvironmentConfig',
  'streaming',
];

/** The oldest Prism that Java pipelines are run on: earlier ones were not made for the Java SDK. */
const oldestPrism = '2.77.0';

/**
 * Compiles a Java program of a Maven project, unmodified, and runs it so that its pipelines arrive at our JobService: by
 * the options of the SDK, which it has when it makes its PipelineOptions from its arguments. The portable runner is
 * added to its class path where it is not in it.
 */
export async function prepareJava(options: ProgramOptions): Promise<Program> {
  const { file, args, debug } = options;
  const project = projectOf(file);
  const made = await mkdtemp(path.join(tmpdir(), 'beam-rewind-java-'));
  const dispose = () => rm(made, { recursive: true, force: true });
  try {
    options.onStep(`Compiling ${project}`);
    const own = await classPathOf(path.join(project, 'pom.xml'), ['compile'], made, options);
    const version = sdkVersionOf(own);
    const classPath = [
      path.join(project, 'target', 'classes'),
      ...own,
      ...(await runnerJars(version, own, made, options)),
    ].join(path.delimiter);
    const main = await mainClassOf(file);
    const agent = `-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,address=127.0.0.1:${debug?.port ?? 0}`;
    return {
      sdk: `Java SDK ${version}`,
      sdkVersion: isOlder(version, oldestPrism) ? oldestPrism : version,
      start: (jobEndpoint) =>
        superviseProcess(
          java(),
          [
            ...(debug ? [agent] : []),
            ...['-cp', classPath, main],
            ...withoutOptions(args, runnerOptions),
            '--runner=PortableRunner',
            `--jobEndpoint=${jobEndpoint}`,
            '--defaultEnvironmentType=LOOPBACK',
            '--streaming=true',
          ],
          {
            cwd: options.cwd ?? project,
            onOutput: debug
              ? debuggerOutput('jdwp', listeningLine, debug, options.onOutput)
              : options.onOutput,
          },
        ),
      submission:
        'It takes its runner from the options of the Java SDK: it is to make its PipelineOptions from its arguments.',
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Written by the JVM. */
const listeningLine = /^Listening for transport dt_socket at address: (?:.*:)?(\d+)\s*$/;

/** The nearest folder above with a pom.xml. @throws Error that says what else there is */
function projectOf(file: string): string {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'pom.xml'))) return folder;
    if (['build.gradle', 'build.gradle.kts'].some((name) => existsSync(path.join(folder, name)))) {
      throw new Error(
        `Java programs are built by Maven here, and ${folder} is a project of Gradle's: a pom.xml beside its build file is enough.`,
      );
    }
    if (folder === path.dirname(folder)) break;
  }
  throw new Error(`No Maven project (pom.xml) was found above ${file}.`);
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
    mavenOf(cwd),
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

/** The project's own wrapper, which may be in a folder above, else the command on the PATH. */
function mavenOf(project: string): string {
  const wrapper = process.platform === 'win32' ? 'mvnw.cmd' : 'mvnw';
  for (let folder = project; ; folder = path.dirname(folder)) {
    const file = path.join(folder, wrapper);
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) break;
  }
  return process.platform === 'win32' ? 'mvn.cmd' : 'mvn';
}

/** Of JAVA_HOME, as Maven's is, else of the PATH. */
function java(): string {
  const { JAVA_HOME } = process.env;
  return JAVA_HOME ? path.join(JAVA_HOME, 'bin', 'java') : 'java';
}

function sdkVersionOf(classPath: string[]): string {
  const jars = classPath.map((jar) => path.basename(jar));
  const [version] = jars.flatMap(
    (jar) => /^beam-sdks-java-core-(\d+\.\d+\.\d+)\.jar$/.exec(jar)?.[1] ?? [],
  );
  if (version !== undefined) return version;
  throw new Error(
    "The program does not depend on a release of Beam's Java SDK (beam-sdks-java-core).",
  );
}

/**
 * What it takes to submit a pipeline and to be its worker, beside what a program has already. (The worker hangs without
 * jamm, which its artifact does not name.)
 */
async function runnerJars(
  version: string,
  own: string[],
  made: string,
  options: ProgramOptions,
): Promise<string[]> {
  const missing = [
    ['org.apache.beam', 'beam-runners-portability-java', version],
    ['com.github.jbellis', 'jamm', '0.4.0'],
  ].filter(
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

/** The public class of a file. */
async function mainClassOf(file: string): Promise<string> {
  const name = path.basename(file, '.java');
  const text = await readFile(file, 'utf8');
  const [, inPackage] = /^\s*package\s+([\w.]+)\s*;/m.exec(text) ?? [];
  return inPackage === undefined ? name : `${inPackage}.${name}`;
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}
