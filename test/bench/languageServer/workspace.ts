import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SymbolInformation } from 'vscode-languageserver-protocol';
import type { LspClient } from './lspClient.js';
import { startOurs } from './ours.js';
import { sampleFile } from './sampleFile.js';
import { quantile } from './statistics.js';

const fileCount = 1000;
/** Lines of each. */
const lines = 200;

/** How long requests wait while a workspace is indexed, and what memory it takes. */
export async function workspace(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-bench-'));
  const text = await sampleFile(lines);
  await mkdir(path.join(folder, '.git'));
  for (let index = 0; index < fileCount; index++) {
    const below = path.join(folder, `package_${index % 20}`);
    await mkdir(below, { recursive: true });
    await writeFile(
      path.join(below, `module_${index}.py`),
      text.replace("'Rides'", `'Rides ${index}'`),
    );
  }
  const client = await startOurs(folder);
  try {
    const uri = pathToFileURL(path.join(folder, 'package_0/module_0.py')).href;
    await client.open(uri, 'python', text);
    await client.diagnosed(uri);
    const start = performance.now();
    const indexed = client.connection.sendRequest<SymbolInformation[]>('workspace/symbol', {
      query: '',
    });
    const { times, memory } = await requestsUntil(client, uri, indexed);
    const found = (await indexed).length;
    return (
      `${fileCount} files of ${lines} lines: indexed in ${((performance.now() - start) / 1000).toFixed(1)} s (${found} sources listed); ` +
      `meanwhile lenses took ${quantile(times, 0.5).toFixed(1)} ms, at most ${Math.max(...times).toFixed(0)} ms (${times.length} requests); ` +
      `memory at most ${(memory / 1e6).toFixed(0)} MB`
    );
  } finally {
    await client.close();
    await rm(folder, { recursive: true });
  }
}

async function requestsUntil(
  client: LspClient,
  uri: string,
  end: Promise<unknown>,
): Promise<{ times: number[]; memory: number }> {
  const done = new AbortController();
  void end.finally(() => {
    done.abort();
  });
  const times: number[] = [];
  let memory = 0;
  while (!done.signal.aborted) {
    const start = performance.now();
    await client.connection.sendRequest('textDocument/codeLens', { textDocument: { uri } });
    times.push(performance.now() - start);
    memory = Math.max(memory, await residentBytes(client.pid));
    // More often than an author causes requests, so that no stall is missed.
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return { times, memory };
}

/** Of Linux; elsewhere nothing is known. */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? NaN) * 1024;
}
