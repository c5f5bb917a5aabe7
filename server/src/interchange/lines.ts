import { ImportError } from './importError.js';

/**
 * The lines of some bytes, without their ends; only line feeds end lines. Memory holds one chunk and one line.
 * @param encoding utf-8, or latin1 for lines of bytes
 * @throws ImportError for a line that is not of the encoding
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer>,
  encoding: 'utf-8' | 'latin1',
): AsyncGenerator<string> {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  let begun: Buffer[] = [];
  let number = 0;
  const textOf = (end: Buffer): string => {
    number++;
    const line = begun.length === 0 ? end : Buffer.concat([...begun, end]);
    begun = [];
    if (encoding === 'latin1') return line.toString('latin1');
    try {
      return utf8.decode(line);
    } catch {
      throw new ImportError('not UTF-8', number);
    }
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      yield textOf(chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  }
  if (begun.length > 0) yield textOf(Buffer.alloc(0));
}
