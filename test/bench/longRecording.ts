import { openTestStream } from '../../server/src/replay/testStream/openTestStream.js';
import { readIndex } from '../../server/src/recording/logIndex.js';
import { openRecording } from '../../server/src/recording/recordingWriter.js';
import { logPath } from '../../server/src/recording/store.js';
import { withTemporaryFolder } from '../temporaryFolder.js';
import { benchRecording } from './benchRecording.js';
import { clicks } from './events.js';

const elements = 20_000_000;
const perBundle = 1000;
/** Bundles are deflated one by one: that they come again makes none shorter. */
const bundles = Array.from({ length: 20 }, (_, index) => clicks(perBundle, index));

/** Memory while twenty million elements are recorded, and how long it takes to open them, and to begin in their middle. */
export async function longRecording(): Promise<string> {
  return withTemporaryFolder(async (store) => {
    const writer = await openRecording(store, benchRecording(), {}, 'coder');
    const megabytes: number[] = [];
    for (let written = 0; written < elements; written += perBundle) {
      writer.addElements(bundles[(written / perBundle) % bundles.length] ?? Buffer.alloc(0));
      if (written % 10_000 === 0) await writer.flush();
      if (written % 1_000_000 === 0) megabytes.push(process.memoryUsage.rss() / (1 << 20));
    }
    await writer.end('source finished');
    const log = logPath(store, 'bench');
    const openMs = await millisecondsOf(() => readIndex(log));
    const outputs = [{ tag: 'Bench', log, isComplete: true }];
    const beginAt = (ordinal: number) =>
      millisecondsOf(async () => {
        const stream = await openTestStream(outputs, { ordinal }, () => undefined);
        await stream.next();
        await stream.close();
      });
    const first = await beginAt(0);
    const cold = await beginAt(elements / perBundle);
    const middle = await beginAt(Math.floor(elements / perBundle / 2));
    const [early = 0] = megabytes.slice(1);
    return (
      `${elements / 1e6} M elements: resident memory ${early.toFixed(0)} MB after 1 M, ${Math.max(...megabytes).toFixed(0)} MB at most; ` +
      `opened in ${openMs.toFixed(1)} ms, first event ${first.toFixed(1)} ms, in the middle ${cold.toFixed(1)} ms with opening, ${middle.toFixed(1)} ms when open`
    );
  });
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
