import type { AnalyzedDocument } from '../language/language.js';
import type { PipelineSource, SourceSignature } from '../language/source.js';
import type { Recording } from '../recording/recording.js';

/** A text between two offsets, replaced. */
export interface Replacement {
  start: number;
  end: number;
  text: string;
}

/** Edits that are tried at most: each costs an analysis of what it touches. */
const maxTries = 40;

/**
 * The edit that makes a source again what was recorded of it: the application as it was written, else the literals
 * elsewhere in the file that its arguments come from. It is found by trying, so that what is offered is known to
 * restore the recorded signature.
 * @param offsets of the source's application in the text
 * @returns undefined when no edit is found
 */
export function restoringEdit(
  analysis: AnalyzedDocument,
  source: PipelineSource,
  offsets: { start: number; end: number },
  { signature, sourceText }: Recording,
): Replacement | undefined {
  if (!signature) return undefined;
  const original = analysis.text();
  let text = original;
  let current = source.signature;
  let tries = 0;

  /** Keeps an edit that brings the source nearer to what was recorded. */
  const attempt = ({ start, end, text: inserted }: Replacement): boolean => {
    if (++tries > maxTries) return false;
    const edited = text.slice(0, start) + inserted + text.slice(end);
    analysis.update(edited);
    const { sources } = analysis.file();
    const now = nearest(sources, source, signature);
    if (!now || distance(now.signature, signature) >= distance(current, signature)) return false;
    text = edited;
    current = now.signature;
    return true;
  };

  try {
    if (sourceText !== undefined) attempt({ ...offsets, text: sourceText });
    for (const [before, after] of differences(signature, current)) {
      if (current.hash === signature.hash) break;
      candidates(text, before, after).some(attempt);
    }
  } finally {
    analysis.update(original);
  }
  return current.hash === signature.hash ? difference(original, text) : undefined;
}

/** The source after an edit: of the same pipeline, the one that resembles the recorded one most. */
function nearest(
  sources: PipelineSource[],
  { pipeline, label }: PipelineSource,
  recorded: SourceSignature,
): PipelineSource | undefined {
  return sources
    .filter((one) => one.pipeline === pipeline && [label, recorded.label].includes(one.label))
    .sort((a, b) => distance(a.signature, recorded) - distance(b.signature, recorded))
    .at(0);
}

/** How many parts of two signatures differ; of as many, how much of their texts. */
function distance(a: SourceSignature, b: SourceSignature): number {
  if (a.hash === b.hash) return 0;
  const named = differences(a, b)
    .map(([was, is]) => 1 + Math.min(0.1, contrast(was, is) / 1e5))
    .reduce((sum, one) => sum + one, 0);
  return Math.max(1, named + Number(a.transform !== b.transform) + Number(a.label !== b.label));
}

/** Texts of arguments and definitions that differ, each as it was and as it is. */
function differences(
  recorded: SourceSignature,
  current: SourceSignature,
): [before: string, after: string][] {
  const parts = ({ arguments: args, definitions }: SourceSignature) =>
    new Map(Object.entries({ ...definitions, ...args }));
  const before = parts(recorded);
  const after = parts(current);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((name): [string, string] => [before.get(name) ?? '', after.get(name) ?? ''])
    .filter(([was, is]) => was !== is);
}

/** Replacements of literals in a text that may turn one value into another. */
function candidates(text: string, before: string, after: string): Replacement[] {
  const pairs: [string, string][] = [[before, after]];
  const was = contentOf(before);
  const is = contentOf(after);
  if (was !== undefined && is !== undefined) pairs.push(...parts(was, is));
  return pairs.flatMap(([from, to]) => {
    const wanted = contentOf(from) ?? from;
    const present = contentOf(to) ?? to;
    return present === '' ? [] : literals(text, present).map((at) => ({ ...at, text: wanted }));
  });
}

/** The words of two texts in which they differ, first together, then with fewer neighbours. */
function parts(was: string, is: string): [string, string][] {
  const limit = Math.min(was.length, is.length);
  let start = 0;
  while (start < limit && was[start] === is[start]) start++;
  let end = 0;
  while (end < limit - start && was.at(-1 - end) === is.at(-1 - end)) end++;
  while (start > 0 && /[\w-]/.test(is[start - 1] ?? '')) start--;
  while (end > 0 && /[\w-]/.test(is.at(-end) ?? '')) end--;
  const middle = (text: string): string => text.slice(start, text.length - end);
  return [
    [was.slice(start), is.slice(start)],
    [was.slice(0, was.length - end), is.slice(0, is.length - end)],
    [middle(was), middle(is)],
  ];
}

/** What stands between the quotes of a text that is one plain string; undefined if it is anything else. */
function contentOf(text: string): string | undefined {
  return /^(['"])([^'"\\\n{}]*)\1$/.exec(text)?.[2];
}

/** Places where a text stands as a whole string, or as a number or name. */
function literals(text: string, content: string): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  for (let at = text.indexOf(content); at !== -1; at = text.indexOf(content, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text[at + content.length] ?? '';
    const isString = /['"]/.test(before) && before === after;
    const isToken = /^[\w.+-]+$/.test(content) && !/[\w.'"]/.test(before) && !/[\w.'"]/.test(after);
    if (isString || isToken) found.push({ start: at, end: at + content.length });
  }
  return found;
}

/** Characters from the first to the last in which two texts differ. */
function contrast(was: string, is: string): number {
  const { start, end, text } = difference(was, is);
  return Math.max(end - start, text.length);
}

/** The one replacement that turns a text into another. */
function difference(from: string, to: string): Replacement {
  const limit = Math.min(from.length, to.length);
  let start = 0;
  while (start < limit && from[start] === to[start]) start++;
  let end = 0;
  while (end < limit - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  return { start, end: from.length - end, text: to.slice(start, to.length - end) };
}
