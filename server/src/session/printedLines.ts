import type { SessionEvent } from './session.js';

/** Collects what a program prints to its standard output. */
export interface PrintedLines {
  add(event: SessionEvent): void;
  /** The lines in an order of their own: Beam does not define that of the keys within one firing. */
  sorted(): string[];
}

export function collectPrintedLines(): PrintedLines {
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
