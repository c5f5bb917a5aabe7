import {
  callsOf,
  callsWith,
  changesOf,
  type Binding,
  type Change,
  type Definition,
  type Part,
} from './facts.js';
import { valueOf } from './attributes.js';
import type { References } from './resolver.js';
import {
  called,
  enter,
  withBases,
  type Found,
  type Instance,
  type Placed,
  type Scope,
} from './scope.js';
import { child, type Node } from './syntax.js';

/** Where a scope is being evaluated: what is behind it there has not happened yet, unless in a loop. */
export interface Position {
  offset: number;
  repeated: boolean;
}

/** A change of an object's part. */
export interface PlacedChange {
  binding: Binding;
  change: Change;
  /** Where its names are looked up. */
  scope: Scope;
  /** The scope that it stands in: of the call, if it is done by a function that is called. */
  doer: Scope;
  /** It is done whenever that scope runs. */
  isPlain: boolean;
  /** `.topic`, `["a"]`; `.?` and `[?]` for what is not known. */
  parts: readonly string[];
  how: string;
  value: Placed | undefined;
  /** Where it stands in the scope. */
  offset: number;
}

/** One that may have happened when the object is asked for. */
export interface Effect extends PlacedChange {
  /** Has it happened, once, when the object is asked for? */
  isCertain: boolean;
}

/** What finding effects needs of {@link Resolver}. */
export interface Follow {
  text(placed: Placed, references?: References): string;
  dictionary(placed: Placed): ReadonlyMap<string, Placed> | undefined;
  /** Is it being written, so that what it is made of was there before it? */
  isActive(binding: Binding): boolean;
  /** Is there patience left, less what this costs? */
  mayFollow(cost: number): boolean;
  /** By offsets of scopes. */
  at: ReadonlyMap<number, Position>;
  /** The function of the user's that is called, entered with the call's arguments. */
  functionCalled(placed: Placed): Scope | undefined;
  /** Functions whose changes of what they are given are being looked for. */
  readonly entering: Set<Definition>;
  /** Those found so far; undefined while they are being found. */
  readonly changes: WeakMap<Scope, Map<string, PlacedChange[] | undefined>>;
}

/** Canonical text of a step into an object. */
export function partText(part: Part, scope: Scope, follow: Follow): string {
  if ('attribute' in part) return `.${part.attribute ?? '?'}`;
  return part.key ? `[${follow.text({ node: part.key, scope })}]` : '[?]';
}

/** What may have happened to `asked` of what a name is bound to. */
export function effectsOn(found: Found, asked: readonly string[], follow: Follow): Effect[] {
  const name = found.bindings[0]?.name ?? found.parameter?.name ?? '';
  const effects = effectsIn(found.scope, name, asked, follow);
  const { seen } = found;
  if (!seen) return effects;
  const rest = seen.rest.map((one) => `.${one}`);
  const outside = effectsIn(seen.scope, seen.name, [...rest, ...asked], follow);
  const own = outside.filter(({ parts }) => parts.length > rest.length);
  return [...effects, ...own.map((one) => ({ ...one, parts: one.parts.slice(rest.length) }))];
}

function effectsIn(scope: Scope, name: string, asked: readonly string[], follow: Follow): Effect[] {
  const changes = changesIn(scope, name, follow);
  follow.mayFollow(changes.length / 20);
  return changes.flatMap((change) => effectOf(change, asked, follow));
}

