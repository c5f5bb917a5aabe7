import assert from 'node:assert/strict';
import type { LogRecord } from '../../../server/src/beam/proto/beam_rewind/recording_pb.js';
import { importRecording } from '../../../server/src/interchange/importRecording.js';
import { recordOfElements } from '../../../server/src/interchange/logRecords.js';
import { elementsOf, noFiringPane } from '../../../server/src/interchange/windowedElements.js';
import { endRecord, watermarkRecord } from '../../../server/src/recording/logRecords.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { logPath, newRecordingId } from '../../../server/src/recording/store.js';
import { recordingsOf } from '../../../server/src/session/statusOfFile.js';

/** Seconds of the elements of a bundle, or of a watermark; each step 200 ms after the one before. */
export type Script = (number[] | number)[];

/**
 * Makes a recording of each source of a file, called `made`, of what was recorded of it, with every element and watermark
 * where a script has it: that of a runner is recorded where it was seen, which differs from run to run.
 */
export async function makeRecordings(
  store: string,
  file: string,
  scripts: Record<string, Script>,
): Promise<void> {
  for (const recording of await recordingsOf(store, file)) {
    const script = scripts[recording.label];
    assert.ok(script, recording.label);
    let header: LogRecord['record'] | undefined;
    const bySecond = new Map<number, Uint8Array>();
    for await (const { record } of readLog(logPath(store, recording.id), () => assert.fail())) {
      if (record.case === 'header') header = record;
      if (record.case !== 'elements') continue;
      for (const { timestampMillis, element } of elementsOf(record.value.data))
        bySecond.set(Number(timestampMillis) / 1000, element);
    }
    assert.ok(header?.case === 'header');
    const { startedMicros } = header.value;
    const arrival = (step: number) => startedMicros + BigInt(step) * 200_000n;
    const content: LogRecord['record'][] = [
      header,
      ...script.map((step, at) =>
        typeof step === 'number'
          ? watermarkRecord(arrival(at), BigInt(step) * 1000n)
          : recordOfElements(
              arrival(at),
              step.map((second) => ({
                timestampMillis: BigInt(second) * 1000n,
                pane: noFiringPane,
                element: bySecond.get(second) ?? assert.fail(`${second}`),
              })),
            ),
      ),
      endRecord(arrival(script.length), 'source finished', ''),
    ];
    const { formatVersion, pipeline, label, uniqueName, signature, limits } = recording;
    const facts = {
      ...{ formatVersion, file, pipeline, label, uniqueName, limits },
      ...(signature && { signature }),
      ...{ id: newRecordingId(new Date()), name: 'made' },
    };
    await importRecording(store, facts, asynchronous(content), new AbortController().signal);
  }
}

// eslint-disable-next-line @typescript-eslint/require-await -- what is read from a file comes so
async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
