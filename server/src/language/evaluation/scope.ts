import type { Import, Node } from './node.js';

/** Where names are made: a module, a function, a block. */
export interface Scope {
  parent: Scope | undefined;
  names: Map<string, Variable>;
  /** The function whose code it is; undefined for that of a module. */
  owner: Node | undefined;
  /** The segment it is in. */
  facts: Facts;
}

export interface Variable {
  name: string;
  scope: Scope;
  kind: 'variable' | 'parameter' | 'import' | 'function' | 'type';
  bindings: Binding[];
  /** Before this offset, the name is that of an outer scope. */
  declaredAt: number;
  /** Of a parameter. */
  position: number;
  parameterPath: readonly (string | number)[];
  default: Node | undefined;
  definition: Node | undefined;
  imported: Import | undefined;
  /** Calls that are given what it holds, or made on it: they may change that. */
  touches: Touch[];
  /** Other names of what it holds, itself among them. */
  aliases: readonly Variable[];
}

/** A call that may change what a variable holds. */
export interface Touch {
  /** Which argument it is; -1 when the call is made on it. */
  position: number;
  /** Nobody uses what the call gives. */
  isStatement: boolean;
  /** The call as its value. */
  binding: Binding;
}

/** What a variable is given by one place of the text. */
export interface Binding {
  /** `declare`, `assign`, `each`, an operator, or `change` for a call. */
  how: string;
  value: Node | undefined;
  /** Part of the value. */
  path: readonly (string | number)[];
  /** Part of the variable. */
  field: readonly string[];
  /** What the last part of `field` is, where that is no name: `settings[key] = …` */
  key: Node | undefined;
  default: Node | undefined;
  guards: readonly Guard[];
  /** End of the statement: from there on it holds. */
  offset: number;
  scope: Scope;
}

/** A branch that has to be taken, or a loop. */
export interface Guard {
  node: Node;
  branch: number;
  condition: Node | undefined;
}

/** A call, in the order they are made. */
export interface Site {
  node: Node;
  scope: Scope;
  /** The statement that contains it. */
  statement: { start: number; end: number };
  isRepeated: boolean;
}

/** What a segment says. Never changes; of which module, and where in it, is told by {@link Facts.place}. */
export interface Facts {
  scope: Scope;
  /** Functions at any depth, outer ones first. */
  functions: { node: Node; scope: Scope; name: string }[];
  /** By the function that makes them; under undefined those of the module. */
  sites: Map<Node | undefined, Site[]>;
  /** Last names of everything that is called. */
  calls: Set<string>;
  imports: Import[];
  /** Assignments to names that the segment does not declare. */
  assigned: { name: string; binding: Binding }[];
  /** Calls that are given what such names hold. */
  touched: { name: string; touch: Touch }[];
  errors: { start: number; end: number }[];
  /** All that is known of a segment to who does not read its code; made when it is asked for. */
  summary?: string;
  /** Of the segment in the text; kept up to date by the module. */
  place: { offset: number; module: object | undefined };
}

/** What a segment calls, declares, imports and does to the names of others, as a text that is equal when all that is. */
export function summaryOf(facts: Facts): string {
  const { calls, functions, scope, imports, assigned, touched } = facts;
  facts.summary ??= JSON.stringify([
    [...calls].sort(),
    functions.map(({ node, name }) => [name, node.text, node.receiver]),
    [...scope.names.values()].map(({ name, kind }) => [name, kind]),
    imports,
    assigned.map(({ name }) => name),
    touched.map(({ name }) => name),
  ]);
  return facts.summary;
}

/** The variable that a name means at an offset of the scope's segment, within the segment. */
export function lookUpInSegment(name: string, scope: Scope, at: number): Variable | undefined {
  let later: Variable | undefined;
  for (let each: Scope | undefined = scope; each; each = each.parent) {
    const variable = each.names.get(name);
    if (!variable) continue;
    if (variable.declaredAt <= at || variable.scope.owner !== scope.owner) return variable;
    later ??= variable;
  }
  return later;
}

/** Is the variable made in the function, or in one inside of it? */
export function isLocalTo(variable: Variable, fn: Node): boolean {
  for (let at: Scope | undefined = variable.scope; at; at = at.parent) {
    if (at.owner === fn) return true;
  }
  return false;
}

/**
 * The bindings that may hold where a name is used: of those in the same function, or all at the top level of a file, the
 * last one before, and what branches and loops add to it.
 */
export function reaching(variable: Variable, scope: Scope, at: number): readonly Binding[] {
  const { bindings } = variable;
  if (bindings.length < 2 && variable.kind !== 'parameter') return bindings;
  const { owner, facts } = variable.scope;
  const isHere = owner === scope.owner && facts.place.module === scope.facts.place.module;
  if (!isHere) return bindings;
  const place = scope.facts.place.offset + at;
  let found: Binding[] = [];
  for (const binding of bindings) {
    // Offsets of guards count from the segment's own beginning.
    const guards = binding.scope.facts === scope.facts ? binding.guards : [];
    const loop = guards.find(({ branch }) => branch === -1)?.node;
    const comesAgain = loop && loop.start <= at && at < loop.end;
    const isOwn = binding.scope.owner === owner;
    const isLater = binding.scope.facts.place.offset + binding.offset > place;
    if (!comesAgain && (isOwn ? isLater : isInLaterFunction(binding, variable.scope, place)))
      continue;
    if (isOwn && !comesAgain && guards.some((guard) => excludes(guard, at))) continue;
    const isCertain =
      isOwn &&
      binding.field.length === 0 &&
      !isLater &&
      guards.length === binding.guards.length &&
      guards.every((guard) => isAround(guard, at));
    if (isCertain) found = [];
    found.push(binding);
  }
  return found;
}

/** In a function without a name that is not made before `place`. */
function isInLaterFunction({ scope }: Binding, of: Scope, place: number): boolean {
  const { facts } = scope;
  let outermost: Node | undefined;
  for (let at: Scope | undefined = scope; at && at.owner !== of.owner; at = at.parent)
    outermost = at.owner;
  return outermost?.text === '' && facts.place.offset + outermost.start > place;
}

/** The use is in the same branch: it is known to be taken. */
function isAround({ node, branch }: Guard, at: number): boolean {
  const part = branch < 0 ? node : node.children[branch + 1];
  return part !== undefined && part.start <= at && at < part.end;
}

/** The use is in another branch of the same statement. */
function excludes(guard: Guard, at: number): boolean {
  const { start, end, children } = guard.node;
  const [condition] = children;
  if (guard.branch < 0 || at < start || at >= end || isAround(guard, at)) return false;
  return condition === undefined || at >= condition.end;
}
