/**
 * Python's layout: which lines form which statement, found by indentation, brackets and quotes alone.
 *
 * The grammar then parses one statement at a time. An edit so costs one statement and not the file, a
 * broken statement cannot take its neighbours with it, and what is known of a text cannot depend on the
 * edits that led to it.
 */

/** A statement's place in a text. Offsets are UTF-16 code units. */
export interface StatementLayout {
  /** Its first token. */
  start: number;
  /** After its last line's content; comments and blank lines that follow are not part of it. */
  end: number;
  /** Column of its first token. */
  indent: number;
  /** Of a compound statement: `if …:`, its `elif …:`, its `else:`. */
  clauses: ClauseLayout[];
  /** A string in it was ended where a definition begins, to recover from one that is not terminated. */
  recovered: boolean;
}

export interface ClauseLayout {
  /** Logical lines up to and including the colon: decorators and the header. */
  header: { start: number; end: number }[];
  body: StatementLayout[];
}

export interface BlockLayout {
  statements: StatementLayout[];
  /** A triple-quoted string reaches the end of the text. */
  unterminated: boolean;
}

const OPENS_CLAUSE =
  /(?:async[ \t]+)?(?:def|class|with|for|while|if|try)\b|(?:elif|else|except|finally)\b/y;
const CONTINUES_COMPOUND = /(?:elif|else|except|finally)\b/y;
/** Keywords that begin a statement and cannot begin a line inside brackets. */
const BEGINS_STATEMENT =
  /(?:def|class|import|with|while|try|return|raise|del|pass|global|nonlocal|assert|async[ \t]+(?:def|with))\b|from[ \t]+[\w.]+[ \t]+import\b/y;
const BEGINS_DEFINITION =
  /(?:def|class|import|async[ \t]+def)\b|@\w|from[ \t]+[\w.]+[ \t]+import\b/y;
const MAX_DEPTH = 60;

/**
 * Lays out the statements of `text`, which must not begin inside one.
 *
 * `recover`: end triple-quoted strings where a definition begins; for a text that has an unterminated one.
 * `until`: asked at each outermost statement, stops before it when true.
 */
export function layOut(
  text: string,
  recover = false,
  until: (start: number) => boolean = () => false,
): BlockLayout {
  return new Layout(text, recover).run(until);
}

class Layout {
  private unterminated = false;
  /** How many strings were ended to recover. */
  private cuts = 0;

  constructor(
    private readonly text: string,
    private readonly recover: boolean,
  ) {}

  run(until: (start: number) => boolean): BlockLayout {
    const statements: StatementLayout[] = [];
    let position = this.nextLine(0);
    while (position < this.text.length && !until(position)) {
      const statement = this.statement(position, 0);
      statements.push(statement);
      position = this.nextLine(this.lineEnd(statement.end));
    }
    return { statements, unterminated: this.unterminated };
  }

  /** The statement that begins at `start`, with its suites. */
  private statement(start: number, depth: number): StatementLayout {
    const indent = this.column(start);
    const cutsBefore = this.cuts;
    const header: { start: number; end: number }[] = [];
    let line = this.logicalLine(start, indent);
    while (this.text[line.start] === '@') {
      const next = this.nextLine(this.lineEnd(line.end));
      if (next >= this.text.length || this.column(next) !== indent || !this.isAt(next, /[@dca]/y))
        break;
      header.push({ start: line.start, end: line.end });
      line = this.logicalLine(next, indent);
    }
    const clauses: ClauseLayout[] = [];
    let end = line.end;
    if (line.colon !== undefined && depth < MAX_DEPTH) {
      for (;;) {
        header.push({ start: line.start, end: line.colon });
        const body = this.suite(line, indent, depth);
        clauses.push({ header: header.splice(0), body });
        end = body.at(-1)?.end ?? line.end;
        const next = this.nextLine(this.lineEnd(end));
        if (next >= this.text.length || this.column(next) !== indent) break;
        if (!this.isAt(next, CONTINUES_COMPOUND)) break;
        line = this.logicalLine(next, indent);
        end = line.end;
        if (line.colon === undefined) break;
      }
    }
    // Lines that are indented without a reason belong to what is before them, and make it an error.
    for (;;) {
      const next = this.nextLine(this.lineEnd(end));
      if (next >= this.text.length || this.column(next) <= indent) break;
      end = this.logicalLine(next, indent).end;
    }
    return { start, end, indent, clauses, recovered: this.cuts > cutsBefore };
  }

  private suite(line: LogicalLine, indent: number, depth: number): StatementLayout[] {
    if (line.colon === undefined) return [];
    const inline = this.skipSpace(line.colon);
    if (inline < line.end && this.text[inline] !== '#') {
      const { end, recovered } = line;
      return [{ start: inline, end, indent: indent + 1, clauses: [], recovered }];
    }
    const statements: StatementLayout[] = [];
    let position = this.nextLine(this.lineEnd(line.end));
    while (position < this.text.length && this.column(position) > indent) {
      const statement = this.statement(position, depth + 1);
      statements.push(statement);
      position = this.nextLine(this.lineEnd(statement.end));
    }
    return statements;
  }

