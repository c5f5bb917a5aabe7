import type { TextPosition, TextRange } from '../source.js';

/** Where a cursor is in YAML that is being typed and need not parse: found by indentation alone. */
export interface CursorPlace {
  /** Keys from the top to the cursor; `-` is an item of a list. */
  path: string[];
  /** The key whose value is being typed; undefined where a key is. */
  key: string | undefined;
  /** What is typed of the key or value. */
  typed: string;
  range: TextRange;
  /** Spaces from the start of the line's text to the column of its key. */
  keyOffset: number;
  /** The items of lists it is in, innermost first: the line of the dash, and the column of what follows it. */
  items: { line: number; column: number }[];
}

const LINE = /^( *)((?:- +)*)([^]*)$/;
const KEY = /^(["']?)([\w.-]+)\1\s*:(?:\s+|$)/;

/** @param lineOf a line without its break */
export function placeAt(
  { line, character }: TextPosition,
  lineOf: (line: number) => string,
): CursorPlace | undefined {
  const before = lineOf(line).slice(0, character);
  const [, indent = '', dashes = '', rest = ''] = LINE.exec(before.replace(/-$/, '- ')) ?? [];
  if (rest.startsWith('#') || /[{[|>]/.test(rest)) return undefined;
  const written = KEY.exec(rest);
  const typed = written ? rest.slice(written[0].length) : rest;
  const start = { line, character: Math.max(indent.length, before.length - typed.length) };
  const place: CursorPlace = {
    path: [],
    key: written?.[2],
    typed,
    range: { start, end: { line, character } },
    keyOffset: dashes.length,
    items: [],
  };
  let column = indent.length + dashes.length;
  const enterItem = (itemLine: number, dashColumn: number): void => {
    place.items.push({ line: itemLine, column });
    place.path.unshift('-');
    // A list may stand in the column of its key.
    column = dashColumn + 1;
  };
  if (dashes) enterItem(line, indent.length);
  for (let above = line - 1; above >= 0 && column > 0; above--) {
    const text = lineOf(above);
    if (/^\s*(?:#|\{[{%]|$)/.test(text)) continue;
    const [, aboveIndent = '', aboveDashes = '', content = ''] = LINE.exec(text) ?? [];
    const keyColumn = aboveIndent.length + aboveDashes.length;
    const key = KEY.exec(content)?.[2];
    if (keyColumn > column || (keyColumn === column && !aboveDashes)) continue;
    if (keyColumn < column) {
      if (key === undefined) continue;
      place.path.unshift(key);
      column = keyColumn;
    }
    if (aboveDashes) enterItem(above, aboveIndent.length);
  }
  return place;
}

/** The keys of the mapping that begins at a place, and their scalars. */
export function keysAt(
  start: { line: number; column: number },
  lineOf: (line: number) => string,
  lineCount: number,
): Map<string, string> {
  const keys = new Map<string, string>();
  for (let line = start.line; line < lineCount; line++) {
    const [, indent = '', dashes = '', content = ''] = LINE.exec(lineOf(line)) ?? [];
    if (/^\s*(?:#|$)/.test(content)) continue;
    const column = indent.length + (line === start.line ? dashes.length : 0);
    if (column < start.column) break;
    const key = KEY.exec(content);
    if (column !== start.column || !key?.[2]) continue;
    keys.set(
      key[2],
      content
        .slice(key[0].length)
        .replace(/\s+#.*$/, '')
        .replace(/^(["'])(.*)\1\s*$/, '$2')
        .trim(),
    );
  }
  return keys;
}