/** All that happens to what a name is bound to, of which a scope knows. */
function changesIn(scope: Scope, name: string, follow: Follow): PlacedChange[] {
  const changes = scope.facts.bindings.get(changesOf(name)) ?? [];
  // A module is not changed by calls of its functions, as far as anyone knows.
  const isImport = scope.facts.bindings.get(name)?.every(({ kind }) => kind === 'import') ?? false;
  const calls = (isImport ? undefined : scope.facts.bindings.get(callsWith(name))) ?? [];
  if (changes.length + calls.length === 0) return [];
  const bindings = [...changes, ...calls].sort((a, b) => a.offset - b.offset);
  const known = follow.changes.get(scope) ?? new Map<string, PlacedChange[] | undefined>();
  follow.changes.set(scope, known);
  // What a key is depends on what is being changed: nothing is known of it.
  if (known.has(name)) return known.get(name) ?? bindings.slice(0, 1).flatMap(unknown(scope));
  known.set(name, undefined);
  const { at } = follow;
  follow.at = NOWHERE;
  try {
    const found = bindings.flatMap((binding) =>
      binding.change?.how === '()'
        ? doneByCall(binding, scope, follow)
        : expand(binding, scope, follow),
    );
    known.set(name, found);
    return found;
  } finally {
    follow.at = at;
  }
}

const UNKNOWN = { parts: [], how: '…', value: undefined };
/** Of one another, in which changes are looked for. */
const MAX_CALLS = 8;
const NOWHERE: ReadonlyMap<number, Position> = new Map();

const unknown =
  (scope: Scope) =>
  (binding: Binding): PlacedChange[] =>
    binding.change
      ? [
          {
            ...placedIn(binding, binding.change, scope, scope),
            ...UNKNOWN,
          },
        ]
      : [];

function effectOf(one: PlacedChange, asked: readonly string[], follow: Follow): Effect[] {
  const { binding, change, doer, offset, parts } = one;
  if (follow.isActive(binding) || !mayMeet(parts, asked)) return [];
  const position = follow.at.get(doer.base);
  const isBehind = position && offset > position.offset;
  if (isBehind && !position.repeated) return [];
  const isKnown = position !== undefined || change.within.length === 0;
  const isCertain = isKnown && !isBehind && one.isPlain;
  return [{ ...one, isCertain }];
}

/** The innermost scope of nested definitions. */
function enterAll(outer: Scope, within: readonly Definition[]): Scope {
  let scope = outer;
  for (const definition of within) {
    const all = scope.facts.bindings.get(definition.name) ?? [];
    const binding = all.find((one) => one.definition === definition);
    if (binding) scope = enter(binding, definition, scope);
  }
  return scope;
}

function placedIn(binding: Binding, change: Change, scope: Scope, outer: Scope) {
  const offset = outer.base + binding.offset - scope.base;
  const isPlain = !change.repeated && binding.guards.length === 0;
  return { binding, change, scope, doer: scope, offset, isPlain };
}

/** What a function of the user's does to what a call gives it, or a method to its object. */
function doneByCall(binding: Binding, outer: Scope, follow: Follow): PlacedChange[] {
  const { change, value: node } = binding;
  if (!change?.given || !node) return [];
  const { given } = change;
  const scope = enterAll(outer, change.within);
  const here = placedIn(binding, change, scope, outer);
  const parts = change.parts.map((part) => partText(part, scope, follow));
  const callee = child(node, 'function');
  const isOnObject = callee !== undefined && child(callee, 'object') === given.node;
  const target = follow.functionCalled({ node, scope });
  const { definition } = target ?? {};
  if (!target || !definition) {
    const isForeign = isOnObject && given.isAlone;
    const how = (callee && child(callee, 'attribute')?.text) ?? '';
    return isForeign ? [{ ...here, parts, how, value: { node, scope } }] : [];
  }
  if (follow.entering.has(definition)) return [];
  if (follow.entering.size > MAX_CALLS || !follow.mayFollow(10))
    return [{ ...here, ...UNKNOWN, parts }];
  const [self] = target.parent?.kind === 'class' && isOnObject ? definition.parameters : [];
  const parameters = [...(target.args ?? [])].filter(
    ([, { placed }]) => placed?.node === given.node,
  );
  follow.entering.add(definition);
  try {
    const done = parameters.flatMap(([name]) => changesIn(target, name, follow));
    if (self) done.push(...changesIn(target, self.name, follow), ...assignedIn(target, definition));
    return done.map((one) => ({
      ...one,
      ...{ doer: here.doer, offset: here.offset, change: here.change },
      isPlain: one.isPlain && here.isPlain,
      parts: [...parts, ...one.parts],
    }));
  } finally {
    follow.entering.delete(definition);
  }
}

