import type { Binding } from './facts.js';
import { readString } from './literals.js';
import { called, enter, withBases, type Instance, type Placed, type Scope } from './scope.js';
import { child, isDocstring, unwrap, type Node } from './syntax.js';

/** The bound expression, when the binding is to all of it or to one item of a literal tuple. */
export function valueOf(binding: Binding, scope: Scope): Placed | undefined {
  if (!binding.value || binding.kind === 'other') return undefined;
  if (binding.index === undefined) return { node: binding.value, scope };
  if (binding.kind !== 'assign') return undefined;
  const value = unwrap(binding.value);
  const isTuple =
    value.kind === 'tuple' || value.kind === 'expression_list' || value.kind === 'list';
  const item = isTuple ? value.children[binding.index] : undefined;
  // `args, rest = parser.parse_known_args()`: what is asked of `args` is asked of the parser.
  if (binding.index === 0 && value.kind === 'call') {
    const callee = child(value, 'function');
    const method = callee && child(callee, 'attribute')?.text;
    if (method === 'parse_known_args') return { node: value, scope };
  }
  return item && { node: item, scope };
}

/** What a name is in the body of a class, when it is assigned once. */
export function classAttribute(type: Scope, name: string): Placed | undefined {
  for (const scope of withBases(type)) {
    const bindings = scope.facts.bindings.get(name);
    if (!bindings) continue;
    const [only] = bindings;
    if (bindings.length !== 1 || only?.kind !== 'assign') return undefined;
    return valueOf(only, scope);
  }
  return undefined;
}

/** Where the methods of a class assign `self.name`. */
export function assignments(
  type: Scope,
  instance: Instance | undefined,
  name: string,
): { binding: Binding; scope: Scope }[] {
  const assigned: { binding: Binding; scope: Scope }[] = [];
  for (const scope of withBases(type)) {
    for (const bindings of scope.definition?.body.bindings.values() ?? []) {
      for (const binding of bindings) {
        const own = binding.definition?.body.selfAttributes.get(name);
        if (!own || !binding.definition) continue;
        const method = enter(binding, binding.definition, scope);
        const isInit = binding.name === '__init__' && instance;
        const at = isInit ? called(method, instance.args, instance) : method;
        assigned.push(...own.map((one) => ({ binding: one, scope: at })));
      }
    }
  }
  return assigned;
}

/** What `self.name` is in the methods of a class. */
export function ofSelf(
  type: Scope,
  instance: Instance | undefined,
  name: string,
): Placed | undefined {
  const [first, ...more] = assignments(type, instance, name);
  if (more.length > 0) return undefined;
  if (first)
    return first.binding.kind === 'assign' ? valueOf(first.binding, first.scope) : undefined;
  return instance?.args.get(name)?.placed ?? classAttribute(type, name);
}

/** What a function of the user's returns that does nothing but return. */
export function returned(target: Scope | undefined): Placed | undefined {
  const [only] = target?.facts.returns ?? [];
  const body = target?.definition?.statement.clauses.at(-1)?.body;
  const statements = body?.filter(({ statement }) => !isDocstring(statement.nodes[0])) ?? [];
  if (!target || !only || statements.length !== 1 || target.definition?.decorators.length) {
    return undefined;
  }
  return { node: only.node, scope: target };
}

/** `getattr(o, 'x')`, `vars(o)['x']` and `o.__dict__['x']` as what they are: `o.x`. */
export function attributeNamed(node: Node, scope: Scope): Placed | undefined {
  let object: Node | undefined;
  let key: Node | undefined;
  if (node.kind === 'call' && child(node, 'function')?.text === 'getattr') {
    [object, key] = child(node, 'arguments')?.children ?? [];
  } else if (node.kind === 'subscript') {
    const value = child(node, 'value');
    key = child(node, 'subscript');
    const isVars = value?.kind === 'call' && child(value, 'function')?.text === 'vars';
    if (value && isVars) object = child(value, 'arguments')?.children[0];
    else if (value && child(value, 'attribute')?.text === '__dict__') {
      object = child(value, 'object');
    }
  }
  const name = key?.kind === 'string' ? readString(key.text)?.value : undefined;
  if (!object || name === undefined || !/^[^\W\d]\w*$/.test(name)) return undefined;
  const { start, end } = node;
  const attribute = {
    kind: 'identifier',
    field: 'attribute',
    start,
    end,
    children: [],
    text: name,
  };
  const children = [{ ...object, field: 'object' }, attribute];
  return { node: { kind: 'attribute', field: node.field, start, end, children, text: '' }, scope };
}

/** `node[key]`, of the key's canonical text. */
export function withKey({ start, end, ...node }: Node, key: string): Node {
  const subscript = { kind: 'string', field: 'subscript', start, end, children: [], text: key };
  const children = [{ ...node, start, end, field: 'value' }, subscript];
  return { kind: 'subscript', field: '', start, end, children, text: '' };
}
