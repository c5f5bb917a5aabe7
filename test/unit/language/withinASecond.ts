import assert from 'node:assert/strict';
import { diskContext } from '../../../server/src/language/diskContext.js';
import { analyzerFor } from '../../../server/src/language/language.js';
import type { PipelineFile } from '../../../server/src/language/source.js';

/** Seconds of processor time, whatever else the machine is doing. */
const LIMIT = 1;
/** What the compiler and the garbage collector add, they do not add each time. */
const ATTEMPTS = 3;

/**
 * Asks all that can be asked of a text, and asserts that it costs less than a second.
 * @param args arguments of the program, for a file with an absolute path
 */
export async function analyzeWithinASecond(
  fileName: string,
  text: string,
  args?: readonly string[],
): Promise<PipelineFile> {
  const analyzer = analyzerFor(fileName);
  assert.ok(analyzer, fileName);
  let spent = Infinity;
  let file: PipelineFile | undefined;
  for (let attempt = 0; attempt < ATTEMPTS && spent >= LIMIT; attempt++) {
    const before = process.cpuUsage();
    const document = await analyzer.open(text, args && diskContext(fileName, args));
    file = document.file();
    document.transforms?.();
    document.problems?.();
    document.complete?.({ line: 3, character: 6 });
    document.describe?.({ line: 2, character: 12 });
    document.dispose();
    const { user, system } = process.cpuUsage(before);
    spent = (user + system) / 1e6;
  }
  assert.ok(spent < LIMIT, `${spent.toFixed(1)} s for ${JSON.stringify(text.slice(0, 2_000))}`);
  assert.ok(Array.isArray(file?.syntaxErrors));
  return file;
}
