import { styleText } from 'node:util';
import type { OutputStream } from './context.js';

/** Newer Node versions would otherwise look at their own standard output. */
const ours = { validateStream: false };

type Style = Parameters<typeof styleText>[0];

/** Puts colours on text, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Colours for a terminal, none for a file or a pipe or when NO_COLOR is set. */
export function paintFor(stream: OutputStream, env: NodeJS.ProcessEnv): Paint {
  const colours = canRedraw(stream, env) && !env['NO_COLOR'];
  return (style, text) => (colours ? styleText(style, text, ours) : text);
}

/** True for a terminal on which a line can be drawn again. */
export function canRedraw(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Width in columns to fit lines into; undefined for a file or a pipe, where nothing is cut. */
export function widthOf(stream: OutputStream): number | undefined {
  return stream.isTTY === true ? (stream.columns ?? 80) : undefined;
}

/** Text of others on one line of a terminal: control characters are written out, so that they do nothing. */
export function onOneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, escaped);
}

/** Text of others on several lines: line ends and tabs stay, other control characters are written out. */
export function onLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\P{Cc}\n\t]/gu, escaped);
}

function escaped(character: string): string {
  const names: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  const code = character.codePointAt(0) ?? 0;
  return names[character] ?? `\\x${code.toString(16).padStart(2, '0')}`;
}
