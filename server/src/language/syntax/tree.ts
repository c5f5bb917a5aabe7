import type { Language, Parser, TreeCursor } from 'web-tree-sitter';

/** A node copied out of tree-sitter, so that it outlives the parse and costs nothing to read. */
export interface SyntaxNode {
  /** The grammar's name of it; a token is its own name. */
  kind: string;
  /** The role in the parent; empty without one. */
  field: string;
  /** UTF-16 code units from the beginning of the parsed text. */
  start: number;
  end: number;
  children: readonly SyntaxNode[];
  /** Source text; only of nodes without children. */
  text: string;
}

export interface SyntaxTree {
  root: SyntaxNode;
  /** Places that do not parse. */
  errors: { start: number; end: number }[];
}

const LEFT_OUT = new Set([
  'comment',
  'html_comment',
  'line_comment',
  'block_comment',
  ',',
  ';',
  '.',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
]);
/** Deeper than people write; what is deeper is kept as text. */
const MAX_DEPTH = 300;
/** Literal data beyond this many nodes is kept as text: nobody names a source in it. */
const MAX_DATA_NODES = 20_000;

/** Parses texts of a grammar, without comments and punctuation that a node's kind implies. */
export class TreeReader {
  private readonly kinds: string[];
  private readonly fields: string[];

  /** @param leaves kinds of which only the text matters @param data kinds of literals that may be long */
  constructor(
    private readonly parser: Parser,
    language: Language,
    private readonly leaves: ReadonlySet<string>,
    private readonly data: ReadonlySet<string>,
  ) {
    this.kinds = language.types;
    this.fields = language.fields.map((name) => name ?? '');
  }

  read(source: string): SyntaxTree {
    // Grammars know neither a lone carriage return as a line's end nor a byte order mark.
    let text = source.includes('\r') ? source.replace(/\r(?!\n)/g, '\n') : source;
    if (text.startsWith('\ufeff')) text = ` ${text.slice(1)}`;
    const tree = this.parser.parse(text);
    if (!tree) throw new Error('The parser has no grammar.');
    const cursor = tree.walk();
    try {
      const errors: SyntaxTree['errors'] = [];
      const copy = new TreeCopy(text, this.kinds, this.fields, this.leaves, this.data);
      if (tree.rootNode.hasError) copy.errors = errors;
      return { root: copy.node(cursor, 0), errors };
    } finally {
      cursor.delete();
      tree.delete();
    }
  }
}

class TreeCopy {
  errors: SyntaxTree['errors'] | undefined;

  constructor(
    private readonly text: string,
    private readonly kinds: string[],
    private readonly fields: string[],
    private readonly leaves: ReadonlySet<string>,
    private readonly data: ReadonlySet<string>,
  ) {}

  node(cursor: TreeCursor, depth: number): SyntaxNode {
    const kind = this.kinds[cursor.nodeTypeId] ?? cursor.nodeType;
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    if (this.errors && (kind === 'ERROR' || cursor.nodeIsMissing)) this.errors.push({ start, end });
    const field = this.fields[cursor.currentFieldId] ?? '';
    const isLeaf =
      depth >= MAX_DEPTH ||
      this.leaves.has(kind) ||
      (end - start >= MAX_DATA_NODES &&
        this.data.has(kind) &&
        cursor.currentNode.descendantCount > MAX_DATA_NODES);
    const children = isLeaf ? [] : this.children(cursor, depth + 1);
    const text = children.length === 0 ? this.text.slice(start, end) : '';
    return { kind, field, start, end, children, text };
  }

  private children(cursor: TreeCursor, depth: number): SyntaxNode[] {
    const nodes: SyntaxNode[] = [];
    if (!cursor.gotoFirstChild()) return nodes;
    do {
      const kind = this.kinds[cursor.nodeTypeId] ?? cursor.nodeType;
      if (LEFT_OUT.has(kind)) {
        if (this.errors && cursor.nodeIsMissing) {
          this.errors.push({ start: cursor.startIndex, end: cursor.endIndex });
        }
      } else nodes.push(this.node(cursor, depth));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return nodes;
  }
}

/** The first child in the role `field`. */
export function child(node: SyntaxNode | undefined, field: string): SyntaxNode | undefined {
  for (const candidate of node?.children ?? []) if (candidate.field === field) return candidate;
  return undefined;
}

/** The tokens of a node, with nothing between them. */
export function sourceOf(node: SyntaxNode): string {
  return node.children.length === 0 ? node.text : node.children.map(sourceOf).join('');
}
