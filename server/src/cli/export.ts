import { once } from 'node:events';
import path from 'node:path';
import type { ExportFormat } from '../interchange/exportRecording.js';
import { exportFormats } from '../interchange/exportRecording.js';
import { formatCount } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';
import { namedRecordings } from '../session/recordings.js';
import { recordedTogether } from '../session/statusOfFile.js';
import { isUsable } from '../session/usable.js';
import type { CliContext } from './context.js';
import { Interrupted } from './context.js';
import type { ExitCode } from './exitCode.js';
import { CliError, exitCode, usageError } from './exitCode.js';
import type { StoreFlags } from './options.js';
import {
  analyze,
  displayName,
  quoted,
  readRecordedFile,
  storeOf,
  workingDirectoryFile,
} from './pipelineFile.js';
import { writeNote } from './report.js';
import { onOneLine } from './terminal.js';

export interface ExportFlags extends StoreFlags {
  source?: string;
  recording?: string;
  format?: ExportFormat;
  output?: string;
  force?: true;
}

/** Formats that are text and can be read as they come. */
const toStdout: ExportFormat[] = ['jsonl', 'csv'];

/** `export [FILE]`: writes a recording as another format, to a file or to stdout. */
export async function exportVerb(
  context: CliContext,
  argument: string | undefined,
  flags: ExportFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument ?? workingDirectoryFile(context));
  const format = flags.format ?? formatOf(flags.output);
  if (flags.output === undefined && !toStdout.includes(format))
    throw usageError(`${format} cannot go to stdout`, 'name a file with -o OUT');
  const recording =
    flags.recording === undefined
      ? await recordingOfSource(context, store, argument, flags.source)
      : await namedRecording(context, store, flags.recording);
  const file = flags.output === undefined ? undefined : path.resolve(context.cwd, flags.output);
  const signal = context.untilInterrupted();
  try {
    await context.session.exportRecording({
      store,
      recording,
      format,
      output: file === undefined ? { write } : { file, mayReplace: flags.force === true },
      signal,
      onWarning: (text) => {
        writeNote(context, `warning: ${onOneLine(text)}`);
      },
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new CliError(error.message, exitCode.failed, 'replace it with --force');
    if (!(error instanceof Interrupted)) throw error;
    // Whoever reads stdout has seen enough; a file that was begun is gone.
    return error.by === 'stdout closed' ? exitCode.done : exitCode.cancelled;
  }
  if (file === undefined) return exitCode.done;
  const elements = formatCount(recording.elements);
  const name = displayName(context, file);
  writeNote(context, `Wrote ${elements} elements of ${onOneLine(recording.label)} to ${name}.`);
  if (format === 'interactive-beam' && path.basename(file).split('-').length !== 4)
    writeNote(
      context,
      'note: Interactive Beam reads caches whose names have four parts, like clicks-0-0-0.',
    );
  return exitCode.done;

  async function write(piece: string | Uint8Array): Promise<void> {
    if (!context.stdout.write(piece)) {
      await Promise.race([once(context.stdout, 'drain'), aborted(signal)]);
    }
    signal.throwIfAborted();
  }
}

function formatOf(output: string | undefined): ExportFormat {
  const ending = path.extname(output ?? '').slice(1);
  return exportFormats.find((format) => format === ending) ?? 'jsonl';
}

async function recordingOfSource(
  context: CliContext,
  store: string,
  argument: string | undefined,
  label: string | undefined,
): Promise<Recording> {
  if (argument === undefined) throw usageError('neither FILE nor --recording is given');
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named);
  const statuses = await context.session.sourceStatuses(store, named.file, sources);
  const latest = statuses.flatMap(({ recording }) =>
    recording && isUsable(recording) ? [recording] : [],
  );
  const fitting = latest.filter((recording) => label === undefined || recording.label === label);
  const all = await context.session.storedRecordings(store, named.file);
  const found = fitting.flatMap((recording) => recordedTogether(recording, all));
  const [first] = found;
  if (first && found.length === 1) return first;
  if (first)
    throw usageError(
      `${named.name} has several recordings`,
      `choose with --source or --recording: ${found.map(described).join(', ')}`,
    );
  if (label !== undefined && latest.length > 0)
    throw usageError(
      `no recording of a source labelled ${label}`,
      `recorded: ${latest.map((recording) => quoted(recording.label)).join(', ')}`,
    );
  throw new CliError(
    `no recording of ${named.name}`,
    exitCode.nothingToDo,
    `make one with beam-rewind record ${quoted(named.name)}`,
  );
}

async function namedRecording(
  context: CliContext,
  store: string,
  reference: string,
): Promise<Recording> {
  const found = namedRecordings(await context.session.storedRecordings(store), reference);
  const [first] = found;
  if (!first)
    throw new CliError(
      `there is no recording ${quoted(reference)} in ${store}`,
      exitCode.nothingToDo,
    );
  if (found.length > 1)
    throw usageError(
      `${quoted(reference)} means several recordings`,
      `give an id: ${found.map(described).join(', ')}`,
    );
  if (first.endedAt === undefined)
    throw new CliError(
      `"${first.label}" is still being recorded`,
      exitCode.failed,
      'wait for its end',
    );
  return first;
}

function described({ id, label, output }: Recording): string {
  return `${quoted(output === undefined ? label : `${label}.${output}`)} ${id}`;
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
