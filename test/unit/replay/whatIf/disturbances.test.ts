import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { forEachWindowedElement } from '../../../../server/src/beam/coders/windowedValue.js';
import {
  LogRecord_ElementsSchema,
  LogRecord_WatermarkSchema,
} from '../../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import type { MergedRecord } from '../../../../server/src/replay/testStream/mergeLogs.js';
import { burst } from '../../../../server/src/replay/whatIf/burst.js';
import { cutEventTime, cutProcessingTime } from '../../../../server/src/replay/whatIf/cut.js';
import { delay } from '../../../../server/src/replay/whatIf/delay.js';
import type { Disturbance } from '../../../../server/src/replay/whatIf/disturbance.js';
import { drop } from '../../../../server/src/replay/whatIf/drop.js';
import { duplicate } from '../../../../server/src/replay/whatIf/duplicate.js';
import { holdWatermark } from '../../../../server/src/replay/whatIf/holdWatermark.js';
import { randomFrom } from '../../../../server/src/replay/whatIf/random.js';
import { shuffle } from '../../../../server/src/replay/whatIf/shuffle.js';
import { windowedValues } from '../../../windowedValues.js';

/** `['a@5', 'b@7']`: elements at event times in ms; `5`: a watermark. Arrivals are 1 ms apart, in all outputs. */
type Told = [output: number, what: string[] | number];

function merged(told: Told[]): MergedRecord[] {
  return told.map(([output, what], index) => {
    const arrivalMicros = BigInt(index) * 1000n;
    if (typeof what === 'number') {
      const value = create(LogRecord_WatermarkSchema, {
        arrivalMicros,
        watermarkMillis: BigInt(what),
      });
      return { output, arrivalMicros, record: { case: 'watermark', value } };
    }
    const elements = what.map((text): [number, string] => {
      const [name = '', time] = text.split('@');
      return [Number(time), name];
    });
    const times = elements.map(([time]) => BigInt(time));
    const value = create(LogRecord_ElementsSchema, {
      arrivalMicros,
      count: elements.length,
      minTimestampMillis: times.reduce((a, b) => (b < a ? b : a)),
      maxTimestampMillis: times.reduce((a, b) => (b > a ? b : a)),
      data: windowedValues(elements),
    });
    return { output, arrivalMicros, record: { case: 'elements', value } };
  });
}

/** What comes out: `0ms 1:a@5` and `3ms 0:w7`. */
async function told(disturbance: Disturbance, input: Told[]): Promise<string[]> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a log is read asynchronously
  async function* records() {
    yield* merged(input);
  }
  const lines: string[] = [];
  for await (const { output, arrivalMicros, record } of disturbance(records())) {
    const at = `${arrivalMicros / 1000n}ms ${output}:`;
    if (record.case === 'watermark') lines.push(`${at}w${record.value.watermarkMillis}`);
    if (record.case !== 'elements') continue;
    const { data } = record.value;
    assert.equal(record.value.arrivalMicros, arrivalMicros);
    forEachWindowedElement(data, (time, _pane, start, end) => {
      lines.push(`${at}${Buffer.from(data.subarray(start, end)).toString()}@${time}`);
    });
  }
  return lines;
}

const sample: Told[] = [
  [0, ['a@5', 'b@7']],
  [1, ['c@1']],
  [0, 6],
  [0, ['late@2', 'd@9']],
  [1, 4],
  [1, ['e@8']],
];

/** Elements of each output with whether each is late where it stands. */
function lateness(lines: string[]): string[] {
  const watermarks = new Map<string, number>();
  return lines
    .flatMap((line) => {
      const [, output = '', what = ''] = /ms (\d+):(.*)/.exec(line) ?? [];
      if (/^w\d/.test(what)) {
        watermarks.set(output, Number(what.slice(1)));
        return [];
      }
      const isLate = Number(what.split('@')[1]) < (watermarks.get(output) ?? -1);
      return [`${output}:${what}${isLate ? ' late' : ''}`];
    })
    .sort();
}