/** What a method assigns to attributes of its object. */
function assignedIn(method: Scope, { body }: Definition): PlacedChange[] {
  const change: Change = { parts: [], how: '=', repeated: false, within: [] };
  return [...body.selfAttributes].flatMap(([name, bindings]) =>
    bindings.map((binding) => ({
      ...placedIn(binding, change, method, method),
      ...{ parts: [`.${name}`], how: binding.kind === 'assign' ? '=' : binding.kind },
      value: valueOf(binding, method) ?? (binding.value && { node: binding.value, scope: method }),
    })),
  );
}

/** `d.update(a=1, b=2)` is as much as `d['a'] = 1` and `d['b'] = 2`. */
function expand(binding: Binding, outer: Scope, follow: Follow): PlacedChange[] {
  const { change } = binding;
  if (!change) return [];
  const { how } = change;
  const scope = enterAll(outer, change.within);
  const parts = change.parts.map((part) => partText(part, scope, follow));
  const placed = placedIn(binding, change, scope, outer);
  const own = valueOf(binding, scope);
  const value = own ?? (binding.value && { node: binding.value, scope });
  const list = value && child(value.node, 'arguments');
  const entries =
    list && how === 'update'
      ? follow.dictionary({ node: { ...list, kind: 'dict' }, scope })
      : undefined;
  if (entries) {
    return [...entries].map(([key, one]) => ({
      ...placed,
      ...{ parts: [...parts, `[${key}]`], how: '=', value: one },
    }));
  }
  const [key, fallback] = list?.children ?? [];
  if (key?.kind === 'string' && (how === 'pop' || how === 'setdefault')) {
    const inside = [...parts, `[${follow.text({ node: key, scope })}]`];
    const given = how === 'setdefault' && fallback ? { node: fallback, scope } : undefined;
    return [{ ...placed, parts: inside, how: how === 'pop' ? 'del' : how, value: given }];
  }
  const isPart = how === '=' && own === undefined;
  return [{ ...placed, parts, how: isPart ? '= part of' : how, value }];
}

/** May two paths into an object lead to the same, or one into the other? */
function mayMeet(parts: readonly string[], asked: readonly string[]): boolean {
  return parts.every((part, index) => {
    const other = asked[index];
    if (other === undefined || part === other) return true;
    const areAlike = part.startsWith('.') === other.startsWith('.');
    return areAlike && !(isKnown(part) && isKnown(other));
  });
}

const isKnown = (part: string): boolean => /^(?:\.\w|\[(?:".*"|-?\d+)\]$)/s.test(part);

/** What may have happened to `asked` of an object of a class of the user's: `self` in its methods. */
export function effectsOnObject(
  type: Scope,
  instance: Instance | undefined,
  asked: readonly string[],
  follow: Follow,
): Effect[] {
  const effects = (instance?.effects ?? []).filter(
    ({ parts, binding }) => mayMeet(parts, asked) && !follow.isActive(binding),
  );
  const attribute = asked[0]?.slice(1) ?? '';
  let isAssigned = false;
  const ofClass: Effect[] = [];
  for (const scope of withBases(type)) {
    for (const bindings of scope.definition?.body.bindings.values() ?? []) {
      for (const binding of bindings) {
        const { definition } = binding;
        const [self] = definition?.parameters ?? [];
        if (definition?.kind !== 'def' || !self) continue;
        isAssigned ||= definition.body.selfAttributes.has(attribute);
        if (!definition.body.bindings.has(changesOf(self.name))) continue;
        const method = enter(binding, definition, scope);
        const isInit = definition.name === '__init__';
        const at = isInit && instance ? called(method, instance.args, instance) : method;
        const isSure = isInit || follow.at.has(method.base);
        for (const one of effectsIn(at, self.name, asked, follow)) {
          effects.push({ ...one, isCertain: one.isCertain && isSure });
        }
      }
    }
    const name = scope.definition?.name ?? '';
    if (scope.parent) ofClass.push(...effectsIn(scope.parent, name, asked, follow));
  }
  return isAssigned ? effects : [...ofClass, ...effects];
}

