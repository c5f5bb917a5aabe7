import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import path from 'node:path';
import { cacheFolder } from '../../server/src/beam/backends/cacheFolder.js';
import { onceInCache } from '../../server/src/beam/backends/onceInCache.js';
import { runToEnd } from '../../server/src/processes/runToEnd.js';
import { lastLines } from '../../server/src/processes/lastLines.js';
import { superviseProcess } from '../../server/src/processes/supervise.js';
import { connect, waitUntilReady } from '../../server/src/beam/grpc.js';

/** The newest Flink job server of which the test machines' repository serves all parts. */
const version = '2.62.0';
const flink = '1.19';

/** Beam's job server for Flink with a Flink in the same process, as one project of Maven. */
const project = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>beam-rewind</groupId><artifactId>flink</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.beam</groupId><artifactId>beam-runners-flink-${flink}</artifactId><version>${version}</version>
      <exclusions>
        <exclusion><groupId>io.confluent</groupId><artifactId>*</artifactId></exclusion>
        <exclusion><groupId>com.google.cloud.hosted.kafka</groupId><artifactId>*</artifactId></exclusion>
      </exclusions>
    </dependency>
    <!-- Without it, LOOPBACK workers hang. -->
    <dependency><groupId>com.github.jbellis</groupId><artifactId>jamm</artifactId><version>0.4.0</version></dependency>
  </dependencies>
</project>
`;

/** The folder with the job server's jars. */
export function flinkJars(): Promise<string> {
  const folder = path.join(cacheFolder(), `flink-${flink}-beam-${version}`);
  return onceInCache(folder, async () => {
    await writeFile(path.join(folder, 'pom.xml'), project);
    await runToEnd('mvn', [
      ...['--batch-mode', '--quiet', '--file', path.join(folder, 'pom.xml')],
      ...['dependency:copy-dependencies', `-DoutputDirectory=${folder}`],
    ]);
  });
}

/** Beam's job service in front of a Flink of its own. */
export interface FlinkJobServer {
  /** `localhost:port`. */
  endpoint: string;
  stop(): Promise<void>;
}

const readyWithinMs = 120_000;

/** @param artifacts folder for what programs stage */
export async function startFlinkJobServer(artifacts: string): Promise<FlinkJobServer> {
  const jars = await flinkJars();
  const endpoint = `localhost:${await freePort()}`;
  const output = lastLines(50);
  const server = await superviseProcess(
    'java',
    [
      ...['-Xmx1g', '-cp', path.join(jars, '*')],
      ...['org.apache.beam.runners.flink.FlinkJobServerDriver', '--flink-master=[local]'],
      ...[`--job-port=${endpoint.split(':')[1] ?? ''}`, '--artifact-port=0', '--expansion-port=0'],
      `--artifacts-dir=${artifacts}`,
    ],
    {
      onOutput: (_stream, data) => {
        output.add(data);
      },
    },
  );
  const client = connect(endpoint);
  try {
    const ended = server.exit.then(() => {
      throw new Error(`Flink's job server ended:\n${output.text()}`);
    });
    await Promise.race([waitUntilReady(client, readyWithinMs), ended]);
  } catch (error) {
    await server.stop();
    throw error;
  } finally {
    client.close();
  }
  return {
    endpoint,
    stop: async () => {
      await server.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
