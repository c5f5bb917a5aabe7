import { create } from '@bufbuild/protobuf';
import assert from 'node:assert/strict';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { mergeLogs } from '../../../server/src/replay/testStream/mergeLogs.js';
import { readTag, readWatermark } from '../../../server/src/replay/taggedElement.js';
import {
  taggedTestStreamEvents,
  testStreamEvents,
} from '../../../server/src/replay/testStreamEvents.js';
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

/** Events as short lines: `+5ms`, `w1000`, `a@1000 b@2000`; of several outputs `0:a@1000`, `1:w1000`. */
async function linesOf(...logs: LogRecord[][]): Promise<string[]> {
  const merged = mergeLogs(logs.map((log) => logOf(...log)));
  const isTagged = logs.length > 1;
  const events = isTagged
    ? await taggedTestStreamEvents(merged, logs.length, true)
    : await testStreamEvents(merged);
  return events.map(({ event }) => {
    if (event.case === 'processingTimeEvent') return `+${event.value.advanceDuration}ms`;
    if (event.case === 'watermarkEvent') return `w${event.value.newWatermark}`;
    if (event.case !== 'elementEvent') return 'nothing';
    return event.value.elements
      .map(({ encodedElement, timestamp }) =>
        isTagged ? tagged(encodedElement, timestamp) : textAt(encodedElement, timestamp),
      )
      .join(' ');
  });
}

function tagged(bytes: Uint8Array, timestamp: bigint): string {
  const { output, kindAt } = readTag(bytes, 0);
  if (bytes[kindAt] === 0) return `${output}:${textAt(bytes.subarray(kindAt + 1), timestamp)}`;
  return bytes[kindAt] === 1 ? `${output}:w${readWatermark(bytes, kindAt)}` : 'checkpoint';
}

function textAt(element: Uint8Array, timestamp: bigint): string {
  return `${Buffer.from(element).toString('latin1')}@${timestamp}`;
}

const end = 'w9223372036854775';
/** Every output is held at the beginning of time before the test stream's own watermark runs ahead of them. */
const twoHeld = ['checkpoint', '0:w-9223372036854775 1:w-9223372036854775', 'w9222272438826999'];

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
    assert.deepEqual(lines, [...twoHeld, '0:a@1', '1:b@1', '+1ms', '1:d@2', '+1ms', '0:c@3', end]);
  });

  it('tell the watermark of each source, which never goes back', async () => {
    const lines = await linesOf(
      [watermark(1000, 50), watermark(1300, 90), watermark(1400, 80)],
      [watermark(1100, 20), watermark(1200, 70)],
    );
    assert.deepEqual(lines, [...twoHeld, '0:w50', '1:w20', '1:w70', '0:w90', end]);
  });

  it('are only the end for a silent source', async () => {
    assert.deepEqual(await linesOf([]), [end]);
  });
});
