import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { LogRecord_Elements } from '../beam/proto/beam_rewind/recording_pb.js';
import { fromColumns, toColumns } from './elementColumns.js';

/** Fewer bytes gain nothing by being deflated. */
const minBytes = 200;
/** More are not deflated, so that a reader need not believe in more. */
const maxBytes = 64 << 20;
/** What is deflated has to be shorter by this part of what it was. */
const leastGain = 1 / 8;
/** So many times the bytes of a record that could not be made shorter (random bytes, or compressed ones) are not tried. */
const untriedTimes = 15;

/** Level of zlib: higher ones cost half as much time again for a tenth of the bytes. */
const options = { level: 1 };

/** The elements of a record as they are stored. */
export interface StoredElements {
  bytes: Uint8Array;
  /** How many bytes they were, if they are deflated. */
  inflatedLength?: number;
}

/**
 * What brings the elements of one log, record by record, into the form in which they are stored. At once, not in another
 * thread: to hand a hundred kilobytes over costs nearly as much, and the log always knows its size.
 */
export function elementPacker(): (elements: LogRecord_Elements) => StoredElements {
  // Counted in bytes: a record of two elements says little of one of a thousand.
  let untriedBytes = 0;
  return ({ data, count }) => {
    const columns = toColumns(data, count);
    if (columns.length < minBytes || columns.length > maxBytes) return { bytes: columns };
    if (columns.length <= untriedBytes) {
      untriedBytes -= columns.length;
      return { bytes: columns };
    }
    const deflated = deflateRawSync(columns, options);
    if (deflated.length <= columns.length * (1 - leastGain)) {
      return { bytes: deflated, inflatedLength: columns.length };
    }
    untriedBytes = untriedTimes * columns.length;
    return { bytes: columns };
  };
}

/** Bytes of a record's elements as a runner carries them, whether they are unpacked or not. */
export function dataLength({ data, columns, inflatedLength, count }: LogRecord_Elements): number {
  // Columns have no windows, and timestamps of a byte or two instead of eight.
  return data.length || (inflatedLength || columns.length) + 12 * count;
}

/** Bytes that a record's elements take as it was read. */
export function storedLength({ data, columns }: LogRecord_Elements): number {
  return data.length + columns.length;
}

/** Makes the data of a record of elements from what is stored. @throws if that cannot be done */
export function unpackElements(elements: LogRecord_Elements): void {
  const { columns, inflatedLength, count } = elements;
  if (columns.length === 0) return;
  if (inflatedLength > maxBytes) throw new RangeError(`${inflatedLength} bytes are too many`);
  elements.data = fromColumns(
    inflatedLength > 0 ? inflateRawSync(columns, { maxOutputLength: inflatedLength }) : columns,
    count,
  );
  elements.columns = new Uint8Array();
}
