import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { typeAtRandom } from './edits.js';
import { startInside } from './insideServer.js';
import type { LspClient } from './lspClient.js';
import { startServer } from './lspClient.js';
import { projectWith, startOurs } from './ours.js';
import { peers } from './peers.js';
import { sampleFile, sampleLines } from './sampleFile.js';
import { quantile, timesText } from './statistics.js';

const warmUp = 200;
const edits = 500;
/** A server that takes seconds for an edit makes fewer, ms. */
const patienceMs = 15_000;

/**
 * From a character that is typed to its diagnostics, by one LSP client: our server, with its lenses and without, ruff's
 * and pyright. And what of that our server takes by itself.
 */
export async function editRoundTrip(): Promise<string> {
  const text = await sampleFile();
  const inside = await insideServer(text);
  const lenses = await measure(startOurs, text, true);
  const ours = await measure(startOurs, text);
  const report = [
    `edit, ${sampleLines} lines of Python, inside of our server until diagnostics and lenses are sent: ${timesText(inside.elapsed)} ` +
      `(processor time with that of the client: ${timesText(inside.cpu)})`,
    `  through stdio: ours ${timesText(ours)} to the diagnostics, ${timesText(lenses)} to diagnostics and lenses`,
  ];
  for (const { name, command, args } of await peers()) {
    const theirs = await measure((folder) => startServer(command, args, folder), text);
    const ratio = (times: number[]): string =>
      (quantile(times, 0.5) / quantile(theirs, 0.5)).toPrecision(2);
    report.push(
      `  ${name}: ${timesText(theirs)} to the diagnostics; ours takes ${ratio(ours)} × its median, ${ratio(lenses)} × with lenses`,
    );
  }
  return report.join('\n');
}

async function measure(
  start: (folder: string) => Promise<LspClient>,
  text: string,
  withLenses = false,
): Promise<number[]> {
  return inProject(text, async (folder, uri) => {
    const client = await start(folder);
    await opened(client, uri, text);
    await typeAtRandom(client, uri, text, warmUp, { patienceMs, withLenses });
    const times = await typeAtRandom(client, uri, text, edits, { patienceMs, withLenses });
    await client.close();
    return times;
  });
}

async function insideServer(text: string): Promise<{ elapsed: number[]; cpu: number[] }> {
  return inProject(text, async (folder, uri) => {
    const { client, lapTime } = await startInside(folder);
    await opened(client, uri, text);
    await typeAtRandom(client, uri, text, warmUp, { withLenses: true });
    lapTime();
    const elapsed: number[] = [];
    const cpu: number[] = [];
    const onAnswer = (): void => {
      const lap = lapTime();
      elapsed.push(lap.elapsed);
      cpu.push(lap.cpu);
    };
    await typeAtRandom(client, uri, text, edits, { withLenses: true, onAnswer });
    await client.close();
    return { elapsed, cpu };
  });
}

async function opened(client: LspClient, uri: string, text: string): Promise<void> {
  await client.open(uri, 'python', text);
  await client.diagnosed(uri);
}

async function inProject<T>(
  text: string,
  work: (folder: string, uri: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-bench-'));
  try {
    return await work(folder, pathToFileURL(await projectWith(folder, text, 1)).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
