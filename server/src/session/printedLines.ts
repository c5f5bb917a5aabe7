import type { ReplayOptions, SessionEvent } from './session.js';

/**
 * Collects what a replay is compared by: what the program prints, or in place of that the PCollections of some labels.
 * `options` go to the replay.
 */
export function collectLines(outputs: readonly string[]): PrintedLines & {
  options: Pick<ReplayOptions, 'outputs'>;
} {
  if (outputs.length === 0) return { ...collectPrintedLines(), options: {} };
  const lines: string[] = [];
  return {
    add: () => undefined,
    sorted: () => lines.sort(),
    options: { outputs: { labels: outputs, onLine: (line) => lines.push(line) } },
  };
}

/** Collects what a program prints to its standard output. */
export interface PrintedLines {
  add(event: SessionEvent): void;
  /** The lines in an order of their own: Beam does not define that of the keys within one firing. */
  sorted(): string[];
}

function collectPrintedLines(): PrintedLines {
  const parts: Uint8Array[] = [];
  return {
    add(event) {
      if (event.kind === 'output' && event.stream === 'stdout') parts.push(event.data);
    },
    sorted() {
      const lines = Buffer.concat(parts).toString().split(/\r?\n/);
      if (lines.at(-1) === '') lines.pop();
      return lines.sort();
    },
  };
}

/** How printed lines differ from those expected. */
export interface LineDifference {
  missing: string[];
  unexpected: string[];
}

/** Compares two sorted lists of lines; undefined when they are the same, each as often. */
export function compareLines(expected: string[], printed: string[]): LineDifference | undefined {
  const missing: string[] = [];
  const unexpected: string[] = [];
  let at = 0;
  for (const line of expected) {
    for (let next = printed[at]; next !== undefined && next < line; next = printed[++at]) {
      unexpected.push(next);
    }
    if (printed[at] === line) at++;
    else missing.push(line);
  }
  unexpected.push(...printed.slice(at));
  return missing.length + unexpected.length > 0 ? { missing, unexpected } : undefined;
}
