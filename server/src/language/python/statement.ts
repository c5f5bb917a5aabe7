import type { Definition, Facts } from './facts.js';
import type { StatementLayout } from './layout.js';
import type { Share } from './share.js';
import { child, type Node, type PythonSyntax } from './syntax.js';

/**
 * A parsed statement. It depends on nothing but its own text and is shared by all places and versions
 * of a file in which that text occurs, so whatever is computed from it can be kept with it.
 */
export interface Statement {
  /** Simple statement: all of it (several when joined by `;`). Compound: the tree with `pass` as each suite. */
  nodes: Node[];
  /** Suites of a compound statement, in order. */
  clauses: Clause[];
  /** Places that do not parse, in it and in the statements inside it. */
  errors: { start: number; end: number }[];
  length: number;
  /** Kept by collector.ts and share.ts. */
  facts?: Facts;
  share?: Share;
  definition?: Definition;
}

export interface Clause {
  /** The keyword it begins with, `async` left out: `def`, `with`, `elif`, … */
  keyword: string;
  /** What follows the keyword when it is a name; of a definition that does not parse. */
  name: string;
  /** End of the header, an offset in the statement. */
  headerEnd: number;
  body: PlacedStatement[];
}

/** A statement at an offset from the beginning of what contains it. */
export interface PlacedStatement {
  offset: number;
  statement: Statement;
}

/** Parses statements, each text once. */
export class StatementReader {
  private known = new Map<string, Statement>();
  private used = new Map<string, Statement>();
  private size = 0;

  constructor(private readonly syntax: PythonSyntax) {}

  /** The statement that `layout` found in `text`. */
  read(text: string, layout: StatementLayout): Statement {
    const own = text.slice(layout.start, layout.end);
    // The same text is laid out otherwise under another indentation, as the suite of a one-line
    // clause, or where a string that is not terminated was cut.
    const isSimple = layout.clauses.length === 0;
    const indent = /[\r\n]/.test(own) ? layout.indent : '';
    const key = `${isSimple ? 's' : 'c'}${layout.recovered ? 'r' : ''}${indent}:${own}`;
    const statement =
      this.used.get(key) ??
      this.known.get(key) ??
      (isSimple ? this.simple(own, layout.indent) : this.compound(text, layout));
    if (!this.used.has(key)) {
      this.used.set(key, statement);
      this.size += own.length;
    }
    return statement;
  }

  /** Forgets what was not read of late; for after an edit. `textLength` is that of the document. */
  sweep(textLength: number): void {
    // Statements are kept under every level of nesting, hence the factor.
    if (this.size < 8 * textLength + 100_000) return;
    this.known = this.used;
    this.used = new Map();
    this.size = 0;
  }

  private simple(own: string, indent: number): Statement {
    // A statement with suites that are not laid out (match) needs its first line as deep as it was.
    const isBlock =
      /\n[ \t]*\S/.test(own) && /^(?:async|[a-z]+)\b[^\n]*:[ \t]*(?:#.*)?\r?\n/.test(own);
    const prefix = isBlock && indent > 0 ? `if 1:\n${' '.repeat(indent)}` : '';
    const parsed = this.syntax.parse(prefix + own, (offset) => Math.max(0, offset - prefix.length));
    const block = prefix && parsed.nodes[0] && child(parsed.nodes[0], 'consequence');
    const nodes = block ? [...block.children] : parsed.nodes;
    return { nodes, clauses: [], errors: parsed.errors, length: own.length };
  }

  /** Parses the headers with `pass` in place of the suites, and the suites' statements by themselves. */
  private compound(text: string, layout: StatementLayout): Statement {
    let code = '';
    const pieces: { from: number; to: number }[] = [];
    const clauses: Clause[] = [];
    for (const clause of layout.clauses) {
      for (const line of clause.header) {
        pieces.push({ from: code.length, to: line.start - layout.start });
        code += `${text.slice(line.start, line.end)}${line === clause.header.at(-1) ? ' pass' : ''}\n`;
      }
      const last = clause.header.at(-1);
      const words = /^(?:async[ \t]+)?(\w+)(?:[ \t]+(\w+))?/.exec(
        text.slice(last?.start, last?.end),
      );
      clauses.push({
        keyword: words?.[1] ?? '',
        name: words?.[2] ?? '',
        headerEnd: (last?.end ?? layout.start) - layout.start,
        body: clause.body.map((inner) => ({
          offset: inner.start - layout.start,
          statement: this.read(text, inner),
        })),
      });
    }
    const place = (offset: number): number => {
      let piece = pieces[0] ?? { from: 0, to: 0 };
      for (const next of pieces) if (next.from <= offset) piece = next;
      return offset - piece.from + piece.to;
    };
    const { nodes, errors } = this.syntax.parse(code, place);
    const end = layout.end - layout.start;
    const tail = clauses.at(-1);
    const lastBody = tail?.body.at(-1);
    const reached = lastBody ? lastBody.offset + lastBody.statement.length : (tail?.headerEnd ?? 0);
    // What the layout could not give to any suite: a suite that is missing, lines indented without reason.
    if (clauses.some((clause) => clause.body.length === 0)) {
      errors.push({ start: 0, end: tail?.headerEnd ?? end });
    } else if (reached < end && /[^\s]/.test(text.slice(layout.start + reached, layout.end))) {
      errors.push({ start: reached, end });
    }
    for (const { body } of clauses) {
      for (const { offset, statement } of body) {
        for (const inner of statement.errors) {
          errors.push({ start: offset + inner.start, end: offset + inner.end });
        }
      }
    }
    return { nodes, clauses, errors, length: end };
  }
}