const toldRecords = fc.array(
  fc.oneof(
    fc.tuple(
      fc.nat(2),
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat(50)), {
        minLength: 1,
        maxLength: 5,
      }),
    ),
    fc.tuple(fc.nat(2), fc.nat(50)),
  ),
  { maxLength: 40 },
);

/** Watermarks do not go back. */
function recording(drawn: [number, [string, number][] | number][]): Told[] {
  const watermarks = [0, 0, 0];
  return drawn.map(([output, what]) => {
    if (typeof what !== 'number') return [output, what.map(([name, time]) => `${name}@${time}`)];
    const watermark = Math.max(watermarks[output] ?? 0, what);
    watermarks[output] = watermark;
    return [output, watermark];
  });
}

describe('what-if replays', () => {
  it('shuffle without making an element late, or on time', async () => {
    const untouched: Disturbance = (records) => records;
    await fc.assert(
      fc.asyncProperty(toldRecords, fc.nat(), async (drawn, seed) => {
        const input = recording(drawn);
        const before = await told(untouched, input);
        const after = await told(shuffle(randomFrom(seed)), input);
        assert.deepEqual(lateness(after), lateness(before));
        const times = after.map((line) => Number.parseInt(line));
        assert.deepEqual(
          times,
          times.toSorted((a, b) => a - b),
        );
      }),
    );
  });

  it('are the same for the same seed', async () => {
    const many = Array.from({ length: 50 }, (_, index): Told => [0, [`e${index}@${index}`]]);
    const orders = await Promise.all(
      [1, 1, 2].map((seed) => told(shuffle(randomFrom(seed)), many)),
    );
    assert.deepEqual(orders[0], orders[1]);
    assert.notDeepEqual(orders[0], orders[2]);
  });

  it('drop and duplicate a share of the elements, and no watermark', async () => {
    const all = await told(drop(1, randomFrom(1)), sample);
    assert.deepEqual(all, ['2ms 0:w6', '4ms 1:w4']);
    const twice = await told(duplicate(1, randomFrom(1)), sample);
    assert.equal(twice.length, 2 + 2 * 6);
    const many = Array.from({ length: 1000 }, (_, index): Told => [0, [`e@${index}`]]);
    const left = (await told(drop(0.3, randomFrom(7)), many)).length;
    assert.ok(left > 600 && left < 800, `${left} of 1000 are left of 70 %`);
  });

  it('delay elements, behind watermarks that pass them', async () => {
    assert.deepEqual(await told(delay(1, 3, randomFrom(1)), sample), [
      '2ms 0:w6',
      '3ms 0:a@5',
      '3ms 0:b@7',
      '4ms 1:w4',
      '4ms 1:c@1',
      '6ms 0:late@2',
      '6ms 0:d@9',
      '8ms 1:e@8',
    ]);
  });

  it('hold the watermark of one source', async () => {
    const lines = await told(holdWatermark(10, [0]), sample);
    assert.deepEqual(lines.at(-1), '12ms 0:w6');
    assert.ok(lines.includes('4ms 1:w4'));
  });

  it('compress time', async () => {
    const lines = await told(burst(2), sample);
    assert.deepEqual([...new Set(lines.map((line) => line.split(' ')[0]))], ['0ms', '1ms', '2ms']);
    assert.ok((await told(burst(Infinity), sample)).every((line) => line.startsWith('0ms')));
  });

  it('cut to a span of event time', async () => {
    assert.deepEqual(await told(cutEventTime({ from: 2, to: 8 }), sample), [
      '0ms 0:a@5',
      '0ms 0:b@7',
      '2ms 0:w6',
      '3ms 0:late@2',
      '4ms 1:w4',
    ]);
  });

  it('cut to a span of processing time, with the watermarks before it', async () => {
    assert.deepEqual(await told(cutProcessingTime({ from: 3, to: 5 }), sample), [
      '3ms 0:w6',
      '3ms 0:late@2',
      '3ms 0:d@9',
      '4ms 1:w4',
    ]);
  });
});
