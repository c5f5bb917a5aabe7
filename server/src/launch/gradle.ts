import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { JavaClassPath } from './javaBuild.js';
import { buildTool, portableRunner, sdkVersionOf } from './javaBuild.js';
import type { ProgramOptions } from './program.js';
import { runTool } from './program.js';

const task = 'beamRewindClassPath';

/**
 * Adds a task to a project, whose build files stay as they are: it compiles, and writes the class path to a file, with what of
 * the portable runner of the SDK's release is not in it. It takes Gradle 4 or newer.
 */
const initScript = `
allprojects { project ->
  project.afterEvaluate {
    if (project.projectDir != new File(System.getProperty('beam.rewind.project'))) return
    project.tasks.create('${task}') {
      dependsOn 'classes'
      doLast {
        def moduleOf = { it.moduleVersion.id.group + ':' + it.moduleVersion.id.name }
        def artifactsOf = { it.resolvedConfiguration.resolvedArtifacts }
        def own = artifactsOf(project.configurations.runtimeClasspath)
        def modules = own.collect(moduleOf)
        def sdk = own.find { moduleOf(it) == 'org.apache.beam:beam-sdks-java-core' }
        def more = []
        if (sdk != null) {
          def runner = ${JSON.stringify(portableRunner('VERSION').map((one) => one.join(':')))}.collect {
            project.dependencies.create(it.replace('VERSION', sdk.moduleVersion.id.version))
          }
          def all = artifactsOf(project.configurations.detachedConfiguration(*runner))
          more = all.findAll { !modules.contains(moduleOf(it)) }
        }
        def entries = project.sourceSets.main.runtimeClasspath.files + more.collect { it.file }
        new File(System.getProperty('beam.rewind.classpath')).setText(entries.join('\\n'), 'UTF-8')
      }
    }
  }
}
`;

/** Compiles a project of Gradle's. @param made a folder for what is written on the way */
export async function gradleClassPath(
  project: string,
  made: string,
  options: ProgramOptions,
): Promise<JavaClassPath> {
  const script = path.join(made, 'classpath.gradle');
  const written = path.join(made, 'classpath');
  await writeFile(script, initScript);
  await runGradle(
    buildTool(project, 'gradlew', 'gradle', 'bat'),
    [
      // A daemon would outlive us.
      ...['--no-daemon', '--quiet', '--console=plain', '--init-script', script],
      // The task asks the project when it runs.
      '-Dorg.gradle.configuration-cache=false',
      ...[`-Dbeam.rewind.project=${project}`, `-Dbeam.rewind.classpath=${written}`, task],
    ],
    { ...options, cwd: project },
  );
  const entries = (await readFile(written, 'utf8')).split('\n').filter(Boolean);
  return { version: sdkVersionOf(entries), entries };
}

/** @throws Error with what the compiler or Gradle says first */
async function runGradle(
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
      throw new Error(withoutGradle, { cause: error });
    const [, telling] =
      /^(.+\.java:\d+: error: .+)$/m.exec(written) ??
      /^\* What went wrong:\r?\n(.+)$/m.exec(written) ??
      [];
    throw telling === undefined ? error : new Error(`Gradle: ${telling}`);
  }
}

const withoutGradle =
  'There is no `gradle` command on the PATH, and no Gradle wrapper in the project. Install Gradle (https://gradle.org), or start the editor where it is on the PATH.';
