import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { mergeLogs } from '../../../server/src/replay/testStream/mergeLogs.js';
import { testStreamEvents } from '../../../server/src/replay/testStreamEvents.js';
import { windowedValues } from '../../windowedValues.js';

function elements(arrivalMicros: number, ...values: [number, string][]): LogRecord {
  const value = { arrivalMicros: BigInt(arrivalMicros), data: windowedValues(values) };
  return create(LogRecordSchema, { record: { case: 'elements', value } });
}

function watermark(arrivalMicros: number, millis: number): LogRecord {
  const value = { arrivalMicros: BigInt(arrivalMicros), watermarkMillis: BigInt(millis) };
  return create(LogRecordSchema, { record: { case: 'watermark', value } });
}

// eslint-disable-next-line @typescript-eslint/require-await -- a log is read asynchronously
async function* logOf(...records: LogRecord[]): AsyncGenerator<LogRecord> {
  yield* records;
}

/** Events as short lines: `+5ms`, `w1000`, `a@1000 b@2000`. */
async function linesOf(...logs: LogRecord[][]): Promise<string[]> {
  const merged = mergeLogs(logs.map((log) => logOf(...log)));
  return (await testStreamEvents(merged, logs.length)).map(({ event }) => {
    if (event.case === 'processingTimeEvent') return `+${event.value.advanceDuration}ms`;
    if (event.case === 'watermarkEvent') return `w${event.value.newWatermark}`;
    if (event.case !== 'elementEvent') return 'nothing';
    return event.value.elements
      .map(({ encodedElement, timestamp }) => {
        const text = Buffer.from(encodedElement).toString('latin1');

        return `${text.replace(/[\0-\x1f]/g, (tag) => `<${tag.charCodeAt(0)}>`)}@${timestamp}`;
      })
      .join(' ');
  });
}

const end = 'w9223372036854775';

describe('test stream events', () => {
  it('keep the order, the elements and the times of one recording', async () => {
    assert.deepEqual(
      await linesOf([
        elements(5_000_000, [1000, 'a'], [2000, 'b']),
        watermark(5_000_100, 1000),
        elements(5_004_200, [500, 'late']),
      ]),
      ['a@1000 b@2000', 'w1000', '+4ms', 'late@500', end],
    );
  });

  it('advance processing time without adding up rounding', async () => {
    const records = Array.from({ length: 5 }, (_, index) =>
      elements(1_000_000 + index * 700, [index, 'x']),
    );
    const lines = await linesOf(records);
    // 0, 700, 1400, 2100, 2800 µs: 0, 0, 1, 2, 2 ms.
    assert.deepEqual(lines, ['x@0', 'x@1', '+1ms', 'x@2', '+1ms', 'x@3', 'x@4', end]);
  });

  it('merge recordings by arrival, ties by the order of the sources', async () => {
    const lines = await linesOf(
      [elements(1000, [1, 'a']), elements(3000, [3, 'c'])],
      [elements(1000, [1, 'b']), elements(2000, [2, 'd'])],
    );
    assert.deepEqual(lines, ['<0>a@1', '<1>b@1', '+1ms', '<1>d@2', '+1ms', '<0>c@3', end]);
  });

  it('take the least watermark of several sources, and never go back', async () => {
    const lines = await linesOf(
      [watermark(1000, 50), watermark(1300, 90)],
      [watermark(1100, 20), watermark(1200, 70)],
    );
    assert.deepEqual(lines, ['w20', 'w50', 'w70', end]);
  });

  it('are only the end for a silent source', async () => {
    assert.deepEqual(await linesOf([]), [end]);
  });
});
