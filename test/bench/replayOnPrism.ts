import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { examplePython } from '../../examples/environment.js';
import { recordFile } from '../../server/src/session/recordFile.js';
import { replayFile } from '../../server/src/session/replayFile.js';
import { runProgram } from '../../server/src/session/runProgram.js';
import type { SessionEvent } from '../../server/src/session/session.js';
import { withTemporaryFolder } from '../temporaryFolder.js';

const script = fileURLToPath(new URL('elements.py', import.meta.url));
const elements = 100_000;

/** A pipeline's elements of 100 bytes on Prism: replayed, and from `beam.Create` in place of the source. Whole runs, in turns. */
export async function replayOnPrism(): Promise<string> {
  const python = await examplePython((text) => {
    console.error(text);
  });
  const text = await readFile(script, 'utf8');
  const launch = (store: string, args: string[]) => ({
    file: script,
    text,
    args,
    interpreter: python,
    store,
    backend: 'prism',
    signal: new AbortController().signal,
    onEvent: (event: SessionEvent) => {
      if (event.kind === 'message' && event.severity === 'error') throw new Error(event.text);
    },
  });
  return withTemporaryFolder(async (folder) => {
    const store = path.join(folder, 'store');
    const args = [String(elements), 'json'];
    const limits = { durationMs: 120_000, maxBytes: 1e9, maxElements: 1e9 };
    // The source is a DoFn of the program's own, which text alone does not tell.
    await recordFile({ ...launch(store, args), limits, force: true });
    const replayed = async (): Promise<void> => {
      const outcome = await replayFile(launch(store, args));
      if (outcome.kind !== 'replayed' || outcome.exitCode !== 0)
        throw new Error(JSON.stringify(outcome));
    };
    const created = async (): Promise<void> => {
      const run = await runProgram(launch(store, ['create', ...args]), (pipeline) =>
        Promise.resolve({ pipeline }),
      );
      if (run.exitCode !== 0) throw new Error(run.lastErrors);
    };
    const times = { replayed: Infinity, created: Infinity };
    for (let turn = 0; turn < 2; turn++) {
      times.replayed = Math.min(times.replayed, await secondsOf(replayed));
      times.created = Math.min(times.created, await secondsOf(created));
    }
    return (
      `${elements / 1000} k elements replayed on Prism: ${times.replayed.toFixed(1)} s, from beam.Create ` +
      `${times.created.toFixed(1)} s: ${(times.replayed / times.created).toFixed(2)} × its time`
    );
  });
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
