import {
  noFacts,
  type Binding,
  type Definition,
  type Parameter,
  type ScopeFacts,
} from './facts.js';
import { child, dottedName, type Node } from './syntax.js';
import type { Effect } from './effects.js';
import type { PValue } from './pvalue.js';
import type { Relevance } from './relevance.js';

/** A scope as it is entered: its facts at their place, with the arguments of the call that is followed. */
export interface Scope {
  kind: 'module' | 'def' | 'class' | 'comprehension';
  facts: ScopeFacts;
  /** Offset in the file that the facts' offsets count from. */
  base: number;
  parent: Scope | undefined;
  definition: Definition | undefined;
  /** `Job.run`; empty for the module. */
  path: string;
  /** Arguments of the followed call by parameter; undefined when no call is followed. */
  args: Map<string, Argument> | undefined;
  /** The object that `self` is, when it is known how it was made. */
  instance: Instance | undefined;
  /** Values of the names bound here, as far as they were asked for. */
  values: Map<string, PValue | undefined>;
  /** Definitions made here, entered without a call. */
  entered: Map<Binding, Scope>;
  module: Module;
}

/** A Python file as others import it. */
export interface Module {
  /** Is it the text that is analysed? Offsets in any other begin far beyond it. */
  isOpen: boolean;
  /** What an import of it stands for, among the files of the workspace. */
  imported(qualified: string): Imported | undefined;
  /** What a name of it is to those who import it: bound in it, or a module of the package that it is. */
  member(name: string): Imported | undefined;
  relevance: Relevance;
}

/** What is imported: a module, or what a name of one is bound to. */
export type Imported = { module: Module } | { found: Found };

/** An expression and the scope its names are looked up in. */
export interface Placed {
  node: Node;
  scope: Scope;
}

/** What a parameter is bound to: an expression, or a value that was evaluated already. */
export interface Argument {
  placed?: Placed;
  value?: PValue;
}

export interface Instance {
  type: Scope;
  args: Map<string, Argument>;
  /** What was done to it from outside. */
  effects?: readonly Effect[];
}

export interface Found {
  scope: Scope;
  bindings: readonly Binding[];
  parameter: Parameter | undefined;
  /** Of what is imported: the name that was looked up, where it is imported, and the modules' members after it. */
  seen?: { scope: Scope; name: string; rest: readonly string[] };
}

export function moduleScope(facts: ScopeFacts, base: number, module: Module): Scope {
  return newScope('module', facts, base, undefined, undefined, '', module);
}

function newScope(
  kind: Scope['kind'],
  facts: ScopeFacts,
  base: number,
  parent: Scope | undefined,
  definition: Definition | undefined,
  path: string,
  module: Module,
): Scope {
  return {
    module,
    kind,
    facts,
    base,
    parent,
    definition,
    path,
    args: undefined,
    instance: undefined,
    values: new Map(),
    entered: new Map(),
  };
}

/** The scope of a definition bound in `scope`, without a call. */
export function enter(binding: Binding, definition: Definition, scope: Scope): Scope {
  let entered = scope.entered.get(binding);
  if (!entered) {
    const base = scope.base + binding.offset;
    const path = scope.path ? `${scope.path}.${definition.name}` : definition.name;
    entered = newScope(
      definition.kind,
      definition.body,
      base,
      scope,
      definition,
      path,
      scope.module,
    );
    scope.entered.set(binding, entered);
  }
  return entered;
}

/** The same scope, entered by a call. */
export function called(
  scope: Scope,
  args: Map<string, Argument>,
  instance: Instance | undefined,
): Scope {
  return { ...scope, args, instance, values: new Map(), entered: new Map() };
}

/** The scope of an expression inside comprehensions. */
export function inComprehension(scope: Scope, targets: readonly Binding[]): Scope {
  if (targets.length === 0) return scope;
  const bindings = new Map<string, Binding[]>();
  for (const target of targets) bindings.set(target.name, [target]);
  const facts: ScopeFacts = { ...noFacts(), bindings };
  return newScope('comprehension', facts, scope.base, scope, undefined, scope.path, scope.module);
}

/**
 * Where `name` is bound, seen from `scope`; of what is imported from a file of the workspace, there. Undefined for
 * builtins and names nobody binds.
 */
export function lookUp(scope: Scope, name: string): Found | undefined {
  const found = lookUpHere(scope, name);
  const imported = found ? importedAs(found) : starred(scope, name);
  if (!imported || !('found' in imported)) return found;
  return found
    ? { ...imported.found, seen: { scope: found.scope, name, rest: [] } }
    : imported.found;
}

