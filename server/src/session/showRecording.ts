import { CoderError } from '../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../beam/coders/coderFor.js';
import type { ElementCoder } from '../beam/coders/elementCoder.js';
import { formatValue } from '../beam/coders/formatValue.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { logPath } from '../recording/store.js';
import { recordingsOf } from './statusOfFile.js';
import { isUsable } from './usable.js';

/** One recorded element, decoded for people. */
export interface ShownElement {
  pipeline: string;
  label: string;
  /** Event time, ms since the epoch. */
  timestamp: number;
  /** Decoded if its coder is one of Beam's standard coders, else hex and length. */
  value: string;
}

/**
 * The first elements of a file's recordings, as recorded; of one source if a label is given.
 * @throws Error if a log is damaged, naming the place
 */
export async function* showElements(
  store: string,
  file: string,
  label: string | undefined,
  limit: number,
): AsyncGenerator<ShownElement> {
  const latest = latestOfEachSource(await recordingsOf(store, file));
  const wanted = latest.filter((recording) => label === undefined || recording.label === label);
  yield* showRecordings(store, wanted, limit);
}

/** The first elements of some recordings, however they ended. @throws Error if a log is damaged, naming the place */
export async function* showRecordings(
  store: string,
  recordings: Recording[],
  limit: number,
): AsyncGenerator<ShownElement> {
  let shown = 0;
  for (const recording of recordings) {
    for await (const element of elementsOf(store, recording)) {
      if (shown++ === limit) return;
      yield element;
    }
  }
}

function latestOfEachSource(recordings: Recording[]): Recording[] {
  const latest = new Map<string, Recording>();
  for (const recording of recordings) {
    const { pipeline, label, output } = recording;
    if (isUsable(recording) || recording.owner) {
      latest.set(`${pipeline}\n${label}\n${output ?? ''}`, recording);
    }
  }
  return [...latest.values()];
}

async function* elementsOf(store: string, recording: Recording): AsyncGenerator<ShownElement> {
  const { pipeline, label } = recording;
  let coder: ElementCoder | undefined;
  const log = readLog(logPath(store, recording.id), (damage) => {
    // While a recording runs, its last record may be half written.
    if (recording.endedAt === undefined) return;
    throw new Error(`The recording of "${label}" is damaged ${damageText(damage)}.`);
  });
  for await (const { record } of log) {
    if (record.case === 'header') coder = coderFor(record.value.coderId, record.value.coders);
    if (record.case !== 'elements' || !coder) continue;
    const { data } = record.value;
    const elements: ShownElement[] = [];
    const decoder = coder;
    forEachWindowedElement(data, (timestamp, _pane, start, end) => {
      const value = valueOf(decoder, data.subarray(start, end));
      elements.push({ pipeline, label, timestamp, value });
    });
    yield* elements;
  }
}

/** One element that its coder cannot read does not hide the others. */
function valueOf(coder: ElementCoder, element: Uint8Array): string {
  try {
    return formatValue(decodeElement(coder, element));
  } catch (error) {
    if (!(error instanceof CoderError)) throw error;
    const hex = Buffer.from(element.subarray(0, 32)).toString('hex');
    return `<${element.length} bytes, not of their coder (${error.message}): 0x${hex}…>`;
  }
}
