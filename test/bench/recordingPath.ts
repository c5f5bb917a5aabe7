import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { openRecording } from '../../server/src/recording/recordingWriter.js';
import { withTemporaryFolder } from '../temporaryFolder.js';
import { benchRecording } from './benchRecording.js';
import { clicks, randomElements } from './events.js';

const elementsPerBundle = 10_000;
const bundles = 200;

/** Elements of 100 bytes from the data plane's bytes to the log, against a plain file given the same bytes. */
export async function recordingPath(): Promise<string> {
  const lines = [
    await recordingPathOf('JSON events', clicks(elementsPerBundle, 7)),
    await recordingPathOf('random bytes', randomElements(elementsPerBundle)),
  ];
  return lines.join('\n');
}

function recordingPathOf(kind: string, bundle: Uint8Array): Promise<string> {
  return withTemporaryFolder(async (folder) => {
    const writer = await openRecording(folder, benchRecording(), {}, 'coder');
    const recorded = await secondsOf(async () => {
      for (let index = 0; index < bundles; index++) {
        writer.addElements(bundle);
        await writer.flush();
      }
      await writer.end('source finished');
    });
    const plainPath = path.join(folder, 'plain');
    const file = await open(plainPath, 'wx');
    const plain = await secondsOf(async () => {
      for (let index = 0; index < bundles; index++) await file.write(bundle);
      await file.datasync();
      await file.close();
    });
    await rm(plainPath);
    const rate = (seconds: number) => (elementsPerBundle * bundles) / seconds / 1e6;
    return (
      `recording path, ${kind} of 100 bytes: ${rate(recorded).toFixed(1)} M elements/s, ` +
      `${(writer.recording.bytes / elementsPerBundle / bundles).toFixed(1)} bytes an element, ` +
      `${(recorded / plain).toFixed(2)} × the time of a plain file (${rate(plain).toFixed(1)} M/s)`
    );
  });
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
