import type { PaneInfo } from '../beam/coders/beamValue.js';
import { ByteWriter } from '../beam/coders/byteWriter.js';
import { encodePane, readPane } from '../beam/coders/pane.js';
import { forEachWindowedElement } from '../beam/coders/windowedValue.js';

/** A windowed value begins with its timestamp and the number of its windows. */
const paneAt = 12;

/** One recorded element, in its coder's bytes. All are in the global window. */
export interface RecordedElement {
  /** Event time, ms since the epoch. */
  timestampMillis: bigint;
  pane: PaneInfo;
  element: Uint8Array;
}

/** What an element has that no trigger fired. */
export const noFiringPane: PaneInfo = {
  kind: 'pane',
  isFirst: true,
  isLast: true,
  timing: 'UNKNOWN',
  index: 0n,
  onTimeIndex: 0n,
};

/** The elements of a log record's data. @throws CoderError if it is damaged. */
export function elementsOf(data: Uint8Array): RecordedElement[] {
  const elements: RecordedElement[] = [];
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  forEachWindowedElement(data, (_timestamp, paneOffset, start, end) => {
    elements.push({
      // Exact beyond 2^53 too, where Beam's time ends.
      timestampMillis: view.getBigInt64(paneOffset - paneAt) ^ (-1n << 63n),
      pane: readPane(data, paneOffset),
      element: data.subarray(start, end),
    });
  });
  return elements;
}

/** The data of a log record with these elements. */
export function windowedElements(elements: RecordedElement[]): Uint8Array {
  const output = new ByteWriter();
  for (const { timestampMillis, pane, element } of elements) {
    output.timestampMillis(timestampMillis);
    output.int32(1);
    encodePane(pane, output);
    output.varint(element.length);
    output.write(element);
  }
  return output.bytes.slice();
}