/** Did all of them happen, one after the other? */
export function areInOrder(effects: readonly Effect[]): boolean {
  const [first] = effects;
  return effects.every((one) => one.isCertain && one.doer.base === first?.doer.base);
}

/** What `asked` is after the effects, where the last of them says it. */
export function settledBy(
  effects: readonly Effect[],
  asked: readonly string[],
): { placed: Placed; rest: string[] } | undefined {
  const last = effects.at(-1);
  if (last?.how !== '=' || !last.value || !areInOrder(effects)) return undefined;
  const isWhole =
    last.parts.length <= asked.length &&
    last.parts.every((part, index) => part === asked[index] && isKnown(part));
  if (!isWhole || mentions(last)) return undefined;
  return { placed: last.value, rest: asked.slice(last.parts.length) };
}

/** Is its value made of what it changes? */
function mentions({ binding, value }: Effect): boolean {
  const name = binding.name.slice(0, -2);
  const isIn = (node: Node): boolean =>
    (node.kind === 'identifier' && node.text === name) || node.children.some(isIn);
  return value !== undefined && isIn(value.node);
}

/** Canonical text of what happened: `if`s it depends on, part, value. */
export function effectText(effect: Effect, follow: Follow, references: References): string {
  const { binding, parts, how, value, scope, doer } = effect;
  const guards = binding.guards.map(({ branch, condition }) =>
    condition ? `${follow.text({ node: condition, scope }, references)}: ` : `branch ${branch}: `,
  );
  const target = parts.join('');
  const list = value && child(value.node, 'arguments');
  const isOperator = !/^\w/.test(how);
  const made = value
    ? follow.text(list && !isOperator ? { node: list, scope } : value, references)
    : '';
  const done = isOperator ? `${target} ${how} ${made}`.trimStart() : `${target}.${how}(${made})`;
  const written = how === 'del' ? `del ${target}` : done;
  return asCalled(guards.join('') + written, doer, { follow, references });
}

/** A text with parameters of the function that it stands in, and what calls of that give for them. */
function asCalled(
  text: string,
  { kind, definition, parent }: Scope,
  to: { follow: Follow; references: References },
): string {
  const { follow, references } = to;
  if (kind !== 'def' || !definition || !parent) return text;
  const asked = definition.parameters.filter((_, index) => mentionsParameter(text, index + 1));
  const calls = asked.length > 0 ? (parent.facts.bindings.get(callsOf(definition.name)) ?? []) : [];
  if (follow.entering.has(definition) || !follow.mayFollow(calls.length)) return text;
  follow.entering.add(definition);
  try {
    const given = calls.flatMap(({ value: node, change }) => {
      if (!node || !change) return [];
      const scope = enterAll(parent, change.within);
      const { args } = follow.functionCalled({ node, scope }) ?? {};
      const placed = asked.flatMap(({ name }) => args?.get(name)?.placed ?? []);
      if (placed.length === 0) return [];
      const texts = placed.map((one) => follow.text(one, references));
      const written = asCalled(`(${texts.join(', ')})`, scope, to);
      return PASSED_ON.test(written) ? [] : written;
    });
    return given.length === 0 ? text : `${text} given ${[...new Set(given)].join(' or ')}`;
  } finally {
    follow.entering.delete(definition);
  }
}

/** Parameters alone, of a function that nobody here gives anything. */
const PASSED_ON = /^\((?:<parameter [^<>]*>(?:, )?)+\)$/;

/** As {@link Resolver} writes those that nothing is known of. */
function mentionsParameter(text: string, position: number): boolean {
  return new RegExp(`<parameter ${position}\\b`).test(text);
}
