import type { Layout } from '../syntax/segments.js';

/**
 * Cuts Java into members: an import, the header of a class up to its `{`, a field, a method, a closing `}`. The
 * context of a member is the columns of the classes it is in, e.g. `0,2`.
 */
export const layOutMembers: Layout = (text, from, recovers, boundary, context) => {
  const scanner = new MemberScanner(text, recovers);
  let at = from;
  let columns = context;
  while (at < text.length) {
    const member = scanner.member(at, columns);
    if (!member) return false;
    ({ end: at, columns } = member);
    if (at < text.length && boundary(at, columns)) return true;
  }
  return columns === '';
};

interface Member {
  end: number;
  columns: string;
}

const ACCESS = new Set(['public', 'private', 'protected']);
const MODIFIERS = new Set([
  ...ACCESS,
  ...['static', 'final', 'abstract', 'default', 'synchronized', 'native', 'strictfp', 'transient'],
  ...['volatile', 'sealed', 'non'],
]);
/** What a line begins with that is no statement of a method, or hardly ever. */
const BEGINNING = new Set([
  ...ACCESS,
  ...['static', 'abstract', 'class', 'interface', 'enum', 'import', 'package'],
]);

class MemberScanner {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly recovers: boolean,
  ) {}

  /** The member that begins at `start`; undefined if the text ends inside of it. */
  member(start: number, columns: string): Member | undefined {
    this.at = start;
    const first = this.next();
    if (first === undefined) return { end: this.text.length, columns };
    if (first === null) return undefined;
    if (first === '}') return this.closing(columns);
    return this.declaration(first, columns);
  }

  private closing(columns: string): Member | undefined {
    if (!this.recovers) {
      if (columns === '') return undefined;
      return { end: this.at, columns: columns.slice(0, Math.max(0, columns.lastIndexOf(','))) };
    }
    const open = columns.split(',');
    const column = this.columnOf(this.at - 1);
    if (columns === '' || (column !== undefined && column > Number(open.at(-1)))) {
      return { end: this.at, columns };
    }
    do open.pop();
    while (open.length > 0 && column !== undefined && Number(open.at(-1)) > column);
    return { end: this.at, columns: open.join(',') };
  }

  /** Up to the `;` or `}` that ends it, or to the `{` of a class. */
  private declaration(first: string, columns: string): Member | undefined {
    const own = this.columnOf(this.at - first.length);
    // What is no member, or begins where none does, is not to take those after it along.
    const isMember = own !== undefined && /^[\w@<]/.test(first);
    const column = !this.recovers || isMember ? (own ?? 0) : Infinity;
    let kind: 'class' | 'whole' | undefined;
    let isValue = false;
    let isNamed = false;
    let depth = 0;
    let before = '';
    let closed: number | undefined;
    for (let token: string | null | undefined = first; token !== undefined; token = this.next()) {
      if (token === null) return undefined;
      const start = this.at - token.length;
      // A value goes on behind its block, but not with a word.
      if (closed !== undefined && /^[\w@]/.test(token) && token !== 'instanceof') {
        return { end: closed, columns };
      }
      closed = undefined;
      if (this.recovers && token !== first) {
        const end = this.endByIndentation(token, start, column);
        if (end !== undefined) return { end, columns };
      }
      if (depth > 0) {
        if (token === '(' || token === '[' || token === '{') depth++;
        else if (token === ')' || token === ']' || token === '}') depth--;
      } else if (token === '(' || token === '[') {
        depth++;
      } else if (token === ';') return { end: this.at, columns };
      else if (token === '}') return { end: start, columns };
      else if (token === '=') isValue = true;
      else if (token === '{') {
        if (kind === 'class') {
          const opened = String(own ?? 0);
          return { end: this.at, columns: columns === '' ? opened : `${columns},${opened}` };
        }
        const isClosed = this.block(column);
        if (!isClosed) {
          if (!this.recovers) return undefined;
          return { end: this.at, columns };
        }
        if (!isValue) return { end: this.at, columns };
        closed = this.at;
      } else if (before !== '.' && !isValue) {
        if (token === 'class' || token === 'interface') {
          kind = before === '@' ? 'whole' : 'class';
        } else if (token === 'enum') kind = 'whole';
        else if (token === 'record' && kind === undefined && !isNamed) kind = 'class';
        if (ACCESS.has(token) && isNamed && kind === undefined) return { end: start, columns };
        if (/^\w/.test(token) && !MODIFIERS.has(token) && before !== '@') isNamed = true;
      }
      before = token;
    }
    // The text ends inside of it: what is no more than words may still become a member.
    return depth === 0 || this.recovers ? { end: this.text.length, columns } : undefined;
  }

  /** To behind the `}` of a block whose `{` has been read; false if it does not end, or does by its indentation. */
  private block(column: number): boolean {
    let depth = 1;
    for (let token = this.next(); token !== undefined; token = this.next()) {
      if (token === null) return false;
      const start = this.at - token.length;
      if (this.recovers) {
        const end = this.endByIndentation(token, start, column);
        if (end !== undefined) {
          this.at = end;
          return false;
        }
        const own = token === '}' ? this.columnOf(start) : undefined;
        if (own !== undefined && own > column) {
          depth = Math.max(1, depth - 1);
          continue;
        }
      }
      if (token === '{') depth++;
      else if (token === '}' && --depth === 0) return true;
    }
    return false;
  }

  /** Where a member at `column` ends because of a token at the beginning of a line; undefined if it does not. */
  private endByIndentation(token: string, start: number, column: number): number | undefined {
    const own = this.columnOf(start);
    if (own === undefined || own > column) return undefined;
    if (token === '}') return own === column ? this.at : start;
    return token === '@' || BEGINNING.has(token) ? start : undefined;
  }

  /** How far a place is from the beginning of its line, if nothing but white space is in between. */
  private columnOf(start: number): number | undefined {
    for (let at = start - 1; at >= 0; at--) {
      const code = this.text.charCodeAt(at);
      if (code === 10 || code === 13) return start - at - 1;
      if (code !== 32 && code !== 9) return undefined;
    }
    return start;
  }

  /** The next word or sign; undefined at the end of the text, null if a comment or string is open there. */
  private next(): string | null | undefined {
    const { text } = this;
    while (this.at < text.length) {
      const start = this.at;
      const code = text.charCodeAt(start);
      if (code <= 32 || code === 0xfeff) {
        this.at++;
      } else if (code === 47 && text.charCodeAt(start + 1) === 47) {
        this.at = lineEnd(text, start);
      } else if (code === 47 && text.charCodeAt(start + 1) === 42) {
        const end = text.indexOf('*/', start + 2);
        if (end < 0 && !this.recovers) return null;
        this.at = end < 0 ? lineEnd(text, start) : end + 2;
      } else if (code === 34 && text.startsWith('"""', start)) {
        if (!this.textBlock(start)) return null;
        return '"';
      } else if (code === 34 || code === 39) {
        this.quoted(start, code);
        return '"';
      } else if (isWord(code)) {
        this.at++;
        while (this.at < text.length && isWord(text.charCodeAt(this.at))) this.at++;
        return text.slice(start, this.at);
      } else {
        this.at++;
        if (code === 61 || code === 33 || code === 60 || code === 62) {
          // `==`, `<=` … are no assignments.
          if (text.charCodeAt(this.at) === 61) {
            this.at++;
            return '==';
          }
        }
        return text[start] ?? '';
      }
    }
    return undefined;
  }

  private textBlock(start: number): boolean {
    for (let at = start + 3; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 92) at++;
      else if (code === 34 && this.text.startsWith('"""', at)) {
        this.at = at + 3;
        return true;
      }
    }
    if (!this.recovers) return false;
    this.at = lineEnd(this.text, start);
    return true;
  }

  /** A string or character, which ends with its line. */
  private quoted(start: number, quote: number): void {
    let at = start + 1;
    for (; at < this.text.length; at++) {
      const code = this.text.charCodeAt(at);
      if (code === 10 || code === 13) break;
      if (code === quote) {
        at++;
        break;
      }
      if (code === 92 && !isLineEnd(this.text.charCodeAt(at + 1))) at++;
    }
    this.at = Math.min(at, this.text.length);
  }
}

function isLineEnd(code: number): boolean {
  return code === 10 || code === 13;
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 36 ||
    (code >= 128 && code !== 0xfeff)
  );
}

function lineEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) if (isLineEnd(text.charCodeAt(at))) return at;
  return text.length;
}
