import { once } from 'node:events';
import cliTruncate from 'cli-truncate';
import { formatCount } from '../recording/parseLimits.js';
import type { ShownElement } from '../session/showRecording.js';
import type { CliContext } from './context.js';
import { formatTimestamp } from './eventTime.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, usageError } from './exitCode.js';
import type { ShowFlags } from './options.js';
import { analyze, quoted, readRecordedFile, storeOf } from './pipelineFile.js';
import { writeHint, writeNote } from './report.js';
import { onOneLine, widthOf } from './terminal.js';

/** `show FILE`: recorded elements with their timestamps. */
export async function show(
  context: CliContext,
  argument: string,
  flags: ShowFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument);
  const named = await readRecordedFile(context, store, argument);
  const { sources } = await analyze(context, named);
  const statuses = await context.session.sourceStatuses(store, named.file, sources);
  const labels = statuses.filter(({ recording }) => recording).map(({ label }) => label);
  if (flags.source !== undefined && labels.length > 0 && !labels.includes(flags.source))
    throw usageError(
      `no recording of a source labelled ${flags.source}`,
      `recorded: ${[...new Set(labels)].map(quoted).join(', ')}`,
    );

  const output = flags.json ? jsonOutput(named.file) : readableOutput(context, flags);
  await write(output.head);
  let shown = 0;
  let hasMore = false;
  // One more than is shown tells whether there are more.
  const limit = flags.limit + 1;
  for await (const element of context.session.showElements(
    store,
    named.file,
    flags.source,
    limit,
  )) {
    hasMore = shown === flags.limit;
    if (hasMore) break;
    await write(output.element(element, shown));
    shown += 1;
  }
  await write(output.tail(hasMore));

  if (labels.length === 0) {
    writeNote(context, `No recording of ${named.name}.`);
    writeHint(context, `make one with beam-rewind record ${quoted(named.name)}`);
    return exitCode.nothingToDo;
  }
  if (shown === 0) writeNote(context, 'The recording has no elements.');
  if (hasMore && !flags.json)
    writeNote(context, `First ${formatCount(shown)} elements; more with --limit.`);
  return exitCode.done;

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
