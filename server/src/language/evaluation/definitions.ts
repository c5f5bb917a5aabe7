import type { Node } from './node.js';
import { moduleOf, type Resolver } from './resolver.js';
import type { Variable } from './scope.js';
import type { Method } from './world.js';
import { Writer, type References } from './writer.js';

/** The user's own definitions that a source consists of, and those that they refer to, in canonical form. */
export class DefinitionCollector implements References {
  private readonly texts = new Map<string, string>();
  private readonly seen = new Map<Node, string>();
  private readonly names = new Map<Variable, string>();

  constructor(private readonly resolver: Resolver) {}

  definition({ name, definition, scope }: Variable): string {
    if (!definition) return name;
    const known = this.seen.get(definition);
    if (known !== undefined) return known;
    const unique = this.texts.has(name) ? `${name}#${this.seen.size}` : name;
    this.seen.set(definition, unique);
    // Its place is taken before it is written: it may refer to itself.
    this.texts.set(unique, '');
    const parts = [new Writer(this.resolver, this).code(definition, scope)];
    for (const method of methodsOf(name, definition, scope)) {
      parts.push(new Writer(this.resolver, this).code(method.node, method.scope));
    }
    this.texts.set(unique, parts.join('\n'));
    return unique;
  }

  variable(variable: Variable, write: (writer: Writer) => string): string {
    const known = this.names.get(variable);
    if (known !== undefined) return known;
    const name = `@${this.names.size + 1}`;
    this.names.set(variable, name);
    this.texts.set(name, write(new Writer(this.resolver, this)));
    return name;
  }

  collected(): Record<string, string> {
    return Object.fromEntries(this.texts);
  }
}

/** Functions that have a type as their receiver, by name. */
export function methodsOf(
  name: string,
  definition: Node,
  scope: Variable['scope'],
): readonly Method[] {
  if (definition.kind !== 'type') return [];
  return moduleOf(scope)
    .methods(`${name}.`)
    .toSorted((a, b) => (a.node.text < b.node.text ? -1 : 1));
}
