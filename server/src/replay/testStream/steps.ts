import type { LogRecord_Elements } from '../../beam/proto/beam_rewind/recording_pb.js';
import { MAX_TIMESTAMP_MILLIS, MIN_TIMESTAMP_MILLIS } from '../../beam/urns.js';
import type { MergedRecord } from './mergeLogs.js';

/** One event of a test stream before it has a form: elements are still as the log holds them. */
export type TestStreamStep =
  | { kind: 'processing time'; advance: bigint; arrivalMicros: bigint }
  | { kind: 'watermark'; output: number; watermarkMillis: bigint; arrivalMicros: bigint }
  | { kind: 'elements'; output: number; elements: LogRecord_Elements; arrivalMicros: bigint };

/** What was told of a test stream before the records it goes on with. Times are µs since the epoch. */
export interface Resumed {
  /** Of the first record of all. */
  firstArrival: bigint;
  /** Of the last event; undefined before the first. */
  lastArrival: bigint | undefined;
  /** By number of the output, ms since the epoch. */
  watermarks: bigint[];
}

/** What a test stream is made for. */
export interface StepOptions {
  /** Goes on behind what was told before. */
  resumed?: Resumed | undefined;
  outputs: number;
  /** Unit of advances of processing time, µs. */
  unitMicros: bigint;
  /** Outputs whose watermark goes to the end of time when everything was told. */
  endsOutput: (output: number) => boolean | Promise<boolean>;
}

/**
 * The steps of a test stream, in order. Processing time advances as it did while recording; watermarks
 * never go back.
 */
export async function* testStreamSteps(
  merged: AsyncIterable<MergedRecord>,
  { outputs, unitMicros, endsOutput, resumed }: StepOptions,
): AsyncGenerator<TestStreamStep> {
  const watermarks =
    resumed?.watermarks ?? Array.from({ length: outputs }, () => MIN_TIMESTAMP_MILLIS);
  let firstArrival = resumed?.firstArrival;
  let passed = 0n;
  if (resumed?.lastArrival !== undefined) {
    passed = (resumed.lastArrival - resumed.firstArrival) / unitMicros;
  }
  let arrivalMicros = 0n;

  const advancedWatermark = (output: number, millis: bigint): TestStreamStep | undefined => {
    if (millis <= (watermarks[output] ?? MIN_TIMESTAMP_MILLIS)) return undefined;
    watermarks[output] = millis;
    return { kind: 'watermark', output, watermarkMillis: millis, arrivalMicros };
  };

  for await (const { output, arrivalMicros: arrival, record } of merged) {
    arrivalMicros = arrival;
    firstArrival ??= arrival;
    // From the first arrival each time, so that rounding does not add up.
    const sinceFirst = (arrival - firstArrival) / unitMicros;
    if (sinceFirst > passed) {
      const advance = sinceFirst - passed;
      passed = sinceFirst;
      yield { kind: 'processing time', advance, arrivalMicros };
    }
    if (record.case === 'elements') {
      yield { kind: 'elements', output, elements: record.value, arrivalMicros };
    } else if (record.case === 'watermark') {
      const step = advancedWatermark(output, record.value.watermarkMillis);
      if (step) yield step;
    }
  }
  for (const output of watermarks.keys()) {
    if (!(await endsOutput(output))) continue;
    const step = advancedWatermark(output, MAX_TIMESTAMP_MILLIS);
    if (step) yield step;
  }
}
