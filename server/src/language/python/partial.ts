import { importedName } from './importedNames.js';
import type { Placed } from './scope.js';
import { child, dottedName, type Node } from './syntax.js';

/** The call that one of a `functools.partial` is, with the arguments of both. */
export function wholeCall(
  { node, scope }: Placed,
  resolver: { reduce(placed: Placed): Placed },
): Node | undefined {
  const callee = child(node, 'function');
  const list = child(node, 'arguments');
  if (callee?.kind !== 'identifier' || !list) return undefined;
  const made = resolver.reduce({ node: callee, scope });
  const maker = made.node.kind === 'call' ? child(made.node, 'function') : undefined;
  const names = maker && dottedName(maker);
  if (!names || importedName(names, made.scope) !== 'functools.partial') return undefined;
  const [called, ...given] = child(made.node, 'arguments')?.children ?? [];
  if (!called) return undefined;
  const args = { ...list, children: [...given, ...list.children] };
  return { ...node, children: [{ ...called, field: 'function' }, args] };
}
