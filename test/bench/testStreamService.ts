import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { examplePython } from '../../examples/environment.js';
import { readCacheLines } from '../../server/src/interchange/interactiveBeam/read.js';
import { importRecording } from '../../server/src/interchange/importRecording.js';
import { linesOf } from '../../server/src/interchange/lines.js';
import { logPath } from '../../server/src/recording/store.js';
import { systemClock } from '../../server/src/replay/testStream/clock.js';
import { idleTimer } from '../../server/src/replay/testStream/idleTimer.js';
import { startTestStreamService } from '../../server/src/replay/testStream/testStreamService.js';
import { withTemporaryFolder } from '../temporaryFolder.js';
import { benchRecording } from './benchRecording.js';

const script = fileURLToPath(new URL('test_stream_service.py', import.meta.url));
/** As Interactive Beam names what it caches. */
const output = 'bench-0-0-0';

/** The same events, from Interactive Beam's TestStreamServiceController and from our service, to the same client. */
export async function testStreamService(): Promise<string> {
  const python = await examplePython((text) => {
    console.error(text);
  });
  const lines = [await compared(python, 200_000, 1000), await compared(python, 10_000, 1)];
  return lines.join('\n');
}

function compared(python: string, elements: number, perEvent: number): Promise<string> {
  const run = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(python, [script, ...args])).stdout;
  const read = async (endpoint: string): Promise<number> => {
    const told = (await run('read', endpoint, output)).trim().split(' ');
    const [seconds = NaN, count] = told.map(Number);
    if (count !== elements) throw new Error(`${count ?? 0} elements were read`);
    return elements / seconds;
  };
  return withTemporaryFolder(async (folder) => {
    await run('cache', folder, output, String(elements), String(perEvent));
    const chunks = createReadStream(path.join(folder, 'full', output)) as AsyncIterable<Buffer>;
    const store = path.join(folder, 'store');
    const content = readCacheLines(linesOf(chunks, 'latin1'));
    await importRecording(store, benchRecording(), content, new AbortController().signal);
    const service = await startTestStreamService(
      [{ tag: output, log: logPath(store, 'bench'), isComplete: true }],
      idleTimer(systemClock, undefined, () => undefined),
      (text) => {
        throw new Error(text);
      },
    );
    const theirs = spawn(python, [script, 'serve', folder], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      const [endpoint] = (await once(createInterface(theirs.stdout), 'line')) as [string];
      const [ours, their] = [await read(service.endpoint), await read(endpoint)];
      return (
        `TestStreamService to a Python client, ${perEvent} elements an event: ${(ours / 1000).toFixed(1)} k/s, ` +
        `Interactive Beam's controller ${(their / 1000).toFixed(1)} k/s: ${(ours / their).toFixed(1)} × its rate`
      );
    } finally {
      theirs.stdin.end();
      await once(theirs, 'exit');
      service.close();
    }
  });
}
