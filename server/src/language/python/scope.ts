import { noFacts, type Binding, type Definition, type Facts, type Parameter } from './facts.js';
import { child, dottedName, type Node } from './syntax.js';
import type { PValue } from './pvalue.js';

/** A scope as it is entered: its facts at their place, with the arguments of the call that is followed. */
export interface Scope {
  kind: 'module' | 'def' | 'class' | 'comprehension';
  facts: Facts;
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
}

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
}

export interface Found {
  scope: Scope;
  bindings: readonly Binding[];
  parameter: Parameter | undefined;
}

export function moduleScope(facts: Facts): Scope {
  return newScope('module', facts, 0, undefined, undefined, '');
}

function newScope(
  kind: Scope['kind'],
  facts: Facts,
  base: number,
  parent: Scope | undefined,
  definition: Definition | undefined,
  path: string,
): Scope {
  return {
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
    entered = newScope(definition.kind, definition.body, base, scope, definition, path);
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
  const facts: Facts = { ...noFacts(), bindings };
  return newScope('comprehension', facts, scope.base, scope, undefined, scope.path);
}

/** Where `name` is bound, seen from `scope`; undefined for builtins and names nobody binds. */
export function lookUp(scope: Scope, name: string): Found | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    if (at.kind === 'class' && at !== scope) continue;
    if (at.facts.notLocal.has(name)) continue;
    const bindings = at.facts.bindings.get(name) ?? [];
    const parameter = at.definition?.parameters.find((one) => one.name === name);
    if (bindings.length > 0 || parameter) return { scope: at, bindings, parameter };
  }
  return undefined;
}

/** The definition that `name` is bound to, when it is bound once. */
export function definitionNamed(scope: Scope, name: string): Scope | undefined {
  const found = lookUp(scope, name);
  const [binding] = found?.bindings ?? [];
  if (found?.bindings.length !== 1 || found.parameter || !binding?.definition) {
    return undefined;
  }
  return enter(binding, binding.definition, found.scope);
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

/** The class and, after it, the classes of the same file it is derived from. */
export function* withBases(type: Scope, depth = 0): Generator<Scope> {
  yield type;
  if (depth > 8) return;
  for (const base of type.definition?.bases ?? []) {
    const names = dottedName(base);
    const name = names?.length === 1 ? names[0] : undefined;
    const scope =
      name !== undefined && type.parent ? definitionNamed(type.parent, name) : undefined;
    if (scope?.kind === 'class' && scope !== type) yield* withBases(scope, depth + 1);
  }
}

/** A method of a class or of its bases in the same file. */
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
