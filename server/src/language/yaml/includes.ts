import { dirname, isAbsolute, join } from 'node:path';
import type { AnalysisContext } from '../language.js';
import type { TextPosition, TextRange } from '../source.js';
import { Positions } from './positions.js';

/** A template with the files in it that its `{% include %}` names, as Beam's Jinja loader finds them. */
export interface ExpandedText {
  text: string;
  /** What became of which part of the text as written, in order. */
  pieces: Piece[];
  /** Absolute paths of files that were read, or looked for. */
  files: Set<string>;
  /** Includes and imports whose file is not there, or not known before the program runs. */
  unresolved: { name: string; start: number; end: number }[];
  /** Names that `{% import %}` and `{% from %}` bring in, with the text of their file. */
  imports: Map<string, string>;
}

interface Piece {
  /** In the expanded text. */
  start: number;
  length: number;
  /** In the text as written: as long as the piece, or the mark of an include. */
  from: number;
  to: number;
  isCopied: boolean;
}

const MARK = /\{#[^]*?#\}|\{%([-+]?)\s*(include|import|from)\b([^]*?)([-+]?)%\}/g;
const MAX_DEPTH = 8;
const MAX_LENGTH = 2_000_000;

/** @param text with no line break but LF and CRLF */
export function expandIncludes(text: string, context: AnalysisContext | undefined): ExpandedText {
  const expanded: ExpandedText = {
    text,
    pieces: [],
    files: new Set(),
    unresolved: [],
    imports: new Map(),
  };
  if (!/\{%[-+]?\s*(?:include|import|from)\b/.test(text)) return expanded;
  expanded.text = '';
  let last = 0;
  for (const match of text.matchAll(MARK)) {
    const [mark, , keyword, body = ''] = match;
    const end = match.index + mark.length;
    if (keyword === undefined) continue;
    const found = read(body, context, expanded.files);
    if (found === undefined) {
      const name = quoted(body) ?? body.trim();
      if (context && !/\bignore missing\b/.test(body))
        expanded.unresolved.push({ name, start: match.index, end });
      continue;
    }
    if (keyword !== 'include') {
      for (const name of importedNames(keyword, body)) expanded.imports.set(name, found);
      continue;
    }
    add(last, match.index, text.slice(last, match.index), true);
    add(match.index, end, inner(found, context, expanded, 1), false);
    last = end;
  }
  add(last, text.length, text.slice(last), true);
  return expanded;

  function add(from: number, to: number, piece: string, isCopied: boolean): void {
    const start = expanded.text.length;
    expanded.pieces.push({ start, length: piece.length, from, to, isCopied });
    expanded.text += piece;
  }
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

/** Positions in the text as written, offsets in the expanded one: what is included stands where it is included. */
export class ExpandedPositions extends Positions {
  constructor(
    written: string,
    private readonly pieces: readonly Piece[],
  ) {
    super(written);
  }

  override offsetAt(position: TextPosition): number {
    const offset = super.offsetAt(position);
    const piece = this.pieces.findLast(({ from }) => from <= offset);
    if (!piece) return offset;
    return piece.start + (piece.isCopied ? offset - piece.from : 0);
  }

  override range(start: number, end: number): TextRange {
    const [first, last] = [this.pieceAt(start), this.pieceAt(Math.max(start, end - 1))];
    return {
      start: super.positionAt(first.isCopied ? first.from + start - first.start : first.from),
      end: super.positionAt(last.isCopied ? last.from + end - last.start : last.to),
    };
  }

  override positionAt(offset: number): TextPosition {
    return this.range(offset, offset).start;
  }

  private pieceAt(offset: number): Piece {
    const piece = this.pieces.findLast(({ start }) => start <= offset);
    return piece ?? { start: 0, length: 0, from: 0, to: 0, isCopied: true };
  }
}
