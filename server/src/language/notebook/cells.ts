import type { TextPosition, TextRange } from '../source.js';
import { withoutMagics } from './magics.js';

/** Cells of a notebook as one Python text: each begins on a line of its own. */
export interface JoinedCells {
  text: string;
  /** Of each cell the line it begins on; a cell without code has none. */
  starts: readonly (number | undefined)[];
}

/** @param cells code of each cell; undefined of one that is no Python */
export function joinCells(cells: readonly (string | undefined)[]): JoinedCells {
  const starts: (number | undefined)[] = [];
  const texts: string[] = [];
  let line = 0;
  for (const cell of cells) {
    starts.push(cell === undefined ? undefined : line);
    if (cell === undefined) continue;
    const text = withoutMagics(cell);
    texts.push(text);
    line += text.split(/\r\n|\r|\n/).length;
  }
  return { text: texts.join('\n'), starts };
}

/** The cell that a line of the joined text is in. */
export function cellAt({ starts }: JoinedCells, line: number): number | undefined {
  const cell = starts.findLastIndex((start) => start !== undefined && start <= line);
  return cell < 0 ? undefined : cell;
}

/** A range of the joined text as one of its cell. */
export function inCell(joined: JoinedCells, range: TextRange): TextRange & { cell: number } {
  const cell = cellAt(joined, range.start.line) ?? 0;
  const start = joined.starts[cell] ?? 0;
  const shift = ({ line, character }: TextPosition): TextPosition => ({
    line: line - start,
    character,
  });
  return { cell, start: shift(range.start), end: shift(range.end) };
}

/** Code of the cells in the text of an `.ipynb` file; undefined when the text is none. */
export function readCells(text: string): (string | undefined)[] | undefined {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
  const cells: unknown = member(notebook, 'cells');
  if (!Array.isArray(cells)) return undefined;
  const metadata = member(notebook, 'metadata');
  const language =
    member(member(metadata, 'language_info'), 'name') ??
    member(member(metadata, 'kernelspec'), 'language');
  const isPython = language === undefined || language === 'python';
  return cells.map((cell: unknown) => {
    if (!isPython || member(cell, 'cell_type') !== 'code') return undefined;
    const source = member(cell, 'source');
    return Array.isArray(source) ? source.join('') : typeof source === 'string' ? source : '';
  });
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
