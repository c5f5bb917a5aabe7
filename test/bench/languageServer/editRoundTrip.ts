import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { typeAtRandom } from './edits.js';
import type { LspClient } from './lspClient.js';
import { startServer } from './lspClient.js';
import { projectWith, startOurs } from './ours.js';
import { peers } from './peers.js';
import { sampleFile, sampleLines } from './sampleFile.js';
import { quantile, timesText } from './statistics.js';

const warmUp = 100;
const edits = 250;
/** A server that takes seconds for an edit makes fewer, ms. */
const patienceMs = 15_000;

/** One character typed until its diagnostics are there, by one LSP client: our server, ruff's and pyright. */
export async function editRoundTrip(): Promise<string> {
  const text = await sampleFile();
  const ours = await measure(startOurs, text);
  const report = [
    `edit → diagnostics, ${sampleLines} lines of Python, through stdio: ours ${timesText(ours)}`,
  ];
  for (const { name, command, args } of await peers()) {
    const theirs = await measure((folder) => startServer(command, args, folder), text);
    const ratio = quantile(ours, 0.5) / quantile(theirs, 0.5);
    report.push(`  ${name}: ${timesText(theirs)}; ours takes ${ratio.toFixed(2)} × its median`);
  }
  return report.join('\n');
}

async function measure(
  start: (folder: string) => Promise<LspClient>,
  text: string,
): Promise<number[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-bench-'));
  const file = await projectWith(folder, text, 1);
  const client = await start(folder);
  try {
    const uri = pathToFileURL(file).href;
    await client.open(uri, 'python', text);
    await client.diagnosed(uri);
    await typeAtRandom(client, uri, text, warmUp, patienceMs);
    return await typeAtRandom(client, uri, text, edits, patienceMs);
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
}
