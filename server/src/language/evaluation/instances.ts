import { bodyOf, dottedName, make, type Node } from './node.js';
import type { Entry } from './records.js';
import type { Env, Placed, Resolver } from './resolver.js';
import type { Variable } from './scope.js';

/** A class of the user's. */
export interface Class {
  node: Node;
  variable: Variable;
}

const MAX_BASES = 8;

/** The class that an expression names. */
export function classNamed({ node, scope }: Placed, resolver: Resolver): Class | undefined {
  const names = dottedName(node);
  const entity = names && resolver.entity(names, scope, node.start);
  if (entity?.kind !== 'variable' || entity.rest.length > 0) return undefined;
  const { definition } = entity.variable;
  return definition?.kind === 'type' && entity.variable.bindings.length === 0
    ? { node: definition, variable: entity.variable }
    : undefined;
}

/** The class of the user's that `new …(…)` makes an object of. */
export function classMade(placed: Placed, resolver: Resolver): Class | undefined {
  const [callee] = placed.node.children;
  const isNew = placed.node.kind === 'call' && placed.node.text === 'new';
  return isNew && callee ? classNamed({ ...placed, node: callee }, resolver) : undefined;
}

/** What the names of a class or an enum are: `Config.TOPIC`. */
export function staticEntries(type: Class, resolver: Resolver): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const base of withBases(type, resolver).toReversed()) {
    const { scope } = base.variable;
    for (const member of base.node.children) {
      const value = member.kind === 'function' ? member : member.children[0];
      if (!member.isStatic || !value) continue;
      entries.set(member.text, entry({ node: value, scope, env: undefined }, resolver));
    }
  }
  return entries;
}

/** What the fields of an object are that `new` makes: as declared, and as the constructor sets them. */
export function instanceEntries(
  made: Placed,
  type: Class,
  resolver: Resolver,
): Map<string, Entry> | undefined {
  const entries = new Map<string, Entry>();
  const uncertain = new Set<string>();
  for (const [base, env] of constructors(made, type, resolver).classes.toReversed()) {
    const { scope } = base.variable;
    for (const { kind, isStatic, text, children } of base.node.children) {
      if (kind === 'entry' && !isStatic && children[0]) {
        entries.set(text, entry({ node: children[0], scope, env }, resolver));
      }
    }
    for (const method of base.node.children) {
      if (method.kind !== 'function' || !method.scope) continue;
      const isConstructor = method === env?.fn;
      const self: Env = { fn: base.node, args: [], self: made, outer: made.env };
      if (!method.isStatic) {
        entries.set(method.text, entry({ node: method, scope, env: self }, resolver));
      }
      const statements = bodyOf(method)?.children ?? [];
      for (const parameter of isConstructor ? (method.parameters ?? []) : []) {
        const node = make('name', method, parameter.name);
        if (parameter.isField)
          entries.set(parameter.name, entry({ node, scope: method.scope, env }, resolver));
      }
      for (const { bind, isCertain } of assignments(statements)) {
        const [target] = bind.targets ?? [];
        const [name] = target?.field ?? [];
        const [value] = bind.children;
        if (target?.name !== 'this' || name === undefined) continue;
        const isWhole = target.field?.length === 1 && bind.text === 'assign';
        if (isConstructor && isCertain && isWhole && value) {
          entries.set(name, entry({ node: value, scope: method.scope, env }, resolver));
        } else uncertain.add(name);
      }
    }
  }
  for (const name of uncertain) entries.delete(name);
  return entries;
}

/** What an object of a class gives the class of Beam's that it is derived from: `super("Clicks")`. */
export function givenToBase(made: Placed, type: Class, resolver: Resolver): Placed | undefined {
  const { call } = constructors(made, type, resolver);
  const [, first] = call?.node.children ?? [];
  return call && first && resolver.reduce({ ...call, node: first });
}

/** The class and the user's own classes that it extends, each with what its constructor is called with. */
function constructors(
  made: Placed,
  type: Class,
  resolver: Resolver,
): { classes: [Class, Env | undefined][]; call: Placed | undefined } {
  let call: Placed | undefined = made;
  const classes = withBases(type, resolver).map((base): [Class, Env | undefined] => {
    const node = base.node.children.find(
      ({ kind, text }) => kind === 'function' && text === 'constructor',
    );
    // Without a constructor the arguments are those of the base.
    if (!node || !call) return [base, undefined];
    const env = resolver.enter({ node, scope: base.variable.scope, env: undefined }, call);
    const inner = superCall(node);
    call = inner && node.scope ? { node: inner, scope: node.scope, env } : undefined;
    return [base, env];
  });
  return { classes, call };
}

function withBases(type: Class, resolver: Resolver): Class[] {
  const found: Class[] = [];
  for (let at: Class | undefined = type; at && found.length < MAX_BASES; at = baseOf(at, resolver))
    found.push(at);
  return found;
}

function baseOf({ node, variable }: Class, resolver: Resolver): Class | undefined {
  const extended = node.children.find(({ kind, text }) => kind === 'other' && text === 'extends');
  const [base] = extended?.children ?? [];
  return base && classNamed({ node: base, scope: variable.scope, env: undefined }, resolver);
}

function superCall(fn: Node): Node | undefined {
  return bodyOf(fn)?.children.find(
    ({ kind, children }) => kind === 'call' && children[0]?.text === 'super',
  );
}

/** Assignments in code at any depth; certain are those that nothing is around. */
function* assignments(
  nodes: readonly Node[],
  isCertain = true,
): Generator<{ bind: Node; isCertain: boolean }> {
  for (const node of nodes) {
    if (node.kind === 'bind') yield { bind: node, isCertain };
    yield* assignments(node.children, false);
  }
}

function entry(placed: Placed, resolver: Resolver): Entry {
  return { placed, text: (references) => resolver.text(placed, references) };
}
