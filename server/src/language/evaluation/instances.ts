import { bodyOf, dottedName, make, type Node } from './node.js';
import type { Entry } from './records.js';
import type { Env, Placed, Resolver } from './resolver.js';
import type { Scope } from './scope.js';
import { assignments, calledOnThis, returnsThis, setsOnly } from './methods.js';

/** A class of the user's, declared or an expression. */
export interface Class {
  node: Node;
  scope: Scope;
}

/** An object that the text makes, and the calls on it that change it. */
export interface Instance {
  type: Class;
  /** `new …(…)` */
  made: Placed;
  calls: { method: Node; call: Placed; isCertain: boolean }[];
}

const MAX_BASES = 8;
const MAX_CALLS = 50;

/** The class that an expression names, or is. */
export function classNamed(placed: Placed, resolver: Resolver): Class | undefined {
  const { node, scope } = placed;
  if (node.kind === 'type') return { node, scope };
  const names = dottedName(node);
  const entity = names && resolver.entity(names, scope, node.start);
  if (entity?.kind === 'variable' && entity.variable.definition) {
    const { definition, bindings, scope: home } = entity.variable;
    const isClass = entity.rest.length === 0 && definition.kind === 'type';
    return isClass && bindings.length === 0 ? { node: definition, scope: home } : undefined;
  }
  const reduced = resolver.reduce(placed);
  return reduced.node.kind === 'type' ? { node: reduced.node, scope: reduced.scope } : undefined;
}

/** The object of a class of the user's that an expression is: a new one, as calls on it have left it. */
export function instanceOf(placed: Placed, resolver: Resolver, depth = 0): Instance | undefined {
  const reduced = resolver.reduce(placed);
  const { node } = reduced;
  if (depth > MAX_CALLS) return undefined;
  const [callee] = node.kind === 'call' ? node.children : [];
  if (callee && node.text === 'new') {
    const type = classNamed({ ...reduced, node: callee }, resolver);
    return type && { type, made: reduced, calls: [] };
  }
  const [object] = callee?.kind === 'member' ? callee.children : [];
  if (callee && object) {
    const before = instanceOf({ ...reduced, node: object }, resolver, depth + 1);
    const method = before && methodOf(before.type, callee.text, resolver);
    if (!method || !returnsThis(method)) return undefined;
    return { ...before, calls: [...before.calls, { method, call: reduced, isCertain: true }] };
  }
  return node.kind === 'name' ? instanceChanged(reduced, resolver, depth) : undefined;
}

/** An object in a variable, on which methods are called. */
function instanceChanged(placed: Placed, resolver: Resolver, depth: number): Instance | undefined {
  const { node, scope, env } = placed;
  const entity = resolver.entity([node.text], scope, node.start);
  if (entity?.kind !== 'variable' || entity.rest.length > 0) return undefined;
  const bindings = resolver.changes.reaching(entity.variable, scope, node.start);
  const [first, ...changes] = bindings;
  if (!first?.value || first.field.length > 0 || first.path.length > 0) return undefined;
  const whole = { node: first.value, scope: first.scope, env };
  const instance = instanceOf(whole, resolver, depth + 1);
  if (!instance) return undefined;
  const calls = [...instance.calls];
  for (const { how, value, scope: at, guards } of changes) {
    const [callee] = how === 'change' ? (value?.children ?? []) : [];
    const isDirect = callee?.kind === 'member' && callee.children[0]?.kind === 'name';
    const method = isDirect ? methodOf(instance.type, callee.text, resolver) : undefined;
    if (!value || !method) return undefined;
    const call = { node: value, scope: at, env };
    calls.push({ method, call, isCertain: guards.length === 0 });
  }
  return { ...instance, calls };
}

function methodOf(type: Class, name: string, resolver: Resolver): Node | undefined {
  for (const { node } of withBases(type, resolver)) {
    const found = node.children.find(({ kind, text }) => kind === 'function' && text === name);
    if (found) return found;
  }
  return undefined;
}

