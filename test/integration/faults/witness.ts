import assert from 'node:assert/strict';
import { fromBinary } from '@bufbuild/protobuf';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  ElementsSchema,
  InstructionResponseSchema,
} from '../../../server/src/beam/proto/beam/fn_pb.js';
import { forEachWindowedElement } from '../../../server/src/beam/coders/windowedValue.js';
import { damageText } from '../../../server/src/recording/readFrames.js';
import { readLog } from '../../../server/src/recording/readLog.js';
import { logPath } from '../../../server/src/recording/store.js';

/** What a runner and a process that records have said to each other, by event times of elements (ms). */
export interface Witnessed {
  /** What the runner sent. */
  delivered: Set<number>;
  /** What the process answered for: the runner will not send it again. */
  acknowledged: Set<number>;
}

/** Environment of a process that is to be watched. @param toBreak what breaks at SIGUSR2 */
export function watched(file: string, toBreak = ''): NodeJS.ProcessEnv {
  const spy = pathToFileURL(path.join(import.meta.dirname, 'spy.mjs')).href;
  return {
    ...process.env,
    NODE_OPTIONS: `--import ${spy}`,
    BEAM_REWIND_WITNESS: file,
    BEAM_REWIND_BREAK: toBreak,
  };
}

/** Reads what spy.mjs has written until now. Elements are told apart by their event times. */
export function readWitness(file: string): Witnessed {
  const bundles = new Map<string, number[]>();
  const acknowledged = new Set<number>();
  for (const { kind, message } of messagesOf(file)) {
    if (kind === 'E') {
      for (const { instructionId, data } of fromBinary(ElementsSchema, message).data) {
        const times = bundles.get(instructionId) ?? [];
        bundles.set(instructionId, times);
        if (isKick(data)) continue;
        forEachWindowedElement(data, (time) => times.push(time));
      }
      continue;
    }
    const { instructionId, response, error } = fromBinary(InstructionResponseSchema, message);
    if (response.case !== 'processBundle' || error !== '') continue;
    for (const time of bundles.get(instructionId) ?? []) acknowledged.add(time);
  }
  return { delivered: new Set([...bundles.values()].flat()), acknowledged };
}

/** Event times of a recording's elements, in its order, ms. @throws AssertionError if its log is damaged */
export async function recordedTimes(store: string, id: string): Promise<number[]> {
  const times: number[] = [];
  const log = readLog(logPath(store, id), (damage) => assert.fail(damageText(damage)));
  for await (const { record } of log)
    if (record.case === 'elements')
      forEachWindowedElement(record.value.data, (time) => times.push(time));
  return times;
}

function* messagesOf(file: string): Generator<{ kind: string; message: Uint8Array }> {
  const bytes = readSoFar(file);
  // The last one may be half written.
  for (let at = 0; at + 5 <= bytes.length;) {
    const end = at + 5 + bytes.readUInt32BE(at + 1);
    if (end > bytes.length) return;
    yield { kind: bytes.toString('latin1', at, at + 1), message: bytes.subarray(at + 5, end) };
    at = end;
  }
}

function readSoFar(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** The pair (key "w", no value) that starts the watermark observer, a transform of its own. */
function isKick(data: Uint8Array): boolean {
  return data.length < 24 && Buffer.from(data).toString('latin1').endsWith('\x01w\x00');
}
