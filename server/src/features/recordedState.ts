import type { Location } from 'vscode-languageserver';
import { pathToFileURL } from 'node:url';
import { formatCount, formatDuration, formatSize } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';

/** Scheme of the read-only documents that show what is recorded of a source. */
export const recordedStateScheme = 'beam-rewind';

/** Names a recording of an open file. */
export interface RecordingName {
  /** URI of the pipeline file. */
  uri: string;
  id: string;
}

const start = { line: 0, character: 0 };

/**
 * Where the recorded state of a source is to be seen: a document of ours where the editor can show one, else the
 * recording's index, which is a file of JSON.
 * @param indexPath absolute path of that file
 */
export function recordedStateLocation(
  { label, id }: Recording,
  uri: string,
  indexPath: string | undefined,
): Location {
  const range = { start, end: start };
  if (indexPath !== undefined) return { uri: pathToFileURL(indexPath).href, range };
  const query = encodeURIComponent(JSON.stringify({ uri, id } satisfies RecordingName));
  return {
    uri: `${recordedStateScheme}:/${encodeURIComponent(label)}%20(recorded).txt?${query}`,
    range,
  };
}

/** The recording whose state a document of ours shows. @throws Error when it is none of ours */
export function recordingNameOf(documentUri: string): RecordingName {
  const { protocol, searchParams: _, search } = new URL(documentUri);
  const name = JSON.parse(decodeURIComponent(search.slice(1))) as Partial<RecordingName>;
  if (protocol !== `${recordedStateScheme}:` || !name.uri || !name.id)
    throw new Error(`${documentUri} names no recording.`);
  return { uri: name.uri, id: name.id };
}

/** What is recorded of a source, for people: how it was defined then, and what came out of it. */
export function recordedStateText(recording: Recording): string {
  const { signature, sourceText, pipeline, label, startedAt, endedAt, coder } = recording;
  const duration = endedAt === undefined ? '' : ` · ${formatDuration(endedAt - startedAt)}`;
  const parts = [
    `${label}, as it was recorded\n`,
    fields([
      ['Pipeline', pipeline || '(not found in the text)'],
      ['File', recording.file],
      ['Recorded', new Date(startedAt).toISOString()],
      [
        'Elements',
        `${formatCount(recording.elements)} · ${formatSize(recording.bytes)}${duration}`,
      ],
      ['Event time', eventTime(recording)],
      ['Ended by', recording.endReason ?? 'nothing yet: it is being recorded'],
      ['Coder', coder],
      ['Transform', signature?.transform ?? recording.uniqueName],
      ['Signature', signature?.hash ?? 'none: the source was not found in the text'],
    ]),
  ];
  if (signature && Object.keys(signature.arguments).length > 0)
    parts.push(`Arguments\n\n${fields(Object.entries(signature.arguments))}`);
  if (sourceText !== undefined) parts.push(`As it was written\n\n${indent(sourceText)}\n`);
  for (const [name, text] of Object.entries(signature?.definitions ?? {}))
    parts.push(`${name}, which it refers to\n\n${indent(text)}\n`);
  return parts.join('\n');
}

function eventTime({ minTimestamp, maxTimestamp }: Recording): string {
  if (minTimestamp === undefined || maxTimestamp === undefined) return 'none';
  return `${timeText(minTimestamp)} to ${timeText(maxTimestamp)}`;
}

/** Event time, ms since the epoch: Beam's reaches further than that of JavaScript. */
export function timeText(millis: number): string {
  const date = new Date(millis);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  return millis < 0 ? 'the beginning of time' : 'the end of time';
}

function fields(pairs: [string, string][]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs
    .map(
      ([name, value]) =>
        `  ${name.padEnd(width)}  ${value.replace(/\n/g, `\n${' '.repeat(width + 4)}`)}\n`,
    )
    .join('');
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
