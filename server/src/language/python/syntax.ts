import type { Language, Parser, TreeCursor } from 'web-tree-sitter';

/**
 * A node of a statement's syntax tree, copied out of tree-sitter so that it outlives the parse and costs
 * nothing to read. Comments and punctuation that a node's kind implies are left out.
 */
export interface Node {
  /** tree-sitter-python's name: `call`, `binary_operator`, …; a token is its own name. */
  kind: string;
  /** The role in the parent: `left`, `function`, `arguments`, …; empty without one. */
  field: string;
  /** Offsets from the statement's first token, in UTF-16 code units. */
  start: number;
  end: number;
  children: readonly Node[];
  /** Source text; only of nodes without children. */
  text: string;
}

/** A statement's parsed text. */
export interface Parsed {
  nodes: Node[];
  /** Places that do not parse, offsets as in {@link Node}. */
  errors: { start: number; end: number }[];
}

const LEFT_OUT = new Set([
  'comment',
  'line_continuation',
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
const MAX_DEPTH = 400;
/** Literal data beyond this many nodes is kept as text: nobody names a source in it. */
const MAX_DATA_NODES = 20_000;

/** Parses statements of Python. */
export class PythonSyntax {
  private readonly kinds: string[];
  private readonly fields: string[];

  constructor(
    private readonly parser: Parser,
    language: Language,
  ) {
    this.kinds = language.types;
    this.fields = language.fields.map((name) => name ?? '');
  }

  /** Parses `code`; `place` maps its offsets to the statement's. */
  parse(code: string, place: (offset: number) => number): Parsed {
    // The grammar knows no lone carriage return as a line's end, which Python and the LSP do.
    const text = code.includes('\r') ? code.replace(/\r(?!\n)/g, '\n') : code;
    const tree = this.parser.parse(text);
    if (!tree) throw new Error('The Python parser has no grammar.');
    try {
      const errors: Parsed['errors'] = [];
      const root = tree.rootNode;
      const hasError = root.hasError;
      const cursor = tree.walk();
      try {
        const copy = new TreeCopy(
          text,
          place,
          this.kinds,
          this.fields,
          hasError ? errors : undefined,
        );
        return { nodes: [...copy.children(cursor, 0)], errors };
      } finally {
        cursor.delete();
      }
    } finally {
      tree.delete();
    }
  }
}

class TreeCopy {
  constructor(
    private readonly text: string,
    private readonly place: (offset: number) => number,
    private readonly kinds: string[],
    private readonly fields: string[],
    private readonly errors: { start: number; end: number }[] | undefined,
  ) {}

  children(cursor: TreeCursor, depth: number): Node[] {
    const nodes: Node[] = [];
    if (!cursor.gotoFirstChild()) return nodes;
    do {
      const kind = this.kinds[cursor.nodeTypeId] ?? cursor.nodeType;
      if (this.errors) this.collectError(cursor, kind);
      if (!LEFT_OUT.has(kind)) nodes.push(this.node(cursor, kind, depth));
    } while (cursor.gotoNextSibling());
    cursor.gotoParent();
    return nodes;
  }

  private node(cursor: TreeCursor, kind: string, depth: number): Node {
    const from = cursor.startIndex;
    const to = cursor.endIndex;
    const children = this.isLeaf(cursor, kind, from, to, depth)
      ? []
      : this.children(cursor, depth + 1);
    return {
      kind,
      field: this.fields[cursor.currentFieldId] ?? '',
      start: this.place(from),
      end: this.place(to),
      children,
      text: children.length === 0 ? this.text.slice(from, to) : '',
    };
  }

  private isLeaf(
    cursor: TreeCursor,
    kind: string,
    from: number,
    to: number,
    depth: number,
  ): boolean {
    if (depth >= MAX_DEPTH) return true;
    if (kind === 'string_content') return true;
    if (kind === 'string') return !/^[rbu]*[ft]/i.test(this.text.slice(from, from + 3));
    if (to - from < MAX_DATA_NODES) return false;
    return (
      (kind === 'list' || kind === 'dictionary' || kind === 'tuple' || kind === 'set') &&
      cursor.currentNode.descendantCount > MAX_DATA_NODES
    );
  }

  private collectError(cursor: TreeCursor, kind: string): void {
    if (kind !== 'ERROR' && !cursor.nodeIsMissing) return;
    this.errors?.push({ start: this.place(cursor.startIndex), end: this.place(cursor.endIndex) });
  }
}

/** The first child in the role `field`. */
export function child(node: Node, field: string): Node | undefined {
  for (const candidate of node.children) if (candidate.field === field) return candidate;
  return undefined;
}

/** The expression inside any parentheses. */
export function unwrap(node: Node): Node {
  let inner = node;
  while (inner.kind === 'parenthesized_expression' && inner.children[0]) inner = inner.children[0];
  return inner;
}

/** `a.b.c` as its names, or undefined when the node is anything else. */
export function dottedName(node: Node): string[] | undefined {
  if (node.kind === 'identifier') return [node.text];
  if (node.kind === 'dotted_name') return node.children.map((part) => part.text);
  if (node.kind !== 'attribute') return undefined;
  const object = child(node, 'object');
  const attribute = child(node, 'attribute');
  const names = object && attribute && dottedName(object);
  return names && [...names, attribute.text];
}

/** Is it a statement that is nothing but a string? */
export function isDocstring(node: Node | undefined): boolean {
  return node?.kind === 'expression_statement' && node.children[0]?.kind === 'string';
}

/** The tokens of a node, without what is between them. */
export function sourceOf(node: Node): string {
  return node.children.length === 0 ? node.text : node.children.map(sourceOf).join('');
}
