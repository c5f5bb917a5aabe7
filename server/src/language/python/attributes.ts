import type { Binding } from './facts.js';
import { called, enter, withBases, type Instance, type Placed, type Scope } from './scope.js';
import { child, unwrap } from './syntax.js';

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

/** What `self.name` is in the methods of a class. */
export function ofSelf(
  type: Scope,
  instance: Instance | undefined,
  name: string,
): Placed | undefined {
  const assigned: Placed[] = [];
  for (const scope of withBases(type)) {
    for (const bindings of scope.definition?.body.bindings.values() ?? []) {
      for (const binding of bindings) {
        const own = binding.definition?.body.selfAttributes.get(name);
        if (!own || !binding.definition) continue;
        const method = enter(binding, binding.definition, scope);
        const isInit = binding.name === '__init__' && instance;
        const at = isInit ? called(method, instance.args, instance) : method;
        for (const one of own) {
          const value = one.kind === 'assign' ? valueOf(one, at) : undefined;
          if (!value) return undefined;
          assigned.push(value);
        }
      }
    }
  }
  if (assigned.length > 1) return undefined;
  const argument = instance?.args.get(name);
  return assigned[0] ?? argument?.placed ?? classAttribute(type, name);
}
