import type { Hover } from 'vscode-languageserver';
import { MarkupKind } from 'vscode-languageserver';
import type { Description } from '../language/language.js';
import type { PipelineSource, TextPosition } from '../language/source.js';
import type { ShownElement } from '../session/showRecording.js';
import type { SourceStatus } from '../session/sourceStatus.js';
import { contains } from './shiftRange.js';
import { timeText } from './recordedState.js';
import { statusText } from './words.js';

/** How many recorded elements a hover shows. */
export const shownElements = 3;
const shownCharacters = 120;

/** The source at a place of the text: the innermost, where one is written inside another. */
export function sourceAt(
  sources: PipelineSource[],
  position: TextPosition,
): PipelineSource | undefined {
  return sources.findLast(({ range }) => contains(range, position));
}

/**
 * What a source is, and what is recorded of it.
 * @param elements the first recorded ones
 * @param description of what stands at the place in it
 */
export function sourceHover(
  source: PipelineSource,
  status: SourceStatus | undefined,
  elements: ShownElement[],
  description?: Description,
): Hover {
  const { label, pipeline, transformName, bounded, boundedReason, signature, repeated } = source;
  const boundedness = `${bounded ? 'bounded' : 'unbounded'}${boundedReason && `: ${boundedReason}`}`;
  const lines = [
    `**${escapeMarkdown(label)}** · ${inline(transformName)}, ${escapeMarkdown(boundedness)}`,
    `In pipeline ${inline(pipeline)}${repeated ? ', applied repeatedly: one recording stands for all' : ''}`,
  ];
  const args = Object.entries(signature.arguments);
  if (args.length > 0)
    lines.push(
      args.map(([name, value]) => `- ${inline(`${name} = ${shortened(value)}`)}`).join('\n'),
    );
  lines.push(`Signature ${inline(signature.hash.slice(0, 12))}`);
  if (status) lines.push('---', recordingText(status));
  if (elements.length > 0) lines.push(fenced(elements.map(elementText).join('\n')));
  if (description) lines.unshift(description.text, '---');
  return {
    contents: { kind: MarkupKind.Markdown, value: lines.join('\n\n') },
    range: source.range,
  };
}

/** What stands at a place where there is no source. */
export function describedHover({ text, range }: Description): Hover {
  return { contents: { kind: MarkupKind.Markdown, value: text }, range };
}

function recordingText(status: SourceStatus): string {
  const { state, reason, recording } = status;
  const detail = state === 'valid' && reason ? ` (${reason})` : '';
  const when = recording && ` · ${new Date(recording.startedAt).toLocaleString()}`;
  return `Recording: ${escapeMarkdown(`${statusText(status)}${detail}${when ?? ''}`)}`;
}

function elementText({ timestamp, value }: ShownElement): string {
  return `${timeText(timestamp)}  ${shortened(value.replace(/\s+/g, ' '))}`;
}

function shortened(text: string): string {
  return text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
}

/** Text as code, whatever backticks it has. */
function inline(text: string): string {
  const oneLine = text.replace(/\s+/g, ' ');
  const fence = '`'.repeat(longestRun(oneLine) + 1);
  return `${fence} ${oneLine} ${fence}`;
}

function fenced(text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}text\n${text}\n${fence}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** Labels and messages are the user's text: shown as they are, never as links or images. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~$&]/g, '\\$&').replace(/\r?\n/g, '  \n');
}
