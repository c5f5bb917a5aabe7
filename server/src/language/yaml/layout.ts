/**
 * Finds, by indentation alone, the parts of a YAML text that can be parsed by themselves: each top-level entry and, of
 * `pipeline`, each entry and each transform. So an edit costs the part it touches, and what does not parse does not spoil
 * the rest.
 */
export type Layout = Piece | Entries | Items;

/** A part to be parsed as a whole: the entries or items it holds belong to what it is a part of. */
export interface Piece {
  kind: 'piece';
  start: number;
  text: string;
}

/** A block mapping in parts; a part holds one or more entries, or one whose value is laid out further. */
export interface Entries {
  kind: 'entries';
  start: number;
  parts: (Piece | KeyAndValue)[];
}

/** An entry whose value is laid out by itself. */
export interface KeyAndValue {
  kind: 'keyAndValue';
  /** `pipeline:` */
  key: Piece;
  value: Layout;
}

/** A block sequence in parts, each of one item. */
export interface Items {
  kind: 'items';
  start: number;
  parts: Piece[];
}

interface Line {
  start: number;
  /** After its line break. */
  end: number;
  /** Of the first character that is no space; -1 when the line is blank or a comment. */
  indent: number;
}

/** The documents of a text that may be pipelines. @param text free of templates */
export function layOut(text: string): Layout[] {
  return documents(text, linesOf(text))
    .map((lines) => layOutDocument(text, lines))
    .filter((layout) => layout.kind !== 'entries' || layout.parts.some(mayBePipeline));
}

function mayBePipeline(part: Piece | KeyAndValue): boolean {
  return part.kind === 'keyAndValue' || /^["']?pipeline["']?\s*:/m.test(part.text);
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = text.startsWith('\ufeff') ? 1 : 0;
  while (start < text.length) {
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak + 1;
    let at = start;
    while (text.charCodeAt(at) === 0x20) at++;
    const code = at < end ? text.charCodeAt(at) : 0x0a;
    const isEmpty =
      code === 0x0a ||
      code === 0x0d ||
      code === 0x23 ||
      // A tab, or another white space: nothing else may follow.
      ((code < 0x21 || code > 0x7e) && text.slice(at, end).trim() === '');
    lines.push({ start, end, indent: isEmpty ? -1 : at - start });
    start = end;
  }
  return lines;
}

function documents(text: string, lines: readonly Line[]): Line[][] {
  const found: Line[][] = [];
  let current: Line[] = [];
  const close = (): void => {
    if (current.some(({ indent }) => indent !== -1)) found.push(current);
    current = [];
  };
  for (const line of lines) {
    const isBoundary =
      line.indent === 0 &&
      /^(?:---|\.\.\.)(?:[ \t\r\n]|$)/.test(text.slice(line.start, line.start + 4));
    if (!isBoundary) {
      // `%YAML 1.1` stands before the first document.
      const isDirective =
        line.indent === 0 &&
        current.every(({ indent }) => indent === -1) &&
        text[line.start] === '%';
      if (!isDirective) current.push(line);
      continue;
    }
    close();
    if (text[line.start] === '-') {
      const rest = text.slice(line.start + 3, line.end);
      const at = rest.search(/[^ \t]/);
      if (at !== -1 && !/[\r\n#]/.test(rest.charAt(at)))
        current.push({ ...line, start: line.start + 3, indent: 3 + at });
    }
  }
  close();
  return found;
}

/**
 * A key and its colon. No spaces in a row: such a line comes of a character typed before the indentation, and must not be
 * taken for the end of all it stands in.
 */
const KEY =
  /^(?:(?:[^\s#&*!|>'"%@`[\]{},-]|-(?=\S))(?:[^\s#]| (?! ))*?|"[^"\r\n]*"|'[^'\r\n]*')\s*:(?:\s|$)/;

function layOutDocument(text: string, lines: readonly Line[]): Layout {
  return (
    entries(text, lines, (key) => (key === 'pipeline' ? layOutPipeline : undefined)) ??
    piece(text, lines)
  );
}

function layOutPipeline(text: string, lines: readonly Line[]): Layout {
  const nested = (key: string): typeof items | undefined =>
    /^(?:extra_)?transforms$/.test(key) ? items : undefined;
  return sequence(text, lines) ?? entries(text, lines, nested) ?? piece(text, lines);
}

function items(text: string, lines: readonly Line[]): Layout {
  return sequence(text, lines) ?? piece(text, lines);
}

type LayOut = (text: string, lines: readonly Line[]) => Layout;

/** A block mapping by its keys, all of which stand in one column; undefined when it is none. */
function entries(
  text: string,
  lines: readonly Line[],
  nested: (key: string) => LayOut | undefined,
): Entries | undefined {
  const first = lines.find(({ indent }) => indent !== -1);
  if (!first || !KEY.test(text.slice(first.start + first.indent, first.end))) return undefined;
  const { indent } = first;
  const starts = indices(
    lines,
    (line) => line.indent === indent && KEY.test(text.slice(line.start + indent, line.end)),
  );
  const parts = starts.map((from, i): Piece | KeyAndValue => {
    // Lines of comments before the first entry belong to it.
    const own = lines.slice(i === 0 ? 0 : from, starts[i + 1] ?? lines.length);
    const line = lines[from];
    const written = line ? text.slice(line.start + indent, line.end) : '';
    const key = /^(["']?)(\w+)\1\s*:\s*(?:#.*)?\s*$/.exec(written)?.[2];
    const layOutValue = key === undefined ? undefined : nested(key);
    if (!line || !layOutValue) return piece(text, own);
    const value = lines.slice(from + 1, starts[i + 1] ?? lines.length);
    if (!value.some(({ indent: other }) => other !== -1)) return piece(text, own);
    return { kind: 'keyAndValue', key: piece(text, [line]), value: layOutValue(text, value) };
  });
  return { kind: 'entries', start: first.start, parts };
}

/** A block sequence by its items; undefined when it is none. */
function sequence(text: string, lines: readonly Line[]): Items | undefined {
  const first = lines.find(({ indent }) => indent !== -1);
  if (!first || !isItem(text, first)) return undefined;
  // A first item that is moved out of its column must not take all others into it.
  let { indent } = first;
  for (const line of lines) {
    if (line.indent >= 0 && line.indent < indent && isItem(text, line)) ({ indent } = line);
  }
  const starts = indices(lines, (line) => line.indent === indent && isItem(text, line));
  const before = lines.slice(0, starts[0] ?? lines.length);
  const isApart = before.some((line) => line.indent !== -1);
  const parts = starts.map((from, i) =>
    piece(text, lines.slice(i === 0 && !isApart ? 0 : from, starts[i + 1] ?? lines.length)),
  );
  if (isApart) parts.unshift(piece(text, before));
  return { kind: 'items', start: first.start, parts };
}

function indices(lines: readonly Line[], isIt: (line: Line) => boolean): number[] {
  const found: number[] = [];
  lines.forEach((line, index) => {
    if (isIt(line)) found.push(index);
  });
  return found;
}

function isItem(text: string, { start, indent }: Line): boolean {
  if (text.charCodeAt(start + indent) !== 0x2d) return false;
  const next = text.charAt(start + indent + 1);
  return next === '' || /[ \t\r\n]/.test(next);
}

function piece(text: string, lines: readonly Line[]): Piece {
  const start = lines[0]?.start ?? 0;
  return { kind: 'piece', start, text: text.slice(start, lines.at(-1)?.end ?? start) };
}
