import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SegmentFact } from './recording.js';

/** When a segment has so many bytes, the next record begins a new one. */
export const defaultSegmentBytes = 64 << 20;

/** File of a log's index in its folder. */
export const logIndexFile = 'elements.index';

const segmentName = /^elements-(\d{5,})\.log$/;

/** Where a record begins or ends in a log: number of a segment, from 1, and byte in it. */
export interface LogPlace {
  segment: number;
  offset: number;
}

/** Name of a segment's file in the folder of its recording. */
export function segmentFile(segment: number): string {
  return `elements-${String(segment).padStart(5, '0')}.log`;
}

/** Number of the segment that a file is; undefined for other files. */
export function segmentNumber(file: string): number | undefined {
  const number = segmentName.exec(file)?.[1];
  return number === undefined ? undefined : Number(number);
}

/**
 * Numbers of the segments in a log's folder, ascending.
 * @throws Error that says what is there, if it holds no log of this format
 */
export async function listSegments(folder: string): Promise<number[]> {
  const files = await readdir(folder);
  const numbers = files.map(segmentNumber).filter((number) => number !== undefined);
  if (numbers.length > 0) return numbers.sort((a, b) => a - b);
  throw new Error(
    files.includes('elements.log')
      ? `${folder} holds a log of format 1, which only development versions of Beam Rewind wrote: record the source again.`
      : `${folder} holds no recording log of Beam Rewind.`,
  );
}

/** True if a place is behind another. */
export function isBehind(place: LogPlace, other: LogPlace): boolean {
  return (
    place.segment > other.segment ||
    (place.segment === other.segment && place.offset > other.offset)
  );
}

/** Path of a segment. */
export function segmentPath(folder: string, segment: number): string {
  return path.join(folder, segmentFile(segment));
}

/** What the file system tells of the segments of a log. */
export async function segmentFacts(folder: string): Promise<SegmentFact[]> {
  const segments = await listSegments(folder);
  return Promise.all(
    segments.map(async (segment) => {
      const { size, mtimeMs } = await stat(segmentPath(folder, segment));
      return { bytes: size, modifiedAt: Math.round(mtimeMs) };
    }),
  );
}