  /** One logical line: over brackets, strings and backslashes. */
  private logicalLine(start: number, indent: number): LogicalLine {
    const { text } = this;
    const cutsBefore = this.cuts;
    const isClause = this.isAt(start, OPENS_CLAUSE);
    let colon: number | undefined;
    let depth = 0;
    let lambdas = 0;
    let end = start;
    let i = start;
    while (i < text.length) {
      const c = text.charCodeAt(i);
      if (c === 10 || c === 13) {
        const next = c === 13 && text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
        if (depth === 0) break;
        const content = this.skipSpace(next);
        if (content < text.length && this.isAt(content, BEGINS_STATEMENT)) break;
        i = next;
        continue;
      }
      if (c === 35) {
        i = this.lineEnd(i);
        continue;
      }
      if (c === 92) {
        const c2 = text.charCodeAt(i + 1);
        i += c2 === 13 && text.charCodeAt(i + 2) === 10 ? 3 : 2;
        end = Math.min(i, text.length);
        continue;
      }
      if (c === 34 || c === 39) {
        i = this.stringEnd(i, indent);
        end = i;
        continue;
      }
      if (c === 32 || c === 9 || c === 12) {
        i++;
        continue;
      }
      if (c === 40 || c === 91 || c === 123) depth++;
      else if (c === 41 || c === 93 || c === 125) depth = Math.max(0, depth - 1);
      else if (depth === 0 && isClause && colon === undefined) {
        if (c === 58 && text.charCodeAt(i + 1) !== 61) {
          if (lambdas > 0) lambdas--;
          else colon = i + 1;
        } else if (c === 108 && this.isAt(i, /lambda\b/y) && !/\w/.test(text[i - 1] ?? ' ')) {
          lambdas++;
        }
      }
      i++;
      end = i;
    }
    return { start, end: Math.max(end, start), colon, recovered: this.cuts > cutsBefore };
  }

  /** After the string that begins with the quote at `start`; a one-line string ends with its line. */
  private stringEnd(start: number, indent: number): number {
    const { text } = this;
    const quote = text.charCodeAt(start);
    const triple = text.charCodeAt(start + 1) === quote && text.charCodeAt(start + 2) === quote;
    let i = triple ? start + 3 : start + 1;
    while (i < text.length) {
      const c = text.charCodeAt(i);
      if (c === 92) {
        i += text.charCodeAt(i + 1) === 13 && text.charCodeAt(i + 2) === 10 ? 3 : 2;
      } else if (c === quote) {
        if (!triple) return i + 1;
        if (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote) return i + 3;
        i++;
      } else if (c === 10 || c === 13) {
        if (!triple) return i;
        i++;
        if (this.recover) {
          const content = this.skipSpace(i);
          if (this.column(content) <= indent && this.isAt(content, BEGINS_DEFINITION)) {
            this.cuts++;
            return i - 1;
          }
        }
      } else {
        i++;
      }
    }
    if (triple) this.unterminated = true;
    return text.length;
  }

  /** First token of the next line that has one, from the line start `position` on. */
  private nextLine(position: number): number {
    const { text } = this;
    let i = position;
    for (;;) {
      i = this.skipSpace(i);
      const c = text.charCodeAt(i);
      if (c === 35) i = this.lineEnd(i);
      else if (c === 10 || c === 13) i++;
      else if (c === 92 && /[\r\n]/.test(text[i + 1] ?? '')) i += 2;
      else return i;
    }
  }

  private skipSpace(position: number): number {
    let i = position;
    for (;;) {
      const c = this.text.charCodeAt(i);
      if (c !== 32 && c !== 9 && c !== 12 && c !== 0xfeff) return i;
      i++;
    }
  }

  private lineEnd(position: number): number {
    let i = position;
    while (i < this.text.length) {
      const c = this.text.charCodeAt(i);
      if (c === 10 || c === 13) break;
      i++;
    }
    return i;
  }

  /** Column of the indentation in front of `position`; a tab reaches the next multiple of eight. */
  private column(position: number): number {
    let lineStart = position;
    while (lineStart > 0) {
      const c = this.text.charCodeAt(lineStart - 1);
      if (c !== 32 && c !== 9 && c !== 12) break;
      lineStart--;
    }
    let column = 0;
    for (let i = lineStart; i < position; i++) {
      const c = this.text.charCodeAt(i);
      column = c === 9 ? column - (column % 8) + 8 : c === 12 ? 0 : column + 1;
    }
    return column;
  }

  private isAt(position: number, pattern: RegExp): boolean {
    pattern.lastIndex = position;
    return pattern.test(this.text);
  }
}

interface LogicalLine {
  start: number;
  /** After its last token. */
  end: number;
  /** After the colon that ends a clause's header. */
  colon: number | undefined;
  recovered: boolean;
}
