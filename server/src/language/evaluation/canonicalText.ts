import { hash as digest } from 'node:crypto';

/** Characters of a text that is kept whole. */
export const MAX_TEXT = 2_000;

/** A text that changes are told at the end of, as the object of something. */
export function inParentheses(text: string): string {
  return text.includes(', changed by(') ? `(${text})` : text;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}

/** A text too long to be kept: its beginning, and what tells it from others. */
export function shorten(text: string): string {
  return `${text.slice(0, MAX_TEXT)}… ${digest('sha256', text).slice(0, 16)}`;
}
