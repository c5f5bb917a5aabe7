import type { Recording } from '../recording/recording.js';
import { namedRecordings } from '../session/recordings.js';
import { recordedTogether } from '../session/statusOfFile.js';
import { isUsable } from '../session/usable.js';
import type { CliContext } from './context.js';
import { CliError, exitCode, usageError } from './exitCode.js';
import { analyze, quoted, readRecordedFile } from './pipelineFile.js';

/**
 * The recordings that an export is asked for, in the order of their sources: those of the sources of FILE that have one of
 * the labels, or of all, or those that are named.
 * @throws CliError that says what there is, if there is none
 */
export async function recordingsToExport(
  context: CliContext,
  store: string,
  argument: string | undefined,
  { source: labels, recording: reference }: { source: string[]; recording?: string },
): Promise<Recording[]> {
  return reference === undefined
    ? recordingsOfSources(context, store, argument, labels)
    : recordingsNamed(context, store, reference);
}

/** The one recording among those found. @throws CliError that says what to choose from */
export function onlyOne(found: Recording[]): Recording {
  const [first] = found;
  if (first && found.length === 1) return first;
  throw usageError(
    'there are several recordings',
    `choose with --source or --recording: ${found.map(described).join(', ')}`,
  );
}

async function recordingsOfSources(
  context: CliContext,
  store: string,
  argument: string | undefined,
  labels: string[],
): Promise<Recording[]> {
  if (argument === undefined) throw usageError('neither FILE nor --recording is given');
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named);
  const statuses = await context.session.sourceStatuses(store, named.file, sources);
  const latest = statuses.flatMap(({ recording }) =>
    recording && isUsable(recording) ? [recording] : [],
  );
  const unknown = labels.find((label) => !latest.some((recording) => recording.label === label));
  if (unknown !== undefined && latest.length > 0)
    throw usageError(
      `no recording of a source labelled ${unknown}`,
      `recorded: ${latest.map((recording) => quoted(recording.label)).join(', ')}`,
    );
  const all = await context.session.storedRecordings(store, named.file);
  const found = latest
    .filter(({ label }) => labels.length === 0 || labels.includes(label))
    .flatMap((recording) => recordedTogether(recording, all));
  if (found.length > 0) return found;
  throw new CliError(
    `no recording of ${named.name}`,
    exitCode.nothingToDo,
    `make one with beam-rewind record ${quoted(named.name)}`,
  );
}

/** The recordings of a name or an id, none of which is being made. */
async function recordingsNamed(
  context: CliContext,
  store: string,
  reference: string,
): Promise<Recording[]> {
  const found = namedRecordings(await context.session.storedRecordings(store), reference);
  if (found.length === 0)
    throw new CliError(
      `there is no recording ${quoted(reference)} in ${store}`,
      exitCode.nothingToDo,
    );
  const running = found.find(({ endedAt }) => endedAt === undefined);
  if (running)
    throw new CliError(
      `"${running.label}" is still being recorded`,
      exitCode.failed,
      'wait for its end',
    );
  return found;
}

function described({ id, label, output }: Recording): string {
  return `${quoted(output === undefined ? label : `${label}.${output}`)} ${id}`;
}