/** What the names of a class or an enum are: `Config.TOPIC`. */
export function staticEntries(type: Class, resolver: Resolver): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  for (const { node, scope } of withBases(type, resolver).toReversed()) {
    for (const member of node.children) {
      const value = member.kind === 'function' ? member : member.children[0];
      if (!member.isStatic || !value) continue;
      entries.set(member.text, entry({ node: value, scope, env: undefined }, resolver));
    }
  }
  return entries;
}

/**
 * What the fields of an object are: as declared, as the constructor sets them, and as calls on it do.
 * @param self the expression that is the object
 */
export function instanceEntries(
  self: Placed,
  { type, made, calls }: Instance,
  resolver: Resolver,
): Map<string, Entry> {
  const entries = new Map<string, Entry>();
  const uncertain = new Set<string>();
  const { classes } = constructors(made, type, resolver);
  const onThis = new Set(classes.flatMap(([{ node }]) => [...calledOnThis(node)]));
  for (const [base, env] of classes.toReversed()) {
    const { scope } = base;
    for (const { kind, isStatic, text, children } of base.node.children) {
      if (kind === 'entry' && !isStatic && children[0]) {
        entries.set(text, entry({ node: children[0], scope, env }, resolver));
      }
    }
    for (const method of base.node.children) {
      if (method.kind !== 'function' || !method.scope) continue;
      const isConstructor = method === env?.fn;
      const inner: Env = { fn: base.node, args: [], self, outer: self.env };
      if (!method.isStatic) {
        entries.set(method.text, entry({ node: method, scope, env: inner }, resolver));
      }
      for (const parameter of isConstructor ? (method.parameters ?? []) : []) {
        const node = make('name', method, parameter.name);
        if (parameter.isField)
          entries.set(parameter.name, entry({ node, scope: method.scope, env }, resolver));
      }
      // What only sets fields does so where it is called.
      if (!isConstructor && setsOnly(method) && !onThis.has(method.text)) continue;
      assign(method, isConstructor ? env : undefined, entries, uncertain, resolver);
    }
  }
  for (const name of uncertain) entries.delete(name);
  for (const { method, call, isCertain } of calls) {
    const [callee] = call.node.children;
    const receiver = callee?.children[0] && { ...call, node: callee.children[0] };
    const env = resolver.enter({ node: method, scope: type.scope, env: undefined }, call);
    const before: Env = { ...env, ...(receiver && { self: receiver }) };
    const unknown = new Set<string>();
    assign(method, isCertain ? before : undefined, entries, unknown, resolver);
    for (const name of unknown) entries.delete(name);
  }
  return entries;
}

/** Takes over what a method sets in its object; without `env` it is not known when, nor to what. */
function assign(
  method: Node,
  env: Env | undefined,
  entries: Map<string, Entry>,
  uncertain: Set<string>,
  resolver: Resolver,
): void {
  const { scope } = method;
  for (const { name, value, isCertain } of assignments(method)) {
    if (env && isCertain && value && scope) {
      entries.set(name, entry({ node: value, scope, env }, resolver));
    } else uncertain.add(name);
  }
}

/** What an object of a class gives the class of Beam's that it is derived from: `super("Clicks")`. */
export function givenToBase({ made, type }: Instance, resolver: Resolver): Placed | undefined {
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
    const env = resolver.enter({ node, scope: base.scope, env: undefined }, call);
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

function baseOf({ node, scope }: Class, resolver: Resolver): Class | undefined {
  const extended = node.children.find(({ kind, text }) => kind === 'other' && text === 'extends');
  const [base] = extended?.children ?? [];
  return base && classNamed({ node: base, scope, env: undefined }, resolver);
}

function superCall(fn: Node): Node | undefined {
  return bodyOf(fn)?.children.find(
    ({ kind, children }) => kind === 'call' && children[0]?.text === 'super',
  );
}

function entry(placed: Placed, resolver: Resolver): Entry {
  return { placed, text: (references) => resolver.text(placed, references) };
}
