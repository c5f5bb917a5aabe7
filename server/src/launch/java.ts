import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { superviseProcess } from '../processes/supervise.js';
import { debuggerOutput } from './debugger.js';
import { gradleClassPath } from './gradle.js';
import { mavenClassPath } from './maven.js';
import type { Program, ProgramOptions } from './program.js';
import { withoutOptions } from './program.js';

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
 * Compiles a Java program of a Maven or Gradle project, unmodified, and runs it so that its pipelines arrive at our JobService: by
 * the options of the SDK, which it has when it makes its PipelineOptions from its arguments. The portable runner is
 * added to its class path where it is not in it.
 */
export async function prepareJava(options: ProgramOptions): Promise<Program> {
  const { file, args, debug } = options;
  const project = projectOf(file);
  const made = await mkdtemp(path.join(tmpdir(), 'beam-rewind-java-'));
  const dispose = () => rm(made, { recursive: true, force: true });
  try {
    options.onStep(`Compiling ${project.folder}`);
    const { version, entries } = await project.classPath(project.folder, made, options);
    const classPath = entries.join(path.delimiter);
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
            cwd: options.cwd ?? project.folder,
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

/** Build files, each with what builds its project. Of two in a folder the first counts. */
const builds = [
  ['pom.xml', mavenClassPath],
  ['build.gradle', gradleClassPath],
  ['build.gradle.kts', gradleClassPath],
] as const;

/** The nearest folder above with a build file, and how it is built. @throws Error if there is none */
function projectOf(file: string) {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const found = builds.find(([name]) => existsSync(path.join(folder, name)));
    if (found) return { folder, classPath: found[1] };
    if (folder === path.dirname(folder)) break;
  }
  throw new Error(
    `No project of Maven (pom.xml) or Gradle (build.gradle, build.gradle.kts) was found above ${file}.`,
  );
}

/** Of JAVA_HOME, as Maven's and Gradle's is, else of the PATH. */
function java(): string {
  const { JAVA_HOME } = process.env;
  return JAVA_HOME ? path.join(JAVA_HOME, 'bin', 'java') : 'java';
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
