import type { SyntaxNode } from '../syntax/tree.js';
import type { Scope } from './scope.js';

/**
 * What Go and TypeScript have in common, so that names are followed, values are written and pipelines are read
 * by one code. A language lowers its syntax to this; what has no kind of its own is `other`.
 */
export type Kind =
  /** A name, in `text`. */
  | 'name'
  /** A string; `text` is its value. */
  | 'string'
  /** A string with expressions in it. */
  | 'template'
  /** A number, a keyword that is a value, the name of a field: written as `text`. */
  | 'constant'
  /** `object.text` */
  | 'member'
  /** `object[index]` */
  | 'index'
  /** The callee and its arguments; `text` is `new` for a constructor's call. */
  | 'call'
  | 'spread'
  /** Literal of a struct or an object: `entry`, `pair` and `spread`; `type` when it has one. */
  | 'record'
  /** `text: value`. */
  | 'entry'
  /** `[key]: value`. */
  | 'pair'
  | 'list'
  /** Operands of the operator `text`. */
  | 'operation'
  /** condition, then, else: an expression. */
  | 'choice'
  | 'function'
  /** Type, class, enum: `text` is its name. */
  | 'type'
  /** Targets get values. */
  | 'bind'
  | 'block'
  /** condition, then-block, else-block: a statement. */
  | 'branch'
  | 'loop'
  | 'return'
  | 'import'
  | 'other';

/** Offsets are UTF-16 code units in the segment. */
export interface Node {
  kind: Kind;
  start: number;
  end: number;
  text: string;
  children: readonly Node[];
  /** Of a literal its type, of a function its result. */
  type?: Node | undefined;
  /** Of a function. */
  parameters?: readonly Parameter[];
  /** Of a method the name of its type. */
  receiver?: string;
  /** Of `bind`; with `text`: `declare`, `assign`, `each`, or what else the operator does. */
  targets?: readonly Target[];
  /** Of `import`. */
  imports?: readonly Import[];
  /** Other names under which it is exported: `default`. */
  exported?: string;
  /** Of a member of a class: it belongs to the class itself. */
  isStatic?: boolean;
  /** Of a function that its caller calls for each of several values. */
  isRepeated?: boolean;
  /** What it makes names for; set by {@link Scope}'s binder. */
  scope?: Scope;
}

export interface Parameter {
  /** Empty for one that is taken apart. */
  name: string;
  /** The names it is taken apart into. */
  targets?: readonly Target[];
  type: Node | undefined;
  default?: Node | undefined;
  isRest?: boolean;
  /** Its type, where types are no part of what the code does. */
  annotation?: string;
  /** Of a constructor: a field of its name, too. */
  isField?: boolean;
}

/** What a name gets by a `bind`. */
export interface Target {
  name: string;
  start: number;
  /** Which of the values. */
  value: number;
  /** The part of the value: names of fields, positions. */
  path: readonly (string | number)[];
  /** The part of the name that is set: `Topic` of `options.Topic = …`. */
  field?: readonly string[];
  /** The last part of `field` where that is no name: `options[key] = …`. */
  key?: Node;
  default?: Node | undefined;
}

export interface Import {
  /** The name in this file; `.` or `*` when all names are imported or exported. */
  name: string;
  module: string;
  /** The name there; `*` for the module itself. */
  imported: string;
  /** Exported again, not bound here. */
  isExport?: boolean;
}

export const NO_NODES: readonly Node[] = [];

/** A node in the place of one of the grammar. */
export function make(
  kind: Kind,
  at: Pick<SyntaxNode, 'start' | 'end'>,
  text: string,
  children: readonly Node[] = NO_NODES,
): Node {
  return { kind, start: at.start, end: at.end, text, children };
}

/** The statements of a function: its last child. */
export function bodyOf(node: Node): Node | undefined {
  return node.kind === 'function' ? node.children.at(-1) : undefined;
}

/** `a.b.c` as its names, or undefined when the node is anything else. */
export function dottedName(node: Node): string[] | undefined {
  if (node.kind === 'name') return [node.text];
  const [object] = node.children;
  const names = node.kind === 'member' && object ? dottedName(object) : undefined;
  return names && [...names, node.text];
}
