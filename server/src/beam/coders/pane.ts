import type { PaneInfo } from './beamValue.js';
import { ByteReader } from './byteReader.js';
import type { ByteWriter } from './byteWriter.js';
import { CoderError } from './coderError.js';
import { expectInteger, expectKind } from './expectValue.js';
import { sameInAllContexts } from './primitiveCoders.js';

// In the order of their two bits in a pane's first byte.
const timings = ['EARLY', 'ON_TIME', 'LATE', 'UNKNOWN'] as const;

/** Reads the pane at an offset, e.g. the one that forEachWindowedElement tells. */
export function readPane(data: Uint8Array, paneOffset: number): PaneInfo {
  return decodePane(new ByteReader(data, paneOffset));
}

/** Flags in one byte, whose high nibble tells how many indices follow. */
export function decodePane(input: ByteReader): PaneInfo {
  const offset = input.offset;
  const first = input.byte();
  const indices = first >> 4;
  if (indices > 2) throw new CoderError(`Unknown pane encoding ${indices}`, offset);
  const timing = timings[(first >> 2) & 3] ?? 'UNKNOWN';
  const index = indices === 0 ? 0n : input.varint();
  const onTimeIndex = indices === 2 ? input.varint() : timing === 'EARLY' ? -1n : index;
  return {
    kind: 'pane',
    isFirst: (first & 1) !== 0,
    isLast: (first & 2) !== 0,
    timing,
    index,
    onTimeIndex,
  };
}

/** Indices that follow from the rest are left out, and so are those of a pane of unknown timing. */
export function encodePane(pane: PaneInfo, output: ByteWriter): void {
  const { timing, index, onTimeIndex } = pane;
  const indices =
    timing === 'UNKNOWN' || (index === 0n && onTimeIndex === 0n)
      ? 0
      : timing === 'EARLY' || index === onTimeIndex
        ? 1
        : 2;
  const flags = (pane.isFirst ? 1 : 0) | (pane.isLast ? 2 : 0) | (timings.indexOf(timing) << 2);
  output.byte((indices << 4) | flags);
  if (indices > 0) output.varint(expectInt64(index));
  if (indices === 2) output.varint(expectInt64(onTimeIndex));
}

function expectInt64(value: bigint): bigint {
  return expectInteger(value, -(1n << 63n), (1n << 63n) - 1n);
}

/** Panes as elements. */
export const paneInfoCoder = sameInAllContexts(decodePane, (value, output) => {
  encodePane(expectKind(value, 'pane'), output);
});
