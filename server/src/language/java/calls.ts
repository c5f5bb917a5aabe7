import { child, type SyntaxNode } from '../syntax/tree.js';

/** The call that a chain of calls begins with: `a.b()` of `a.b().c().d()`. */
export function rootCall(node: SyntaxNode): SyntaxNode {
  let root = node;
  for (;;) {
    const object = child(root, 'object');
    if (object?.kind !== 'method_invocation') return root;
    root = object;
  }
}

/** Is `.apply(…)` among the calls of a chain? */
export function appliesSomething(node: SyntaxNode): boolean {
  let call: SyntaxNode | undefined = node;
  for (; call?.kind === 'method_invocation'; call = child(call, 'object')) {
    const name = child(call, 'name')?.text;
    if (name === 'apply' || name === 'applyTransform') return true;
  }
  return false;
}
