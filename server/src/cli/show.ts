import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import cliTruncate from 'cli-truncate';
import { formatCount } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';
import { namedRecordings } from '../session/recordings.js';
import type { ShownElement } from '../session/showRecording.js';
import { incompleteText } from '../session/usable.js';
import type { CliContext } from './context.js';
import { formatTimestamp } from './eventTime.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, usageError } from './exitCode.js';
import type { ShowFlags } from './options.js';
import { analyze, quoted, readRecordedFile, storeOf } from './pipelineFile.js';
import { writeHint, writeNote } from './report.js';
import { onOneLine, widthOf } from './terminal.js';

/** `show FILE` and `show RECORDING`: recorded elements with their timestamps. */
export async function show(
  context: CliContext,
  argument: string,
  flags: ShowFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument);
  const byName = await recordingsNamed(context, store, argument);
  if (byName.length > 0) return showNamed(context, store, byName, flags);
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named);
  const statuses = await context.session.sourceStatuses(store, named.file, sources);
  const labels = statuses.filter(({ recording }) => recording).map(({ label }) => label);
  if (flags.source !== undefined && labels.length > 0 && !labels.includes(flags.source))
    throw usageError(
      `no recording of a source labelled ${flags.source}`,
      `recorded: ${[...new Set(labels)].map(quoted).join(', ')}`,
    );

  const { session } = context;
  const shown = await writeElements(context, flags, named.file, (limit) =>
    session.showElements(store, named.file, flags.source, limit, flags.from),
  );
  if (labels.length === 0) {
    writeNote(context, `No recording of ${named.name}.`);
    writeHint(context, `make one with beam-rewind record ${quoted(named.name)}`);
    return exitCode.nothingToDo;
  }
  noteAmount(context, flags, shown);
  return exitCode.done;
}

/** The recordings that the argument names, if it is no file. */
async function recordingsNamed(
  context: CliContext,
  store: string,
  argument: string,
): Promise<Recording[]> {
  if (existsSync(path.resolve(context.cwd, argument))) return [];
  // The name of a file that is gone, but was recorded, is not one of a recording.
  return namedRecordings(await context.session.storedRecordings(store), argument);
}

async function showNamed(
  context: CliContext,
  store: string,
  named: Recording[],
  flags: ShowFlags,
): Promise<ExitCode> {
  const { source } = flags;
  const recordings = named.filter(({ label }) => source === undefined || label === source);
  const [first] = recordings;
  if (!first)
    throw usageError(
      `no recording of a source labelled ${source ?? ''}`,
      `recorded: ${named.map(({ label }) => quoted(label)).join(', ')}`,
    );
  for (const recording of recordings) {
    const incomplete = incompleteText(recording);
    if (incomplete) writeNote(context, `warning: ${onOneLine(incomplete)}`);
  }
  const shown = await writeElements(context, flags, first.file, (limit) =>
    context.session.showRecordings(store, recordings, limit, flags.from),
  );
  noteAmount(context, flags, shown);
  return exitCode.done;
}

interface Shown {
  count: number;
  hasMore: boolean;
}

function noteAmount(context: CliContext, flags: ShowFlags, { count, hasMore }: Shown): void {
  const where = flags.from === undefined ? '' : ' there, or behind';
  if (count === 0) writeNote(context, `The recording has no elements${where}.`);
  const which = flags.from === undefined ? 'First' : 'These are';
  if (hasMore && !flags.json)
    writeNote(context, `${which} ${formatCount(count)} elements; more with --limit.`);
}

async function writeElements(
  context: CliContext,
  flags: ShowFlags,
  file: string,
  read: (limit: number) => AsyncIterable<ShownElement>,
): Promise<Shown> {
  const output = flags.json ? jsonOutput(file) : readableOutput(context, flags);
  await write(output.head);
  let count = 0;
  let hasMore = false;
  // One more than is shown tells whether there are more.
  for await (const element of read(flags.limit + 1)) {
    hasMore = count === flags.limit;
    if (hasMore) break;
    await write(output.element(element, count));
    count += 1;
  }
  await write(output.tail(hasMore));
  return { count, hasMore };

  async function write(text: string) {
    if (text !== '' && !context.stdout.write(text)) await once(context.stdout, 'drain');
  }
}

/** Head, elements and tail, so that a long recording is never held in memory. */
interface ElementsOutput {
  head: string;
  element(element: ShownElement, index: number): string;
  tail(hasMore: boolean): string;
}

function readableOutput(context: CliContext, flags: ShowFlags): ElementsOutput {
  const width = widthOf(context.stdout);
  return {
    head: '',
    element({ label, timestamp, value }) {
      const cells = [formatTimestamp(timestamp).padEnd(23)];
      if (flags.source === undefined) cells.push(onOneLine(label));
      const line = [...cells, onOneLine(value)].join('  ');
      return (width === undefined ? line : cliTruncate(line, width)) + '\n';
    },
    tail: () => '',
  };
}

function jsonOutput(file: string): ElementsOutput {
  return {
    head: `{"file":${JSON.stringify(file)},"elements":[`,
    element: ({ pipeline, label, timestamp, value }, index) =>
      `${index > 0 ? ',' : ''}\n${JSON.stringify({ pipeline, label, timestamp, value })}`,
    tail: (hasMore) => `\n],"more":${hasMore}}\n`,
  };
}
