import type { Definition } from './facts.js';
import { methodOf, type Scope } from './scope.js';
import { child, dottedName, type Node } from './syntax.js';

/** Is it a function that `@ptransform_fn` makes a transform? */
export function isTransformFunction(definition: Definition): boolean {
  return definition.decorators.some((one) => lastName(one) === 'ptransform_fn');
}

/** Is it a DoFn that makes any input unbounded? */
export function isUnboundedPerElement(type: Scope): boolean {
  const process = methodOf(type, 'process');
  return (
    process?.definition?.decorators.some((one) => lastName(one) === 'unbounded_per_element') ??
    false
  );
}

/** Of a decorator `@a.b.c()` or `@a.b.c`: `c`. */
function lastName(decorator: Node): string | undefined {
  const expression = decorator.children.find((part) => part.kind !== '@');
  const callee = expression?.kind === 'call' ? child(expression, 'function') : expression;
  return callee && dottedName(callee)?.at(-1);
}
