import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { compareLines } from '../session/printedLines.js';
import type { CliContext } from './context.js';
import { CliError, exitCode } from './exitCode.js';
import { differenceLines } from './lineDifference.js';
import { writeError, writeHint, writeNote } from './report.js';

/**
 * Compares what a program printed with a file, or writes the file.
 * @returns whether they are the same now
 */
export async function meetsExpectation(
  context: CliContext,
  { expect, update }: { expect: string; update?: true },
  printed: string[],
): Promise<boolean> {
  const file = path.resolve(context.cwd, expect);
  if (update) {
    await writeFile(file, printed.map((line) => `${line}\n`).join(''));
    writeNote(context, `Wrote ${printed.length} lines to ${expect}.`);
    return true;
  }
  const difference = compareLines(await linesOf(file, expect), printed);
  if (!difference) return true;
  writeError(context, `what the program put out is not what ${expect} expects`);
  for (const line of differenceLines(difference)) writeNote(context, line);
  writeHint(context, 'if that is right, write the file anew with --update');
  return false;
}

async function linesOf(file: string, name: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
    if (lines.at(-1) === '') lines.pop();
    return lines.sort();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(
      `cannot read ${name}: ${why}`,
      exitCode.failed,
      'write it with --update when the output is right',
    );
  }
}
