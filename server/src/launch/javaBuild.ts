import { existsSync } from 'node:fs';
import path from 'node:path';

/** What a compiled Java program is run with. */
export interface JavaClassPath {
  /** Of Beam's SDK. */
  version: string;
  entries: string[];
}

/**
 * What it takes to submit a pipeline and to be its worker: group, artifact and version of each. (The worker hangs without
 * jamm, which its artifact does not name.)
 */
export function portableRunner(version: string): string[][] {
  return [
    ['org.apache.beam', 'beam-runners-portability-java', version],
    ['com.github.jbellis', 'jamm', '0.4.0'],
  ];
}

/** The release of Beam's SDK on a class path. @throws Error if there is none */
export function sdkVersionOf(classPath: string[]): string {
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
 * The wrapper of a project's build tool, which may be in a folder above, else the tool's command on the PATH.
 * @param ending of both, on Windows
 */
export function buildTool(
  project: string,
  wrapper: string,
  command: string,
  ending: 'cmd' | 'bat',
): string {
  const suffix = process.platform === 'win32' ? `.${ending}` : '';
  for (let folder = project; ; folder = path.dirname(folder)) {
    const file = path.join(folder, wrapper + suffix);
    if (existsSync(file)) return file;
    if (folder === path.dirname(folder)) break;
  }
  return command + suffix;
}
