import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { typeAtRandom } from './edits.js';
import { projectWith, startOurs } from './ours.js';
import { sampleFile } from './sampleFile.js';
import { quantile } from './statistics.js';

const warmUp = 60;
const edits = 100;

/** What an edit costs in files of more lines, and with more recordings. */
export async function growth(): Promise<string> {
  const base = await medianOf(2000, 0);
  const rows: string[] = [`0 recordings, 2,000 lines ${base.toFixed(2)} ms`];
  for (const [lines, recordings] of [
    [2000, 10],
    [2000, 1000],
    [500, 0],
    [8000, 0],
  ] as const) {
    const median = await medianOf(lines, recordings);
    rows.push(
      `${recordings} recordings, ${lines} lines ${median.toFixed(2)} ms (${(median / base).toFixed(2)} ×)`,
    );
  }
  return `an edit, by recordings and length, median: ${rows.join('; ')}`;
}

async function medianOf(lines: number, recordings: number): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-bench-'));
  const text = await sampleFile(lines);
  const file = await projectWith(folder, text, recordings);
  const client = await startOurs(folder);
  try {
    const uri = pathToFileURL(file).href;
    await client.open(uri, 'python', text);
    await client.diagnosed(uri);
    await typeAtRandom(client, uri, text, warmUp);
    return quantile(await typeAtRandom(client, uri, text, edits), 0.5);
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
}
