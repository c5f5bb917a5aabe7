import assert from 'node:assert/strict';
import { rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import type { TestStreamOutput } from '../../../../server/src/replay/testStream/openTestStream.js';
import { openTestStream } from '../../../../server/src/replay/testStream/openTestStream.js';
import type { Place } from '../../../../server/src/replay/testStream/place.js';
import { withTemporaryFolder } from '../../../temporaryFolder.js';
import type { Record } from './logs.js';
import { anOutput, elements, end, failOnDamage, watermark } from './logs.js';

/** Two outputs of one clock, of more than one index entry each, with quiet and busy times. */
async function twoOutputs(folder: string) {
  const records: [Record[], Record[]] = [[], []];
  let arrival = 1_000_000;
  for (let index = 0; index < 900; index++) {
    arrival += 1 + ((index * 7919) % 50);
    const own = records[index % 7 === 0 ? 1 : 0];
    const time = index * 10 - ((index * 31) % 40);
    if (index % 5 === 3) own.push(watermark(arrival, time - (index % 3) * 100));
    else own.push(elements(arrival, ...large(time, index % 2 === 0 ? 8 : 40)));
  }
  records[0].push(end(arrival + 10));
  records[1].push(end(arrival + 17));
  const options = { header: { clock: 'c' }, options: { segmentBytes: 600_000 } };
  return Promise.all(
    records.map((own, number) => anOutput(folder, `output${number}`, own, options)),
  );
}

function large(time: number, copies: number): [number, string][] {
  return Array.from({ length: copies }, (_, copy) => [time - copy, 'x'.repeat(120)]);
}

/** What a stream tells from a place on, at most so many events, and where it says it is. */
async function told(outputs: TestStreamOutput[], place: Place, limit = Infinity) {
  const stream = await openTestStream(outputs, place, failOnDamage);
  const events: string[] = [];
  while (events.length < limit) {
    const event = await stream.next();
    if (!event) break;
    const { ordinal, step } = event;
    const what = step.kind === 'elements' ? step.elements.count : '';
    const how = step.kind === 'processing time' ? step.advance : '';
    const watermark = step.kind === 'watermark' ? step.watermarkMillis : '';
    const output = step.kind === 'processing time' ? '' : step.output;
    events.push([ordinal, step.kind, step.arrivalMicros, output, what, how, watermark].join(' '));
  }
  await stream.close();
  return { events, position: stream.position };
}

describe('a test stream that begins by its index', () => {
  it('is at every place as if it had been read from its start', () =>
    withTemporaryFolder(async (folder) => {
      const outputs = await twoOutputs(folder);
      for (const chosen of [outputs, outputs.slice(0, 1)]) {
        const { events } = await told(chosen, { ordinal: 0 });
        for (let ordinal = 1; ordinal < events.length + 3; ordinal += 29) {
          const { events: found, position } = await told(chosen, { ordinal }, 3);
          assert.deepEqual(found, events.slice(ordinal, ordinal + 3));
          assert.equal(position.ordinal, Math.min(ordinal, events.length));
        }
        for (let time = 500; time < 30_000; time += 1501) {
          const micros = 1_000_000 + time;
          const first = events.findIndex((event) => Number(/\d{5,}/.exec(event)?.[0]) >= micros);
          const found = await told(chosen, { processingTime: BigInt(micros) }, 3);
          assert.deepEqual(found.events, first < 0 ? [] : events.slice(first, first + 3));
        }
      }
    }));

  it('finds event times, and knows the watermarks there', () =>
    withTemporaryFolder(async (folder) => {
      const [output] = await twoOutputs(folder);
      assert.ok(output);
      const { events } = await told([output], { ordinal: 0 });
      for (let millis = 3; millis < 10_000; millis += 501) {
        const place = { eventTime: BigInt(millis) * 1000n };
        const found = await told([output], place, 3);
        // By its ordinal the same place is reached in another way.
        const { ordinal } = found.position;
        const again = await told([output], { ordinal }, 3);
        assert.deepEqual(again, found);
        assert.deepEqual(found.events, events.slice(ordinal, ordinal + 3));
      }
      const late = await told([output], { eventTime: 8_000_000n }, 1);
      assert.match(late.events[0] ?? '', / (elements|watermark) /);
      assert.ok((late.position.watermarks.get(0) ?? 0n) > 7_000_000n);
    }));

  it('does not need the index', () =>
    withTemporaryFolder(async (folder) => {
      const outputs = await twoOutputs(folder);
      const { events } = await told(outputs, { ordinal: 0 });
      await rm(path.join(outputs[0]!.log, 'elements.index'));
      await truncate(path.join(outputs[1]!.log, 'elements.index'), 20);
      const found = await told(outputs, { ordinal: 500 }, 3);
      assert.deepEqual(found.events, events.slice(500, 503));
    }));
});
