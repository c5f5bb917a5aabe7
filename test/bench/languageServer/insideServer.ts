import { PassThrough } from 'node:stream';
import {
  createConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serve } from '../../../server/src/features/languageServer.js';
import { serverCore } from '../../../server/src/serverCore.js';
import type { LspClient } from './lspClient.js';
import { connectTo } from './lspClient.js';

/** Our server in this process, and how long it takes for what it is asked. */
export interface InsideServer {
  client: LspClient;
  /**
   * Ms from the first byte that came in since the last call to the last one that went out, and the processor time of
   * the process since, in which the client's is.
   */
  lapTime: () => { elapsed: number; cpu: number };
}

/** As {@link startOurs}, without a process between client and server. */
export async function startInside(folder: string): Promise<InsideServer> {
  const input = new PassThrough();
  const output = new PassThrough();
  let first: { at: number; cpu: NodeJS.CpuUsage } | undefined;
  let last = NaN;
  input.on('data', () => {
    first ??= { at: performance.now(), cpu: process.cpuUsage() };
  });
  output.on('data', () => {
    last = performance.now();
  });
  const server = createConnection(new StreamMessageReader(input), new StreamMessageWriter(output));
  const indexThread = { find: () => Promise.resolve([]), close: () => undefined };
  serve(server, { ...serverCore, indexThread });
  server.listen();
  const client = await connectTo(output, input, folder, { initialization: { trusted: true } });
  return {
    client,
    lapTime() {
      const { user, system } = process.cpuUsage(first?.cpu);
      const elapsed = last - (first?.at ?? NaN);
      first = undefined;
      return { elapsed, cpu: (user + system) / 1000 };
    },
  };
}
