import path from 'node:path';
import { isRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import { formatCount } from '../recording/parseLimits.js';
import type { ImportOrigin } from '../recording/recording.js';
import type { CliContext } from './context.js';
import { Interrupted } from './context.js';
import type { ExitCode } from './exitCode.js';
import { CliError, exitCode, messageOf, usageError } from './exitCode.js';
import type { StoreFlags } from './options.js';
import type { NamedFile } from './pipelineFile.js';
import { analyze, quoted, readPipelineFile, storeOf } from './pipelineFile.js';
import { writeHint, writeResult } from './report.js';
import { jsonLine, recordingJson } from './sourceJson.js';
import { onOneLine } from './terminal.js';

export interface ImportFlags extends StoreFlags {
  file: string;
  source?: string;
  format?: ImportOrigin['format'];
}

/** `import IN`: makes a recording of an exported file, for a source of a pipeline file. */
export async function importVerb(
  context: CliContext,
  argument: string,
  flags: ImportFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, flags.file);
  const named = await readPipelineFile(context, flags.file);
  const { sources } = await analyze(context, named);
  const source = sourceOf(named, sources, flags.source);
  const { file, text } = named;
  const signal = context.untilInterrupted();
  const input = path.resolve(context.cwd, argument);
  let recording;
  try {
    recording = await context.session.importRecording({
      store,
      input,
      ...(flags.format && { format: flags.format }),
      file,
      text,
      source,
      signal,
    });
  } catch (error) {
    if (error instanceof Interrupted) return exitCode.cancelled;
    throw new CliError(`cannot import ${argument}: ${messageOf(error)}`, exitCode.failed);
  }
  const { pipeline, label, elements } = recording;
  if (flags.json)
    context.stdout.write(
      jsonLine({ store, recording: { file, pipeline, label, ...recordingJson(recording) } }),
    );
  else
    writeResult(context, [
      `Imported ${formatCount(elements)} elements as a recording of ${onOneLine(label)} (${recording.id}).`,
    ]);
  if (!flags.json) writeHint(context, `replay it with beam-rewind replay ${quoted(named.name)}`);
  return exitCode.done;
}

function sourceOf(
  { name }: NamedFile,
  sources: PipelineSource[],
  label: string | undefined,
): PipelineSource {
  const fitting = sources.filter((source) =>
    label === undefined ? isRecordable(source) : source.label === label,
  );
  const [first] = fitting;
  if (first && fitting.length === 1) return first;
  const labels = [...new Set(sources.map((source) => quoted(source.label)))].join(', ');
  const hint = labels === '' ? undefined : `its sources: ${labels}`;
  if (label !== undefined)
    throw usageError(
      `${name} has ${first ? 'several sources' : 'no source'} labelled ${label}`,
      hint,
    );
  throw usageError(
    first ? `${name} has several sources` : `${name} has no unbounded source`,
    hint && `choose with --source; ${hint}`,
  );
}
