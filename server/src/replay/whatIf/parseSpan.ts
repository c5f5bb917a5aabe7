import { parseDuration } from '../../recording/parseLimits.js';
import type { Span } from './cut.js';

/** A span of event time, `2025-03-01T12:00Z..`, in ms since the epoch. @throws Error that says what is wrong */
export function parseEventTimeSpan(text: string): Span {
  return parseSpan(text, parseTime);
}

/** A span of processing time, `10s..40s`, in ms since the first arrival. @throws Error that says what is wrong */
export function parseProcessingTimeSpan(text: string): Span {
  return parseSpan(text, (time) => (/^0(?:m?s)?$/.test(time) ? 0 : parseDuration(time)));
}

/** Two bounds, of which one may be missing. @throws Error that says what is wrong */
export function parseSpan(text: string, parse: (text: string) => number): Span {
  const at = text.indexOf('..');
  const [from, to] = [text.slice(0, at), text.slice(at + 2)];
  if (at < 0 || (!from && !to)) throw new Error('it is not FROM..TO, FROM.. or ..TO');
  const span = { from: from ? parse(from) : -Infinity, to: to ? parse(to) : Infinity };
  if (span.from >= span.to) throw new Error('it ends before it begins');
  return span;
}

/** ms since the epoch of a time in ISO 8601; UTC if it names no zone. @throws Error that says what is wrong */
export function parseTime(text: string): number {
  const hasZone = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const millis = Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
  if (Number.isNaN(millis)) throw new Error(`"${text}" is not a time such as 2025-03-01T12:00Z`);
  return millis;
}
