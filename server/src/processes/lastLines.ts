import { StringDecoder } from 'node:string_decoder';

/** Keeps the end of an output. */
export interface LastLines {
  add(data: Uint8Array): void;
  text(): string;
}

/**
 * The last lines of an output that comes in pieces.
 * @param count how many are kept
 * @param onLine told each whole line; what it returns is kept instead
 */
export function lastLines(count: number, onLine = (line: string): string => line): LastLines {
  const decoder = new StringDecoder('utf8');
  const lines: string[] = [];
  let rest = '';
  return {
    add(data) {
      const pieces = (rest + decoder.write(Buffer.from(data))).split(/\r?\n/);
      rest = pieces.pop() ?? '';
      lines.push(...pieces.map(onLine));
      lines.splice(0, lines.length - count);
    },
    text: () => [...lines, ...(rest ? [rest] : [])].join('\n'),
  };
}
