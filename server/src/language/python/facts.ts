import type { Statement } from './statement.js';
import { child, type Node } from './syntax.js';

/** What a name is bound to by one place of the text. Offsets count from the owner of the facts. */
export interface Binding {
  name: string;
  kind: 'import' | 'assign' | 'augmented' | 'for' | 'with' | 'definition' | 'other';
  /** Of an assignment the right-hand side, of `for` the iterable, of `with` the context manager. */
  value?: Node;
  /** Position in the value when the target is a tuple. */
  index?: number;
  /** Of an import. */
  qualified?: string;
  definition?: Definition;
  /** Of one that is kept under {@link changesOf}, {@link callsWith} or {@link callsOf}. */
  change?: Change;
  /** Where the statement that binds it begins. */
  offset: number;
  guards: readonly Guard[];
}

/** The name under which bindings are kept that change what a name is bound to: `d['a'] = 1`, `o.x = 1`, `d.update(…)`. */
export function changesOf(name: string): string {
  return `${name}[]`;
}

/** The name under which calls are kept that are given what a name is bound to, or are made on it: they may change it. */
export function callsWith(name: string): string {
  return `${name}()`;
}

/** The name under which calls of a function are kept: what they give it may be what it sets. */
export function callsOf(name: string): string {
  return `${name}(*`;
}

/** What is done to an object that a name is bound to, elsewhere than where it is bound. */
export interface Change {
  /** The attributes and keys it is done to, from the name on; none for the object itself. */
  parts: readonly Part[];
  /** `=`, `+=`, …, `del`; the name of the method that is called, of which the binding's value is the call; `()` of a call that is kept. */
  how: string;
  /** In a loop. */
  repeated: boolean;
  /** Of `()` what is given, or called on, and whether the call is a statement by itself. */
  given?: { node: Node; isAlone: boolean };
  /** The definitions it stands in, from the scope that keeps it inwards. */
  within: readonly Definition[];
}

/** A step into an object. Undefined: only running the program tells. */
export type Part = { attribute: string | undefined } | { key: Node | undefined };

/** A branch that has to be taken for a statement to run. */
export interface Guard {
  /** Identifies the statement that branches. */
  offset: number;
  branch: number;
  condition: Node | undefined;
}

/** An expression that may apply transforms: `… | …`, `f(…)`, `x.apply(…)`. */
export interface Site {
  node: Node;
  /** Offset that the node's own offsets count from. */
  offset: number;
  /** The simple statement, or the header, that contains it. */
  statement: { start: number; end: number };
  /** Of a plain call the name of what is called, as in {@link Facts.calls}. */
  callee: string | undefined;
  /** `for` clauses of the comprehensions around it. */
  comprehension: Binding[];
  /** Stands in a loop or a comprehension. */
  repeated: boolean;
}

/** A `def` or `class` with what it consists of. */
export interface Definition {
  kind: 'def' | 'class';
  name: string;
  statement: Statement;
  decorators: Node[];
  parameters: Parameter[];
  bases: Node[];
  body: Facts;
}

export interface Parameter {
  name: string;
  kind: 'plain' | 'keyword' | '*' | '**';
  default: Node | undefined;
  annotation: Node | undefined;
}

/** What one scope (module, function, class) binds and does, in order of the text. */
export interface Facts {
  bindings: Map<string, Binding[]>;
  sites: Site[];
  /** Is any of the sites more than a call? */
  appliesTransforms: boolean;
  /** Names of what is called: `f` of `f()`, `m` of `self.m()`, `a.b` of `a.b()`. */
  calls: Set<string>;
  returns: { node: Node; offset: number }[];
  /** `self.x = …` of a method, under `x`. */
  selfAttributes: Map<string, Binding[]>;
  /** Calls of `….add_argument(…)` and `….set_defaults(…)`. */
  options: Node[];
  /** Names declared `global` or `nonlocal`. */
  notLocal: Set<string>;
  /** Modules of `from … import *`. */
  stars: string[];
  imports: Binding[];
}

export function noFacts(): Facts {
  return {
    bindings: new Map(),
    sites: [],
    appliesTransforms: false,
    calls: new Set(),
    returns: [],
    selfAttributes: new Map(),
    options: [],
    notLocal: new Set(),
    stars: [],
    imports: [],
  };
}

/** What is asked of any scope; a module finds its bindings when they are asked for. */
export interface ScopeFacts {
  bindings: Pick<ReadonlyMap<string, readonly Binding[]>, 'get'>;
  returns: Facts['returns'];
  options: readonly Node[];
  notLocal: ReadonlySet<string>;
  stars: readonly string[];
}

/** Is it `… | …`? */
export function isPipe(node: Node): boolean {
  return node.kind === 'binary_operator' && child(node, 'operator')?.kind === '|';
}

/** Names that are local to a function: its parameters and what it binds. */
export function localNames(definition: Definition): {
  bound: Set<string>;
  parameters: Set<string>;
} {
  const parameters = new Set(definition.parameters.map((parameter) => parameter.name));
  const bound = new Set(definition.body.bindings.keys());
  for (const name of definition.body.notLocal) bound.delete(name);
  return { bound, parameters };
}
