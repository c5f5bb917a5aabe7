import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { analyzeText } from '../../../server/src/language/language.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { createRecording } from '../../../server/src/recording/store.js';
import type { LspClient } from './lspClient.js';
import { startServer } from './lspClient.js';

/** Our server, as another editor than VS Code starts it, from the bundle. */
export function startOurs(folder: string): Promise<LspClient> {
  const server = path.resolve('dist/server.js');
  return startServer(process.execPath, [server, '--stdio'], folder, {
    initialization: { trusted: true },
  });
}

/** A project with one pipeline file, of which `count` recordings are kept. */
export async function projectWith(
  folder: string,
  text: string,
  recordings: number,
): Promise<string> {
  const file = path.join(folder, 'rides.py');
  const store = path.join(folder, '.beam-rewind');
  await mkdir(path.join(folder, '.git'), { recursive: true });
  await writeFile(file, text);
  const { sources } = await analyzeText(file, text);
  for (let index = 0; index < recordings; index++) {
    const source = sources[index % sources.length];
    if (!source) throw new Error('The sample has no source.');
    const recording: Recording = {
      formatVersion: 2,
      id: `20260101T000000-${String(index).padStart(8, '0')}`,
      file,
      pipeline: source.pipeline,
      label: source.label,
      uniqueName: source.label,
      signature: source.signature,
      coder: 'beam:coder:bytes:v1',
      limits: { durationMs: 60_000, maxBytes: 1e9, maxElements: 1e9 },
      startedAt: 1_767_225_600_000 + index,
      endedAt: 1_767_225_660_000 + index,
      endReason: 'duration limit',
      elements: 1000,
      bytes: 50_000,
    };
    await createRecording(store, recording);
  }
  return file;
}
