import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Names the file that every test run appends its results to, as JSON lines. */
export const resultsVariable = 'BEAM_REWIND_TEST_RESULTS';

export type ResultLine =
  | { event: 'pass' | 'pending'; title: string[] }
  | { event: 'fail'; title: string[]; error: string }
  /** It failed, and is tried once more: what real processes do can go wrong once, but nobody may overlook it. */
  | { event: 'retry'; title: string[]; error: string }
  /** The run came to its end: without it the lines before are not the whole of it. */
  | { event: 'end' };

export interface Results {
  passed: number;
  failed: number;
  skipped: number;
}

/** Appends the results of a mocha run to `file` as they come. */
export function recordResults(runner: Mocha.Runner, file: string): void {
  const append = (line: ResultLine) => {
    appendFileSync(file, JSON.stringify(line) + '\n');
  };
  // The names mocha's Runner.constants hold; its module is not imported, since this is bundled for VS Code as well.
  runner
    .on('pass', (test) => {
      append({ event: 'pass', title: test.titlePath() });
    })
    .on('pending', (test) => {
      append({ event: 'pending', title: test.titlePath() });
    })
    .on('fail', (test, error: Error) => {
      append({ event: 'fail', title: test.titlePath(), error: error.stack ?? error.message });
    })
    .on('retry', (test: Mocha.Test, error: Error) => {
      append({ event: 'retry', title: test.titlePath(), error: error.stack ?? error.message });
    })
    .on('end', () => {
      append({ event: 'end' });
    });
}

/** The lines of a results file; none when no test run wrote it. */
export function readResults(file: string): ResultLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ResultLine);
}

export function countResults(lines: ResultLine[]): Results {
  const count = (event: ResultLine['event']) => lines.filter((line) => line.event === event).length;
  return { passed: count('pass'), failed: count('fail'), skipped: count('pending') };
}
