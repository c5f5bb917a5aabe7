import path from 'node:path';
import { formatTimestamp } from '../beam/coders/formatTime.js';
import { inComment } from './literals.js';
import type { RecordedTest } from './recordedTest.js';
import { elementsOfOutput, isEndOfTime } from './recordedTest.js';

/** Where a test goes. */
export interface TestTarget {
  /** Absolute path; absent if it is not written to a file. */
  file?: string;
  /** Package that the Go files of its folder are in. */
  goPackage?: string;
  /** Absolute path of a second file, for the elements of a test that is too long to be read. */
  data?: string;
}

/** The files of a test. */
export interface ExportedTest {
  text: string;
  /** Of the data file, where there is one. */
  data?: string;
}

/** Name of the pipeline file without its ending: `clicks`. */
export function pipelineName({ file }: RecordedTest): string {
  return path.parse(file).name;
}

/** What the first lines of a test say of it, on lines that may stand in a comment. */
export function description(test: RecordedTest): string[] {
  const started = formatTimestamp(BigInt(test.startedAt), 3).slice(0, 16).replace('T', ' ');
  return [
    `What ${inComment(path.basename(test.file))} read on ${started} UTC, exported by Beam Rewind:`,
    ...test.outputs.map(({ label, coder }, output) => {
      const count = elementsOfOutput(test, output).length;
      return `${count} elements of ${inComment(label)} (${inComment(coder)}).`;
    }),
    'Times are in milliseconds, as Beam records them. The time between arrivals was recorded in',
    'microseconds and is rounded down.',
  ];
}

/** What stands behind a watermark: the same as a date, where it is one. */
export function watermarkNote(millis: bigint): string {
  return isEndOfTime(millis) ? '' : formatTimestamp(millis, 3);
}

/** Lines further to the right. */
export function indented(lines: string[], by: string): string[] {
  return lines.map((line) => (line === '' ? '' : by + line));
}
