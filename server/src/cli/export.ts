import path from 'node:path';
import type { TestFormat } from '../exportedTests/testFormats.js';
import type { Span } from '../replay/whatIf/cut.js';
import type { ExportFormat } from '../interchange/exportRecording.js';
import { exportFormats } from '../interchange/exportRecording.js';
import { formatCount } from '../recording/parseLimits.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, usageError } from './exitCode.js';
import { onlyOne, recordingsToExport } from './exportedRecordings.js';
import { writeExport } from './exportOutput.js';
import { exportTest } from './exportTest.js';
import type { StoreFlags } from './options.js';
import { displayName, storeOf, workingDirectoryFile } from './pipelineFile.js';
import { writeNote } from './report.js';
import { onOneLine } from './terminal.js';

export interface ExportFlags extends StoreFlags {
  source: string[];
  recording?: string;
  format?: ExportFormat;
  as?: TestFormat;
  eventTime?: Span;
  processingTime?: Span;
  elements?: Span;
  output?: string;
  force?: true;
}

/** Formats that are text and can be read as they come. */
const toStdout: ExportFormat[] = ['jsonl', 'csv'];

/** `export [FILE]`: writes a recording as another format, or as a test, to a file or to stdout. */
export async function exportVerb(
  context: CliContext,
  argument: string | undefined,
  flags: ExportFlags,
): Promise<ExitCode> {
  if (flags.as !== undefined) return exportTest(context, argument, flags, flags.as);
  if (flags.eventTime ?? flags.processingTime ?? flags.elements)
    throw usageError('a recording is exported as a whole', 'a part of it can be a test: --as');
  const store = storeOf(context, flags.store, argument ?? workingDirectoryFile(context));
  const format = flags.format ?? formatOf(flags.output);
  if (flags.output === undefined && !toStdout.includes(format))
    throw usageError(`${format} cannot go to stdout`, 'name a file with -o OUT');
  const recording = onlyOne(await recordingsToExport(context, store, argument, flags));
  const interrupted = await writeExport(context, flags, (output) =>
    context.session.exportRecording({ store, recording, format, ...output }),
  );
  if (interrupted !== undefined) return interrupted;
  if (flags.output === undefined) return exitCode.done;
  const file = path.resolve(context.cwd, flags.output);
  const elements = formatCount(recording.elements);
  const name = displayName(context, file);
  writeNote(context, `Wrote ${elements} elements of ${onOneLine(recording.label)} to ${name}.`);
  if (format === 'interactive-beam' && path.basename(file).split('-').length !== 4)
    writeNote(
      context,
      'note: Interactive Beam reads caches whose names have four parts, like clicks-0-0-0.',
    );
  return exitCode.done;
}

function formatOf(output: string | undefined): ExportFormat {
  const ending = path.extname(output ?? '').slice(1);
  return exportFormats.find((format) => format === ending) ?? 'jsonl';
}
