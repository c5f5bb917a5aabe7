import { create } from '@bufbuild/protobuf';
import { noFiringPane } from '../../../server/src/interchange/windowedElements.js';
import { headerRecord, recordOfElements } from '../../../server/src/interchange/logRecords.js';
import type { Coder } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { LogRecord_ElementsSchema } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { endRecord, watermarkRecord } from '../../../server/src/recording/logRecords.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { formatVersion } from '../../../server/src/recording/recording.js';

export type Content = LogRecord['record'][];

/** A recording that ended by its limit, of whatever elements. */
export const recording: Recording = {
  formatVersion,
  id: '20250301T125600-1c2d3e4f',
  file: '/clicks.py',
  pipeline: 'p',
  label: 'Clicks',
  uniqueName: 'Clicks',
  coder: '',
  limits: { durationMs: 60_000, maxBytes: 1e9, maxElements: 3 },
  startedAt: 1_740_833_760_000,
  endedAt: 1_740_833_820_000,
  endReason: 'elements limit',
  elements: 3,
  bytes: 100,
};

/** Start of the recording, µs. */
export const start = 1_740_833_760_000_000n;

/** A log with these elements in two bundles, a watermark between them, and an end. */
export function contentOf(
  coderId: string,
  coders: Record<string, Coder>,
  elements: Uint8Array[],
): Content {
  const windowed = elements.map((element, index) => ({
    timestampMillis: BigInt(1000 * index),
    pane: noFiringPane,
    element,
  }));
  const bundles = [windowed.slice(0, 2), windowed.slice(2)].filter(({ length }) => length > 0);
  return [
    headerRecord(start, coders, coderId),
    ...bundles.flatMap((bundle, index) => [
      recordOfElements(start + BigInt(index * 10), bundle),
      watermarkRecord(start + BigInt(index * 10 + 5), BigInt(index * 2000)),
    ]),
    endRecord(start + 100n, 'elements limit', 'enough'),
  ];
}

/** What a format keeps: bundles are numbered anew. */
export function withoutBundles(content: Content): Content {
  return content.map((record) =>
    record.case === 'elements'
      ? {
          case: 'elements',
          value: create(LogRecord_ElementsSchema, { ...record.value, bundle: 0 }),
        }
      : record,
  );
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is read from a file comes so
export async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}

export async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
