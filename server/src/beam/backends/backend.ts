import { connect, waitUntilReady } from '../grpc.js';
import { isFlink } from './flink.js';
import { pythonDirect } from './pythonDirect.js';
import { startPrism } from './prism/startPrism.js';

/** A runner that jobs can be submitted to. */
export interface Backend {
  /** For people: `Prism`, or the endpoint the user gave. */
  name: string;
  /** Set where the pipeline it is given depends on which runner it is. */
  kind?: 'prism' | 'flink';
  /** `host:port` of its JobService. */
  endpoint: string;
  /** The last lines of its log, when we started it; says why it ended when it did. */
  log(): string;
  /** Ends the runner if we started it and nobody else of this process uses it. */
  stop(): Promise<void>;
}

export interface BackendOptions {
  /** Version of the SDK the pipeline is written with, e.g. `2.77.0`. */
  sdkVersion: string;
  /** Path of a Prism binary; found or obtained when absent. */
  prismPath?: string;
  /** A step that takes time, for people. */
  onStep(text: string): void;
}

/** How long a runner that the user named may take to answer. */
const reachableWithinMs = 5000;

/**
 * A backend that answers: Prism, found or obtained and started, or the runner at the `host:port` the user gave, which
 * is left as it is.
 * @throws Error that says what is wrong and what to do
 */
export async function startBackend(spec: string, options: BackendOptions): Promise<Backend> {
  if (spec === 'prism') return startPrism(options);
  assertEndpoint(spec);
  const client = connect(spec);
  try {
    await waitUntilReady(client, reachableWithinMs).catch(() => {
      throw new Error(
        `No job service answers at ${spec}. Start the runner, or check the host and port of its job endpoint.`,
      );
    });
    return {
      name: spec,
      ...((await isFlink(client)) && { kind: 'flink' }),
      endpoint: spec,
      log: () => '',
      stop: () => Promise.resolve(),
    };
  } finally {
    client.close();
  }
}

function assertEndpoint(spec: string): void {
  const { host, port } =
    /^(?<host>[\w.-]+|\[[\da-fA-F:.]+\]):(?<port>\d{1,5})$/.exec(spec)?.groups ?? {};
  if (host === undefined || Number(port) < 1 || Number(port) > 65535) {
    throw new Error(
      `"${spec}" is not a backend. Give "prism", "${pythonDirect}", or the job endpoint of a runner as host:port, e.g. localhost:8099.`,
    );
  }
}
