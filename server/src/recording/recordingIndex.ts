import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { releaseRecording } from './liveRecordings.js';
import { seenIntervalMs } from './owner.js';
import type { RecordingIndex } from './store.js';
import { reserveFile } from './store.js';
import { storageFailure } from './storageFailure.js';

/** How often a running recording's counts reach its index, ms. */
const indexIntervalMs = 1000;
/** So many times in a row the index may fail to be written: on Windows, whoever reads it holds it. */
const patience = 5;
/** Kept aside, so that the end of a recording can be noted when it has filled the disk, bytes. */
const reserveBytes = 64 << 10;

/**
 * Keeps the index of a recording that is being written up to date.
 * @param check fails if the recording's files were deleted
 * @param onFailure called when the recording cannot go on
 */
export function openIndex(
  index: RecordingIndex,
  folder: string,
  check: () => Promise<void>,
  onFailure: (error: Error) => void,
) {
  const recording = index.data;
  const reserve = path.join(folder, reserveFile);
  const reserved = writeFile(reserve, Buffer.alloc(reserveBytes), { mode: 0o600 }).catch(
    () => undefined,
  );
  let failures = 0;
  let written = '';
  // Not by the system's clock, which may be set back.
  let writtenAt = performance.now();
  let tick: Promise<void> | undefined;

  const write = async (): Promise<void> => {
    const state = `${recording.bytes} ${recording.elements} ${recording.watermark ?? ''}`;
    if (state === written && performance.now() - writtenAt < seenIntervalMs) return;
    if (recording.owner) recording.owner.seenAt = Date.now();
    try {
      await index.write();
      written = state;
      writtenAt = performance.now();
      failures = 0;
    } catch (error) {
      failures++;
      const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!isGone && failures < patience) return;
      onFailure(storageFailure('The recording cannot be written', folder, error));
    }
  };
  const timer = setInterval(() => {
    tick ??= check()
      // The log tells its failure itself.
      .then(write, () => undefined)
      .finally(() => {
        tick = undefined;
      });
  }, indexIntervalMs);
  timer.unref();

  return {
    /** Writes it for the last time. @param change makes the last changes */
    async close(change: () => Promise<void>): Promise<void> {
      clearInterval(timer);
      await tick;
      await reserved;
      await rm(reserve, { force: true });
      try {
        await change();
        await index.write();
      } catch (error) {
        onFailure(storageFailure('The recording cannot be written', folder, error));
      } finally {
        releaseRecording(recording.id);
      }
    },
  };
}
