import { once } from 'node:events';
import path from 'node:path';
import type { Write } from '../interchange/outputFile.js';
import type { CliContext } from './context.js';
import { Interrupted } from './context.js';
import type { ExitCode } from './exitCode.js';
import { CliError, exitCode } from './exitCode.js';
import { writeNote } from './report.js';
import { onOneLine } from './terminal.js';

/** Where an export goes, and who hears of it. */
export interface ExportOutput {
  output: { file: string; mayReplace: boolean } | { write: Write };
  signal: AbortSignal;
  onWarning: (text: string) => void;
}

/**
 * Writes an export to the file that `-o` names, or to stdout.
 * @returns undefined when it is written, or how it was interrupted
 */
export async function writeExport(
  context: CliContext,
  flags: { output?: string; force?: true },
  work: (output: ExportOutput) => Promise<unknown>,
): Promise<ExitCode | undefined> {
  const file = flags.output === undefined ? undefined : path.resolve(context.cwd, flags.output);
  const signal = context.untilInterrupted();
  try {
    await work({
      output: file === undefined ? { write } : { file, mayReplace: flags.force === true },
      signal,
      onWarning: (text) => {
        writeNote(context, `warning: ${onOneLine(text)}`);
      },
    });
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new CliError(error.message, exitCode.failed, 'replace it with --force');
    if (!(error instanceof Interrupted)) throw error;
    // Whoever reads stdout has seen enough; a file that was begun is gone.
    return error.by === 'stdout closed' ? exitCode.done : exitCode.cancelled;
  }

  async function write(piece: string | Uint8Array): Promise<void> {
    if (!context.stdout.write(piece)) {
      await Promise.race([once(context.stdout, 'drain'), aborted(signal)]);
    }
    signal.throwIfAborted();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
}
