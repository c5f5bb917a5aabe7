import { readLog } from '../../../server/src/recording/readLog.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { logPath } from '../../../server/src/recording/store.js';
import { windowedValues } from '../../windowedValues.js';

export function newRecording(id: string): Recording {
  return {
    formatVersion: 2,
    id,
    file: '/project/rides.py',
    pipeline: 'p',
    label: 'Rides',
    uniqueName: 'Rides',
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1000, maxBytes: 1000, maxElements: 10 },
    startedAt: Date.now(),
    elements: 0,
    bytes: 0,
  };
}

/** Elements of a bundle that name it: `n` times its number. */
export function bundleOf(number: number, n = 10): Uint8Array {
  return windowedValues(Array.from({ length: n }, () => [number, `bundle ${number}`]));
}

/** The event times of the records of elements: numbers of bundles. Fails on damage. */
export async function bundlesIn(store: string, id: string): Promise<number[]> {
  const bundles: number[] = [];
  const onDamage = ({ what, isTail }: { what: string; isTail: boolean }): void => {
    if (!isTail) throw new Error(what);
  };
  for await (const { record } of readLog(logPath(store, id), onDamage))
    if (record.case === 'elements') bundles.push(Number(record.value.minTimestampMillis));
  return bundles;
}
