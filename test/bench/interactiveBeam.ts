import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { examplePython } from '../../examples/environment.js';
import { recordingPipeline } from '../../server/src/beam/pipeline/recordingPipeline.js';
import { unboundedSources } from '../../server/src/beam/pipeline/unboundedSources.js';
import { urns } from '../../server/src/beam/urns.js';
import type { EncodedDoFn } from '../../server/src/beam/worker/encodedDoFn.js';
import { recordDoFn } from '../../server/src/recording/recordDoFn.js';
import type { RecordingWriter } from '../../server/src/recording/recordingWriter.js';
import { openRecording } from '../../server/src/recording/recordingWriter.js';
import { runProgram } from '../../server/src/session/runProgram.js';
import { withTemporaryFolder } from '../temporaryFolder.js';
import { benchRecording } from './benchRecording.js';

const script = fileURLToPath(new URL('elements.py', import.meta.url));
const elements = 1_000_000;
/** Interactive Beam's sink takes minutes for a million. */
const cachedElements = 50_000;
/** JSON texts, rows in Beam's row coder, and random bytes. */
const kinds = ['json', 'rows', 'random'] as const;

/**
 * A pipeline's elements of 100 bytes from its source to the disk: on Prism to our log, on Prism to nothing, and on the
 * runner it needs to Interactive Beam's cache.
 */
export async function interactiveBeam(): Promise<string> {
  const python = await examplePython((text) => {
    console.error(text);
  });
  const lines: string[] = [];
  for (const kind of kinds) {
    const theirs = await cached(python, kind);
    // In turns: what else the machine does falls on both.
    const [recorded, dropped, again, droppedAgain] = [
      await recordedOnPrism(python, kind),
      await droppedOnPrism(python, kind),
      await recordedOnPrism(python, kind),
      await droppedOnPrism(python, kind),
    ];
    const seconds = Math.min(recorded.seconds, again.seconds);
    const nothing = Math.min(dropped, droppedAgain);
    const rate = elements / seconds;
    const theirRate = cachedElements / theirs.seconds;
    const perElement = recorded.bytes / elements;
    const theirsPerElement = theirs.bytes / cachedElements;
    lines.push(
      `${kind} elements on Prism: ${(rate / 1000).toFixed(0)} k/s, ${(seconds / nothing).toFixed(2)} × the time of a DoFn that does nothing; ` +
        `Interactive Beam ${(theirRate / 1000).toFixed(1)} k/s: ${(rate / theirRate).toFixed(1)} × its rate; ` +
        `${perElement.toFixed(1)} bytes an element, Interactive Beam ${theirsPerElement.toFixed(1)}: 1/${(theirsPerElement / perElement).toFixed(2)} of its`,
    );
  }
  return lines.join('\n');
}

async function cached(python: string, kind: string): Promise<{ seconds: number; bytes: number }> {
  return withTemporaryFolder(async (folder) => {
    const args = [script, 'cache', folder, String(cachedElements), kind];
    const { stdout } = await promisify(execFile)(python, args);
    const [seconds = NaN, bytes = NaN] = stdout.trim().split(' ').map(Number);
    return { seconds, bytes };
  });
}

function recordedOnPrism(
  python: string,
  kind: string,
): Promise<{ seconds: number; bytes: number }> {
  return withTemporaryFolder(async (store) => {
    let writer: RecordingWriter | undefined;
    const seconds = await secondsOnPrism(python, kind, async () => {
      writer = await openRecording(store, benchRecording(), {}, 'coder');
      return recordDoFn(writer, () => undefined);
    });
    await writer?.end('source finished');
    if (writer?.recording.elements !== elements) {
      throw new Error(`${writer?.recording.elements ?? 0} elements were recorded`);
    }
    return { seconds, bytes: writer.recording.bytes };
  });
}

function droppedOnPrism(python: string, kind: string): Promise<number> {
  return secondsOnPrism(python, kind, () =>
    Promise.resolve({
      process: () => undefined,
      onTimers: () => undefined,
      finishBundle: () => Promise.resolve(),
    }),
  );
}

/** From the submission of the pipeline to the end of the last bundle at the sink. */
async function secondsOnPrism(
  python: string,
  kind: string,
  openSink: () => Promise<EncodedDoFn>,
): Promise<number> {
  const sink = await openSink();
  let submitted = 0;
  let last = 0;
  const timed: EncodedDoFn = {
    ...sink,
    async finishBundle(bundle) {
      await sink.finishBundle(bundle);
      last = performance.now();
    },
  };
  const idle: EncodedDoFn = {
    process: () => undefined,
    onTimers: () => undefined,
    finishBundle: () => Promise.resolve(),
  };
  const run = await runProgram(
    {
      file: script,
      text: await readFile(script, 'utf8'),
      args: [String(elements), kind],
      interpreter: python,
      store: '',
      backend: 'prism',
      signal: new AbortController().signal,
      onEvent: () => undefined,
    },
    (pipeline, _job, workers) => {
      submitted = performance.now();
      const worker = workers.addJob({
        createDoFn: (urn) => (urn === urns.recordDoFn ? timed : idle),
        onError(message) {
          throw new Error(message);
        },
      });
      return Promise.resolve({
        pipeline: recordingPipeline(pipeline, unboundedSources(pipeline), worker),
      });
    },
  );
  if (run.exitCode !== 0 || last === 0) throw new Error(run.lastErrors);
  return (last - submitted) / 1000;
}
