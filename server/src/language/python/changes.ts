import {
  callsOf,
  callsWith,
  changesOf,
  type Binding,
  type Change,
  type Definition,
  type Part,
} from './facts.js';
import { child, unwrap, type Node } from './syntax.js';

/** Methods that change a dictionary, a list or a set. */
const CHANGERS =
  /^(?:update|setdefault|pop|popitem|append|appendleft|extend|insert|remove|clear|add|discard|sort|reverse)$/;

/** `a.b['c']` as the name it begins with and its parts; undefined for what does not begin with a name. */
export function partsOf(node: Node): { root: string; parts: Part[] } | undefined {
  const parts: Part[] = [];
  let inner = unwrap(node);
  while (inner.kind !== 'identifier') {
    const isAttribute = inner.kind === 'attribute';
    if (!isAttribute && inner.kind !== 'subscript') return undefined;
    const object = child(inner, isAttribute ? 'object' : 'value');
    if (!object) return undefined;
    parts.unshift(
      isAttribute ? { attribute: child(inner, 'attribute')?.text } : { key: keyOf(inner) },
    );
    inner = unwrap(object);
  }
  return { root: inner.text, parts };
}

/** The one key of `d[key]`. */
function keyOf(subscript: Node): Node | undefined {
  const keys = subscript.children.filter(({ field }) => field === 'subscript');
  return keys.length === 1 && keys[0]?.kind !== 'slice' ? keys[0] : undefined;
}

/** What an assignment to `target`, or its deletion, changes. */
export function changedBy(
  target: Node,
  how: string,
): { root: string; change: Pick<Change, 'parts' | 'how'> } | undefined {
  if (target.kind !== 'attribute' && target.kind !== 'subscript') return undefined;
  const changed = partsOf(target);
  return changed && { root: changed.root, change: { parts: changed.parts, how } };
}

/** What a call changes: `d.update(…)`, `setattr(o, 'x', …)`. */
export function changedByCall(
  call: Node,
): { root: string; value: Node; change: Pick<Change, 'parts' | 'how'> } | undefined {
  const callee = child(call, 'function');
  const [first, name, value] = child(call, 'arguments')?.children ?? [];
  if (callee?.kind === 'identifier' && /^(?:setattr|delattr)$/.test(callee.text)) {
    const object = first && partsOf(first);
    if (!object || !name) return undefined;
    const attribute = /^['"](\w+)['"]$/.exec(name.text)?.[1];
    const parts = [...object.parts, { attribute }];
    const how = value ? '=' : 'del';
    return { root: object.root, value: value ?? call, change: { parts, how } };
  }
  const method = callee?.kind === 'attribute' ? child(callee, 'attribute')?.text : undefined;
  const object = callee && child(callee, 'object');
  if (method === undefined || !object || !CHANGERS.test(method)) return undefined;
  const changed = partsOf(object);
  return (
    changed && { root: changed.root, value: call, change: { parts: changed.parts, how: method } }
  );
}

/** What a definition at `offset` changes that is bound outside of it, as bindings of the scope around it. */
export function* changesIn(definition: Definition, offset: number): Generator<Binding> {
  const { bindings, notLocal } = definition.body;
  for (const [key, found] of bindings) {
    const isRebound = notLocal.has(key);
    for (const one of found) {
      const change = isRebound ? { parts: [], how: '=', repeated: false, within: [] } : one.change;
      if (!change || !one.value) continue;
      if (!isRebound && isLocal(definition, key.slice(0, -2), change)) continue;
      const within = [definition, ...change.within];
      const name = isRebound ? changesOf(key) : key;
      yield { ...one, name, offset: offset + one.offset, change: { ...change, within } };
    }
  }
}

/** Is a name that is changed in a definition bound there? */
function isLocal({ kind, parameters, body }: Definition, name: string, change: Change): boolean {
  if (parameters.some((one) => one.name === name)) return true;
  if (!body.bindings.has(name) || body.notLocal.has(name)) return false;
  // Methods do not see the names of their class.
  return kind === 'def' || change.within.length === 0;
}

/** Functions that change nothing they are given. */
const HARMLESS =
  /^(?:print|len|str|repr|int|float|bool|list|dict|set|tuple|sorted|min|max|sum|range|enumerate|zip|isinstance|issubclass|getattr|hasattr|type|super|open|vars|id|hash|any|all|iter|next)$/;

/** What is kept of a call: under the name of what it is given or made on, which it may change, and under its own. */
export function* keptCalls(
  call: Node,
  isAlone: boolean,
): Generator<{ name: string; change: Omit<Change, 'repeated'> }> {
  const callee = child(call, 'function');
  if (!callee || HARMLESS.test(callee.text)) return;
  const given = child(call, 'arguments')?.children ?? [];
  if (callee.kind === 'identifier' && given.length > 0) {
    yield { name: callsOf(callee.text), change: { parts: [], how: '()', within: [] } };
  }
  const object = callee.kind === 'attribute' ? child(callee, 'object') : undefined;
  for (const one of [object, ...given]) {
    const node = one?.kind === 'keyword_argument' ? child(one, 'value') : one;
    const found = node && partsOf(node);
    if (!found) continue;
    const change = { parts: found.parts, how: '()', given: { node, isAlone }, within: [] };
    yield { name: callsWith(found.root), change };
  }
}
