import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CodeLens } from 'vscode-languageserver-protocol';
import { projectWith, startOurs } from './ours.js';
import { sampleFile, sampleLines } from './sampleFile.js';
import { quantile } from './statistics.js';

const starts = 7;

/** From the start of the process to the first lens with its title. */
export async function coldStart(): Promise<string> {
  const text = await sampleFile();
  const folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-bench-'));
  try {
    const file = await projectWith(folder, text, 1);
    const times: number[] = [];
    for (let index = 0; index < starts; index++) times.push(await firstLens(folder, file, text));
    return (
      `process start → first lens, ${sampleLines} lines: median ${quantile(times, 0.5).toFixed(0)} ms, ` +
      `best ${Math.min(...times).toFixed(0)} ms of ${starts}`
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function firstLens(folder: string, file: string, text: string): Promise<number> {
  const client = await startOurs(folder);
  const uri = pathToFileURL(file).href;
  await client.open(uri, 'python', text);
  const params = { textDocument: { uri } };
  const [lens] = await client.connection.sendRequest<CodeLens[]>('textDocument/codeLens', params);
  const resolved = await client.connection.sendRequest<CodeLens>('codeLens/resolve', lens);
  if (!resolved.command) throw new Error('The lens has no command.');
  const time = performance.now() - client.startedAt;
  await client.close();
  return time;
}
