import { formatCount, formatSize } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import type { CliContext } from './context.js';
import { formatAge, formatSpan } from './eventTime.js';
import type { CliError } from './exitCode.js';
import type { Column } from './table.js';
import { table } from './table.js';
import { onLines, onOneLine, paintFor, widthOf } from './terminal.js';

/** Writes a result. */
export function writeResult(context: CliContext, lines: string[]): void {
  context.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Says something beside the result. */
export function writeNote(context: CliContext, text: string): void {
  context.stderr.write(`${text}\n`);
}

/** Says what went wrong and, if known, what to do about it. */
export function writeError(context: CliContext, message: string, hint?: CliError['hint']): void {
  const paint = paintFor(context.stderr, context.env);
  writeNote(context, `${paint('red', 'error:')} ${onLines(message.trimEnd())}`);
  if (hint !== undefined) writeHint(context, hint);
}

/** Says what to do next. */
export function writeHint(context: CliContext, hint: string): void {
  writeNote(context, `${paintFor(context.stderr, context.env)('cyan', 'hint:')} ${hint}`);
}

/** Table of what a recording session left: elements, bytes, span of event time, why each source ended. */
export function recordedTable(context: CliContext, sources: SourceStatus[]): string[] {
  return sourceTable(context, sources, [
    ...amountColumns,
    { title: 'ENDED', cell: ({ recording, reason }) => recording?.endReason ?? firstLine(reason) },
  ]);
}

/** Table of the state of each source of a file. */
export function statusTable(context: CliContext, sources: SourceStatus[]): string[] {
  return sourceTable(context, sources, [
    { title: 'STATE', cell: ({ state }) => state },
    ...amountColumns,
    { title: 'RECORDED', cell: ({ recording }) => recordedText(recording, context.now()) },
    { title: 'REASON', cell: ({ reason }) => firstLine(reason) },
  ]);
}

/** E.g. `2 recordings`. */
export function recordingsText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'recording' : 'recordings'}`;
}

interface SourceColumn extends Column {
  cell: (status: SourceStatus) => string;
}

const amountColumns: SourceColumn[] = [
  {
    title: 'ELEMENTS',
    align: 'right',
    cell: ({ recording }) => (recording ? formatCount(recording.elements) : ''),
  },
  {
    title: 'SIZE',
    align: 'right',
    cell: ({ recording }) => (recording ? formatSize(recording.bytes) : ''),
  },
  {
    title: 'EVENT TIME (UTC)',
    cell: ({ recording }) => formatSpan(recording?.minTimestamp, recording?.maxTimestamp),
  },
];

function sourceTable(context: CliContext, sources: SourceStatus[], columns: SourceColumn[]) {
  const hasPipelines = new Set(sources.map(({ pipeline }) => pipeline)).size > 1;
  const all: SourceColumn[] = [
    { title: 'SOURCE', cell: ({ label }) => onOneLine(label) },
    ...(hasPipelines
      ? [{ title: 'PIPELINE', cell: ({ pipeline }: SourceStatus) => onOneLine(pipeline) }]
      : []),
    ...columns,
  ];
  const rows = sources.map((status) => all.map(({ cell }) => cell(status)));
  return table(all, rows, widthOf(context.stdout));
}

function recordedText(recording: Recording | undefined, now: number): string {
  if (!recording) return '';
  return formatAge(recording.endedAt ?? recording.startedAt, now);
}

function firstLine(text: string | undefined): string {
  return onOneLine(text?.trim().split('\n', 1)[0] ?? '');
}
