import { dirname, isAbsolute, join } from 'node:path';
import type { AnalysisContext } from '../language.js';
import { inherited } from './inheritance.js';
import { withMacros } from './macros.js';
import { MappedText, type Replacement } from './mappedText.js';

/** A template with the files in it that it extends and includes, as Beam's Jinja loader finds them, and its macros filled in. */
export interface ExpandedText {
  mapped: MappedText;
  /** Is it anything else than what is written? */
  isExpanded: boolean;
  /** Absolute paths of files that were read, or looked for. */
  files: Set<string>;
  /** In the text as written, what names a file that is not there, or not known before the program runs. */
  unresolved: { name: string; start: number; end: number }[];
  /** Names that `{% import %}` and `{% from %}` bring in, with the text of their file. */
  imports: Map<string, string>;
}

const MARK = /\{#[^]*?#\}|\{%([-+]?)\s*(include|import|from|extends)\b([^]*?)([-+]?)%\}/g;
const MAX_DEPTH = 8;
const MAX_LENGTH = 2_000_000;

/** @param text with no line break but LF and CRLF */
export function expandTemplate(text: string, context: AnalysisContext | undefined): ExpandedText {
  const written = new MappedText(text);
  const expanded: ExpandedText = {
    mapped: written,
    isExpanded: false,
    files: new Set(),
    unresolved: [],
    imports: new Map(),
  };
  if (!/\{%[-+]?\s*(?:include|import|from|extends|macro)\b/.test(text)) return expanded;
  const readFile = (body: string): string | undefined => read(body, context, expanded.files);
  const base = inherited(written, readFile);
  const included = base.replaced(includesIn(base, context, expanded));
  expanded.mapped = withMacros(included, readFile);
  expanded.isExpanded = expanded.mapped !== written;
  return expanded;
}

function includesIn(
  mapped: MappedText,
  context: AnalysisContext | undefined,
  expanded: ExpandedText,
): Replacement[] {
  const includes: Replacement[] = [];
  for (const match of mapped.text.matchAll(MARK)) {
    const [mark, , keyword, body = ''] = match;
    const { index: start } = match;
    const end = start + mark.length;
    if (keyword === undefined) continue;
    const found = read(body, context, expanded.files);
    if (found === undefined) {
      const name = quoted(body) ?? body.trim();
      const { from, to } = mapped.written(start, end);
      if (context && !/\bignore missing\b/.test(body))
        expanded.unresolved.push({ name, start: from, end: to });
    } else if (keyword === 'include') {
      includes.push({ start, end, by: [inner(found, context, expanded, 1)] });
    } else if (keyword !== 'extends') {
      for (const name of importedNames(keyword, body)) expanded.imports.set(name, found);
    }
  }
  return includes;
}

/** The text of an included file with its own includes in their places. */
function inner(
  text: string,
  context: AnalysisContext | undefined,
  { files, imports }: Pick<ExpandedText, 'files' | 'imports'>,
  depth: number,
): string {
  return text.replace(MARK, (mark: string, ...[, keyword, body = '']: (string | undefined)[]) => {
    const isTooMuch = depth > MAX_DEPTH || text.length > MAX_LENGTH;
    const found = keyword === undefined || isTooMuch ? undefined : read(body, context, files);
    if (found === undefined) return mark;
    if (keyword === 'include') return inner(found, context, { files, imports }, depth + 1);
    if (keyword !== 'extends')
      for (const name of importedNames(keyword ?? '', body)) imports.set(name, found);
    return mark;
  });
}

/** Beam looks from the working folder, beside the pipeline's file and in its own package. */
function read(
  body: string,
  context: AnalysisContext | undefined,
  files: Set<string>,
): string | undefined {
  const name = quoted(body);
  if (name === undefined || !context || /^\w+:\/\//.test(name)) return undefined;
  const folders = isAbsolute(name) ? [''] : [...context.folders, dirname(context.path)];
  for (const folder of folders) {
    const path = join(folder, name);
    files.add(path);
    const text = context.read(path);
    // Beam leaves out a licence at the top, Jinja the last line break.
    if (text !== undefined) {
      return text
        .replace(/\r\n?/g, '\n')
        .replace(/^(?:[ \t]*(?:#(?!\}).*)?\n)+/, '')
        .replace(/\n$/, '');
    }
  }
  return undefined;
}

function quoted(body: string): string | undefined {
  return /^\s*(?:'([^']*)'|"([^"]*)")/.exec(body)?.slice(1).find(Boolean);
}

/** `'file' as name`, `'file' import one, other as name`. */
function importedNames(keyword: string, body: string): string[] {
  const clause = /\b(?:import|as)\s+([^]*?)(?:\s+with(?:out)?\s+context)?\s*$/.exec(
    body.replace(/^\s*(?:'[^']*'|"[^"]*")/, ''),
  )?.[1];
  const names = clause?.split(',').map((one) => /\w+\s*$/.exec(one)?.[0].trim() ?? '') ?? [];
  return keyword === 'import' ? names.slice(0, 1) : names;
}
