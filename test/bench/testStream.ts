import { execFile } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openRecording } from '../../server/src/recording/recordingWriter.js';
import { logPath } from '../../server/src/recording/store.js';
import { callServerStream, connect } from '../../server/src/beam/grpc.js';
import { TestStreamService } from '../../server/src/beam/proto/beam/interactive_pb.js';
import { systemClock } from '../../server/src/replay/testStream/clock.js';
import { idleTimer } from '../../server/src/replay/testStream/idleTimer.js';
import { openTestStream } from '../../server/src/replay/testStream/openTestStream.js';
import { startTestStreamServer } from '../../server/src/replay/testStream/testStreamServer.js';
import { startTestStreamService } from '../../server/src/replay/testStream/testStreamService.js';
import type { Received } from './testStreamReader.js';
import { withTemporaryFolder } from '../temporaryFolder.js';
import { windowedValues } from '../windowedValues.js';
import { benchRecording } from './benchRecording.js';

const elements = 2_000_000;
const reader = fileURLToPath(new URL('testStreamReader.ts', import.meta.url));

/** Elements of 100 bytes from a log to a client that does nothing with them (gRPC: one that parses them, in this process). */
export async function testStream(): Promise<string> {
  const lines: string[] = [];
  for (const perBundle of [1000, 10]) lines.push(await servedInBundlesOf(perBundle));
  return lines.join('\n');
}

function servedInBundlesOf(perBundle: number): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const writer = await openRecording(path.join(folder, 'store'), benchRecording(), {}, 'coder');
    const at = Date.now();
    const bundle = windowedValues(
      Array.from({ length: perBundle }, (_, index) => [at + index, 'x'.repeat(100)]),
    );
    for (let written = 0; written < elements; written += perBundle) {
      writer.addElements(bundle);
      if (written % 10_000 === 0) await writer.flush();
    }
    await writer.end('source finished');
    const output = {
      tag: 'Bench',
      log: logPath(path.join(folder, 'store'), 'bench'),
      isComplete: true,
    };
    const idle = idleTimer(systemClock, undefined, () => undefined);
    const ignore = (): void => undefined;
    const server = await startTestStreamServer(
      {
        outputs: [
          { tag: 'Bench', pipeline: 'p', label: 'Bench', coder: '', elements, isLive: false },
        ],
        open: (place, isWanted) => openTestStream([output], place, ignore, isWanted),
        onError: ignore,
      },
      idle,
      systemClock,
    );
    const service = await startTestStreamService([output], idle, ignore);
    const whole = { type: 'start' };
    const last = { type: 'start', from: { ordinal: Math.floor((2 * elements) / perBundle) - 10 } };
    const middle = { type: 'start', from: { ordinal: Math.floor(elements / perBundle) } };
    const binary = await receive(server, 'beam-rewind.proto.v1', whole);
    const json = await receive(server, 'beam-rewind.json.v1', whole);
    const fromMiddle = await receive(server, 'beam-rewind.proto.v1', middle);
    const fromLast = await receive(server, 'beam-rewind.proto.v1', last);
    const grpcMs = await receiveByGrpc(service.endpoint);
    await server.close();
    service.close();
    const rate = (ms: number): string => `${Math.round(elements / ms)} k/s`;
    return (
      `test stream, bundles of ${perBundle} × 100 bytes: binary ${rate(binary.totalMs)}, JSON ${rate(json.totalMs)}, ` +
      `gRPC to a TypeScript client ${rate(grpcMs)}; first event after ${binary.firstMs.toFixed(1)} ms, ` +
      `from the middle ${fromMiddle.firstMs.toFixed(1)} ms, near the end ${fromLast.firstMs.toFixed(1)} ms`
    );
  });
}

/** A client in a process of its own, as every client of the server is. */
async function receive(
  { url, token }: { url: string; token: string },
  protocol: string,
  start: object,
): Promise<Received> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import=tsx',
    reader,
    url,
    token,
    protocol,
    JSON.stringify(start),
  ]);
  return JSON.parse(stdout) as Received;
}

function receiveByGrpc(endpoint: string): Promise<number> {
  const start = performance.now();
  const client = connect(endpoint);
  const call = callServerStream(client, TestStreamService.method.events, {});
  return new Promise((resolve, reject) => {
    call.on('data', () => undefined);
    call.on('error', reject);
    call.on('end', () => {
      client.close();
      resolve(performance.now() - start);
    });
  });
}
