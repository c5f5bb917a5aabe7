import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { forEachWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import { elementsRecord } from '../../../server/src/recording/logRecords.js';
import type { PlaceInRecording } from '../../../server/src/recording/readFromPlace.js';
import { readFromPlace } from '../../../server/src/recording/readFromPlace.js';
import { createLog } from '../../../server/src/recording/writeLog.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';

const perBundle = 10;
const bundles = 1000;

/** Element n has n s of event time, bundle n arrived n ms after the first; long enough for some entries of the index. */
async function writeTimes(folder: string): Promise<void> {
  const log = await createLog(folder, { recordingId: 'r' }, { segmentBytes: 400_000 });
  for (let bundle = 0; bundle < bundles; bundle++) {
    const times = Array.from({ length: perBundle }, (_, index) => bundle * perBundle + index);
    const texts = times.map((time): [number, string] => [
      time * 1000,
      randomBytes(60).toString('hex'),
    ]);
    log.append(
      elementsRecord({
        arrivalMicros: BigInt(1e9 + bundle * 1000),
        count: perBundle,
        minTimestampMillis: BigInt((times[0] ?? 0) * 1000),
        maxTimestampMillis: BigInt((times.at(-1) ?? 0) * 1000),
        bundle: bundle + 1,
        endsBundle: true,
        data: windowedValues(texts),
      }),
    );
    if (bundle % 100 === 0) await log.flush();
  }
  await log.close();
}

/** The first element from a place on, and how many there are. */
async function numbersFrom(folder: string, place: PlaceInRecording, isWritten = false) {
  const numbers: number[] = [];
  const onDamage = ({ what }: { what: string }): never => assert.fail(what);
  for await (const { elements, skip } of readFromPlace(folder, place, isWritten, onDamage)) {
    const times: number[] = [];
    forEachWindowedElement(elements.data, (timestamp) => times.push(timestamp / 1000));
    numbers.push(...times.slice(skip));
  }
  return { first: numbers[0], count: numbers.length };
}

describe('a recording from a place on', () => {
  it('is what a reader from its start finds there', () =>
    withTemporaryFolder(async (folder) => {
      await writeTimes(folder);
      for (const number of [0, 1, 10, 4999, 5000, 7777, 9999]) {
        const rest = { first: number, count: 10_000 - number };
        assert.deepEqual(await numbersFrom(folder, { element: number }), rest);
        assert.deepEqual(await numbersFrom(folder, { element: number }, true), rest);
        assert.deepEqual(await numbersFrom(folder, { eventTime: number * 1000 - 1 }), rest);
        const passedMs = Math.floor(number / perBundle);
        const bundle = { first: passedMs * perBundle, count: 10_000 - passedMs * perBundle };
        assert.deepEqual(await numbersFrom(folder, { passedMs }), bundle);
      }
      for (const behind of [{ element: 10_000 }, { eventTime: 1e12 }, { passedMs: 1e6 }])
        assert.deepEqual(await numbersFrom(folder, behind), { first: undefined, count: 0 });
    }));
});
