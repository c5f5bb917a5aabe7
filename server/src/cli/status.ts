import type { SourceStatus } from '../session/sourceStatus.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import {
  analyze,
  displayName,
  readRecordedFile,
  storeOf,
  workingDirectoryFile,
} from './pipelineFile.js';
import { statusTable, writeNote, writeResult } from './report.js';
import { jsonLine, sourceJson } from './sourceJson.js';
import { onLines } from './terminal.js';

interface FileStatus {
  file: string;
  sources: SourceStatus[];
}

/** `status [FILE]`: the state of each source's recording, of one file or of all files in the store. */
export async function status(
  context: CliContext,
  argument: string | undefined,
  flags: StoreFlags,
  args: string[],
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument ?? workingDirectoryFile(context));
  return argument === undefined
    ? await statusOfStore(context, store, flags)
    : await statusOfFile(context, store, argument, flags, args);
}

async function statusOfFile(
  context: CliContext,
  store: string,
  argument: string,
  flags: StoreFlags,
  args: string[],
): Promise<ExitCode> {
  const found = await fileStatus(context, store, argument, args);
  if (flags.json) context.stdout.write(jsonLine({ store, ...fileJson(found) }));
  else if (found.sources.length > 0) writeStatus(context, found);
  else writeNote(context, `No unbounded source in ${displayName(context, found.file)}.`);
  return exitCode.done;
}

async function statusOfStore(
  context: CliContext,
  store: string,
  flags: StoreFlags,
): Promise<ExitCode> {
  const all: FileStatus[] = [];
  for (const file of await context.session.recordedFiles(store))
    all.push(await fileStatus(context, store, file));
  if (flags.json) context.stdout.write(jsonLine({ store, files: all.map(fileJson) }));
  else if (all.length === 0) writeNote(context, `No recordings in ${store}.`);
  else
    all.forEach((found, i) => {
      if (i > 0) writeResult(context, ['']);
      writeStatus(context, found);
    });
  return exitCode.done;
}

async function fileStatus(
  context: CliContext,
  store: string,
  argument: string,
  args: string[] = [],
): Promise<FileStatus> {
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named, args);
  return {
    file: named.file,
    sources: await context.session.sourceStatuses(store, named.file, sources),
  };
}

function fileJson({ file, sources }: FileStatus) {
  return { file, sources: sources.map(sourceJson) };
}

function writeStatus(context: CliContext, { file, sources }: FileStatus): void {
  writeResult(context, [displayName(context, file), ...statusTable(context, sources)]);
  for (const { label, reason } of sources) {
    // The table shows the first line of a runner's message; the cause is often in the last.
    const text = onLines(reason?.trim() ?? '');
    if (text.includes('\n')) writeResult(context, ['', `${label}:`, ...indented(text)]);
  }
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