function lookUpHere(scope: Scope, name: string): Found | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.kind === 'class' && at !== scope) continue;
    if (at.facts.notLocal.has(name)) continue;
    const bindings = at.facts.bindings.get(name) ?? [];
    const parameter = at.definition?.parameters.find((one) => one.name === name);
    if (bindings.length > 0 || parameter) return { scope: at, bindings, parameter };
  }
  return undefined;
}

/** What a name is that is only imported; of several imports (`try` … `except ImportError`) the first that is there. */
function importedAs({ scope, bindings, parameter }: Found): Imported | undefined {
  if (parameter || bindings.some(({ kind }) => kind !== 'import')) return undefined;
  for (const { qualified = '' } of bindings) {
    const imported = scope.module.imported(qualified);
    if (imported) return imported;
  }
  return undefined;
}

/** What a name is that `from … import *` brings in from a file of the workspace. */
function starred(scope: Scope, name: string): Imported | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    for (const star of at.facts.stars.toReversed()) {
      const imported = scope.module.imported(star);
      const member = imported && 'module' in imported ? imported.module.member(name) : undefined;
      if (member) return member;
    }
  }
  return undefined;
}

/** Where the first of `a.b.c` is bound that is no module, and the names after it. */
export function lookUpNames(
  scope: Scope,
  names: readonly string[],
): { found: Found; rest: readonly string[] } | undefined {
  const found = lookUp(scope, names[0] ?? '');
  if (!found) return undefined;
  let imported = importedAs(found);
  for (let index = 1; imported && 'module' in imported && index < names.length; index++) {
    imported = imported.module.member(names[index] ?? '');
    if (imported && 'found' in imported) {
      const seen = { scope: found.scope, name: names[0] ?? '', rest: names.slice(1, index + 1) };
      return { found: { ...imported.found, seen }, rest: names.slice(index + 1) };
    }
  }
  return { found, rest: names.slice(1) };
}

/** The definition that a name, or `module.name`, is bound to, when it is bound once. */
export function definitionNamed(scope: Scope, ...names: string[]): Scope | undefined {
  const { found, rest } = lookUpNames(scope, names) ?? {};
  const [binding] = found?.bindings ?? [];
  if (rest?.length !== 0 || found?.bindings.length !== 1 || found.parameter) return undefined;
  return binding?.definition && enter(binding, binding.definition, found.scope);
}

/** The method around `scope`, if `name` is its first parameter (`self`, `cls`). */
export function methodOfSelf(scope: Scope, name: string): Scope | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.kind !== 'def') continue;
    if (at.parent?.kind === 'class' && at.definition?.parameters[0]?.name === name) return at;
    if (at.definition?.parameters.some((parameter) => parameter.name === name)) return undefined;
  }
  return undefined;
}

/** The class and, after it, the classes of the user's own it is derived from. */
export function* withBases(type: Scope, depth = 0): Generator<Scope> {
  yield type;
  if (depth > 8) return;
  for (const base of type.definition?.bases ?? []) {
    const names = dottedName(base);
    const scope = names && type.parent && definitionNamed(type.parent, ...names);
    if (scope?.kind === 'class' && scope !== type) yield* withBases(scope, depth + 1);
  }
}

/** A method of a class or of the user's own bases of it. */
export function methodOf(type: Scope, name: string): Scope | undefined {
  for (const scope of withBases(type)) {
    const binding = scope.facts.bindings.get(name)?.find((one) => one.definition?.kind === 'def');
    if (binding?.definition) return enter(binding, binding.definition, scope);
  }
  return undefined;
}

/** Parameters of a class's constructor: of `__init__`, or the fields of a dataclass or NamedTuple. */
export function constructorParameters(type: Scope): Parameter[] | undefined {
  const init = methodOf(type, '__init__');
  if (init) return init.definition?.parameters.slice(1);
  const fields: Parameter[] = [];
  for (const { statement } of type.definition?.statement.clauses.at(-1)?.body ?? []) {
    for (const node of statement.nodes) {
      const assignment = node.children[0];
      const name = assignment && child(assignment, 'left');
      const annotation = assignment && child(assignment, 'type');
      if (assignment?.kind !== 'assignment' || !annotation || name?.kind !== 'identifier') continue;
      fields.push({
        name: name.text,
        kind: 'plain',
        default: child(assignment, 'right'),
        annotation,
      });
    }
  }
  return fields.length > 0 ? fields : undefined;
}
