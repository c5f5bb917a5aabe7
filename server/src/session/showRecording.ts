import { CoderError } from '../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../beam/coders/coderFor.js';
import type { ElementCoder } from '../beam/coders/elementCoder.js';
import { formatValue } from '../beam/coders/formatValue.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';
import { damageText, readLogHeader } from '../recording/readFrames.js';
import type { PlaceInRecording } from '../recording/readFromPlace.js';
import { readFromPlace } from '../recording/readFromPlace.js';
import type { Recording } from '../recording/recording.js';
import { isOwned, logPath } from '../recording/store.js';
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
 * @param from where to begin in each of them
 * @throws Error if a log is damaged, naming the place
 */
export async function* showElements(
  store: string,
  file: string,
  label: string | undefined,
  limit: number,
  from: PlaceInRecording = { element: 0 },
): AsyncGenerator<ShownElement> {
  const latest = latestOfEachSource(await recordingsOf(store, file));
  const wanted = latest.filter((recording) => label === undefined || recording.label === label);
  yield* showRecordings(store, wanted, limit, from);
}

/** The first elements of some recordings, however they ended. @throws Error if a log is damaged, naming the place */
export async function* showRecordings(
  store: string,
  recordings: Recording[],
  limit: number,
  from: PlaceInRecording = { element: 0 },
): AsyncGenerator<ShownElement> {
  let shown = 0;
  for (const recording of recordings) {
    for await (const element of elementsOf(store, recording, from)) {
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

async function* elementsOf(
  store: string,
  recording: Recording,
  from: PlaceInRecording,
): AsyncGenerator<ShownElement> {
  const { pipeline, label } = recording;
  const folder = logPath(store, recording.id);
  const header = await readLogHeader(folder);
  if (!header) return;
  const coder = coderFor(header.coderId, header.coders);
  const log = readFromPlace(folder, from, isOwned(recording), (damage) => {
    // While a recording runs, its last record may be half written.
    if (recording.endedAt === undefined) return;
    throw new Error(`The recording of "${label}" is damaged ${damageText(damage)}.`);
  });
  for await (const {
    elements: { data },
    skip,
  } of log) {
    const places: [timestamp: number, start: number, end: number][] = [];
    forEachWindowedElement(data, (timestamp, _pane, start, end) => {
      places.push([timestamp, start, end]);
    });
    // Who shows some of many does not have all of them decoded.
    for (const [timestamp, start, end] of places.slice(skip)) {
      const value = valueOf(coder, data.subarray(start, end));
      yield { pipeline, label, timestamp, value };
    }
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
