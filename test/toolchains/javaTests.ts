import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../../server/src/processes/runToEnd.js';
import { BEAM_JAVA } from '../integration/language/java.js';

const artifacts = [
  ['org.apache.beam', 'beam-sdks-java-core', BEAM_JAVA],
  ['org.apache.beam', 'beam-runners-direct-java', BEAM_JAVA],
  ['junit', 'junit', '4.13.2'],
  ['org.hamcrest', 'hamcrest', '2.2'],
] as const;

/** Class path on which JUnit tests of Beam compile and run on the direct runner. Needs Maven. */
export async function javaTestClasspath(): Promise<string> {
  const folder = await onceInCache(
    path.join(cacheFolder(), 'maven', `tests-${BEAM_JAVA}`),
    async () => {
      const target = path.join(cacheFolder(), 'maven', `tests-${BEAM_JAVA}`);
      const dependencies = artifacts.map(
        ([group, artifact, version]) =>
          `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
      );
      const pom = path.join(target, 'pom.xml');
      await writeFile(
        pom,
        '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>' +
          '<groupId>beam-rewind</groupId><artifactId>tests</artifactId><version>1</version>' +
          `<dependencies>${dependencies.join('')}</dependencies></project>`,
      );
      await runToEnd('mvn', [
        ...['--batch-mode', '--quiet', '--file', pom, 'dependency:copy-dependencies'],
        `-DoutputDirectory=${target}`,
      ]);
    },
  );
  return path.join(folder, '*');
}
