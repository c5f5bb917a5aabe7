import { areInOrder, type Effect } from './effects.js';
import { lookUp, type Placed } from './scope.js';
import { child, unwrap, type Node } from './syntax.js';

const MAX_STEPS = 24;

/** What reading dictionaries needs of {@link Reducer}. */
interface Follow {
  text(placed: Placed): string;
  /** What may have happened to an expression's value since it was made. */
  effects(placed: Placed): readonly Effect[];
  /** One step towards what an expression is made by, whatever happened to it since. */
  behind(placed: Placed): Placed | undefined;
  ignoring<T>(effects: readonly Effect[], read: () => T): T;
  dictionary(placed: Placed): Entries | undefined;
}

/** By canonical texts of the keys, which are constants. */
type Entries = Map<string, Placed>;

/**
 * Entries of a dictionary: a literal, `dict(…)`, a copy, one made of several, with all that was done to it, where
 * that is known. Undefined when it is not.
 */
export function dictionaryOf(placed: Placed, follow: Follow): Entries | undefined {
  let current = { node: unwrap(placed.node), scope: placed.scope };
  for (let step = 0; step < MAX_STEPS; step++) {
    const effects = follow.effects(current);
    const made = literal(current, follow) ?? rest(current);
    if (made) return made;
    const next = follow.ignoring(effects, () => follow.behind(current));
    if (effects.length > 0) {
      const before = next && areInOrder(effects) ? follow.dictionary(next) : undefined;
      return before && changed(before, effects);
    }
    if (!next) return undefined;
    current = { node: unwrap(next.node), scope: next.scope };
  }
  return undefined;
}

function changed(entries: Entries, effects: readonly Effect[]): Entries | undefined {
  for (const { parts, how, value } of effects) {
    const key = /^\[(".*"|-?\d+)\]$/s.exec(parts[0] ?? '')?.[1];
    if (parts.length !== 1 || key === undefined) return undefined;
    if (how === 'del') entries.delete(key);
    else if (how === '=' && value) entries.set(key, value);
    else if (how === 'setdefault' && value) entries.set(key, entries.get(key) ?? value);
    else return undefined;
  }
  return entries;
}

function literal({ node, scope }: Placed, follow: Follow): Entries | undefined {
  const entry = (name: string): Placed | undefined => {
    const part = child(node, name);
    return part && { node: part, scope };
  };
  switch (node.kind) {
    case 'dictionary':
      return merged(node.children, (part) => ofPair(part, scope, follow));
    // The arguments of `dict(…)` and `….update(…)`.
    case 'dict':
      return merged(node.children, (part, index) => {
        if (part.kind !== 'keyword_argument' && part.kind !== 'dictionary_splat' && index > 0)
          return undefined;
        return ofPair(part, scope, follow) ?? follow.dictionary({ node: part, scope });
      });
    case 'binary_operator': {
      const operands = [entry('left'), entry('right')];
      if (child(node, 'operator')?.text !== '|') return undefined;
      return merge(operands.map((one) => one && follow.dictionary(one)));
    }
    case 'call': {
      const callee = child(node, 'function');
      const list = child(node, 'arguments');
      const [first] = list?.children ?? [];
      if (list && callee?.text === 'dict') {
        return literal({ node: { ...list, kind: 'dict' }, scope }, follow);
      }
      const isCopy = /^(?:deep)?copy$/.test(
        (callee && child(callee, 'attribute')?.text) ?? callee?.text ?? '',
      );
      const object = isCopy ? (first ?? (callee && child(callee, 'object'))) : undefined;
      return object && follow.dictionary({ node: object, scope });
    }
    default:
      return undefined;
  }
}

/** `'a': 1`, `a=1`, `**more` */
function ofPair(part: Node, scope: Placed['scope'], follow: Follow): Entries | undefined {
  const value = child(part, 'value');
  if (part.kind === 'dictionary_splat' && part.children.at(-1)) {
    return follow.dictionary({ node: part.children.at(-1) ?? part, scope });
  }
  if (!value) return undefined;
  if (part.kind === 'keyword_argument') {
    return new Map([[`"${child(part, 'name')?.text ?? ''}"`, { node: value, scope }]]);
  }
  const key = child(part, 'key');
  const text = key && follow.text({ node: key, scope });
  if (text === undefined || !/^(?:".*"|-?\d+)$/s.test(text)) return undefined;
  return new Map([[text, { node: value, scope }]]);
}

function merged(
  parts: readonly Node[],
  read: (part: Node, index: number) => Entries | undefined,
): Entries | undefined {
  return merge(parts.filter(({ kind }) => kind !== 'comment').map(read));
}

function merge(all: (Entries | undefined)[]): Entries | undefined {
  const entries: Entries = new Map();
  for (const one of all) {
    if (!one) return undefined;
    for (const [key, value] of one) entries.set(key, value);
  }
  return entries;
}

/** What a call that is followed gives `**more`. */
function rest({ node, scope }: Placed): Entries | undefined {
  const found = node.kind === 'identifier' ? lookUp(scope, node.text) : undefined;
  const args = found?.parameter?.kind === '**' ? found.scope.args : undefined;
  if (!args || found?.bindings.length !== 0) return undefined;
  const named = new Set(found.scope.definition?.parameters.map(({ name }) => name));
  const entries: Entries = new Map();
  for (const [name, { placed }] of args) {
    if (named.has(name) && name !== found.parameter?.name) continue;
    if (!/^\w+$/.test(name) || !placed) return undefined;
    entries.set(`"${name}"`, placed);
  }
  return entries;
}

/** What stands in a literal under a key, of its canonical text, whatever else is in it. */
export function itemOf(
  { node, scope }: Placed,
  key: string,
  follow: Pick<Follow, 'text'>,
): Placed | undefined {
  if (node.kind === 'list' || node.kind === 'tuple') {
    const at = /^\d+$/.test(key) ? node.children[Number(key)] : undefined;
    return at && at.kind !== 'list_splat' ? { node: at, scope } : undefined;
  }
  for (const pair of node.kind === 'dictionary' ? node.children : []) {
    const own = child(pair, 'key');
    const value = child(pair, 'value');
    if (own && value && follow.text({ node: own, scope }) === key) return { node: value, scope };
  }
  return undefined;
}
