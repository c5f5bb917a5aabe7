import path from 'node:path';
import type { TestFormat } from '../exportedTests/testFormats.js';
import { testFileNames } from '../exportedTests/testFormats.js';
import { formatCount } from '../recording/parseLimits.js';
import type { WrittenTest } from '../session/exportTest.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, usageError } from './exitCode.js';
import type { ExportFlags } from './export.js';
import { recordingsToExport } from './exportedRecordings.js';
import { writeExport } from './exportOutput.js';
import { displayName, quoted, storeOf, workingDirectoryFile } from './pipelineFile.js';
import { writeNote } from './report.js';
import { onOneLine } from './terminal.js';

/** `export [FILE] --as FORMAT`: writes recordings as a test. */
export async function exportTest(
  context: CliContext,
  argument: string | undefined,
  flags: ExportFlags,
  format: TestFormat,
): Promise<ExitCode> {
  if (flags.format !== undefined)
    throw usageError('--as and --format are two ways to export', 'leave one of them out');
  const { pattern, example } = testFileNames[format];
  if (flags.output !== undefined && !pattern.test(path.basename(flags.output)))
    throw usageError(
      `a ${format} cannot be called ${quoted(path.basename(flags.output))}`,
      `name it like ${example}`,
    );
  const store = storeOf(context, flags.store, argument ?? workingDirectoryFile(context));
  const recordings = await recordingsToExport(context, store, argument, flags);
  const pipelines = new Set(recordings.map(({ pipeline }) => pipeline));
  if (pipelines.size > 1)
    throw usageError(
      `the recordings are of ${pipelines.size} pipelines, and a test is of one`,
      `choose with --source: ${recordings.map(({ label }) => quoted(label)).join(', ')}`,
    );
  const { eventTime, processingTime, elements } = flags;
  let written: WrittenTest | undefined;
  const interrupted = await writeExport(context, flags, async (output) => {
    written = await context.session.exportTest({
      store,
      recordings,
      format,
      selection: {
        ...(eventTime && { eventTime }),
        ...(processingTime && { processingTime }),
        ...(elements && { elements }),
      },
      ...output,
    });
  });
  if (interrupted !== undefined) return interrupted;
  if (flags.output === undefined) return exitCode.done;
  const labels = recordings.map(({ label }) => onOneLine(label)).join(', ');
  const name = displayName(context, path.resolve(context.cwd, flags.output));
  const { elements: count = 0, dataFile } = written ?? {};
  const data = dataFile === undefined ? '' : `, the elements to ${displayName(context, dataFile)}`;
  writeNote(
    context,
    `Wrote a test of ${formatCount(count)} elements of ${labels} to ${name}${data}.`,
  );
  return exitCode.done;
}
