import type { SyntaxNode } from '../syntax/tree.js';
import { classScope } from './names.js';
import { memberScope, type Resolver } from './resolver.js';
import type { JavaType, Method } from './unit.js';
import { Writer } from './write.js';
import { isInside } from './writeNames.js';

/** Told of everything of the user's own that a written text refers to. */
export interface References {
  type(type: JavaType): void;
  method(method: Method): void;
}

const MAX_DEFINITIONS = 100;

/** Collects the normalised code that sources consist of, and the code that this refers to. */
export class DefinitionCollector implements References {
  private readonly texts = new Map<string, string>();
  private readonly nodes = new Set<SyntaxNode>();

  /** @param around the class that reads: it is not what the source consists of */
  constructor(
    private readonly resolver: Resolver,
    private readonly around: JavaType,
  ) {}

  type(type: JavaType): void {
    if (!isInside(this.around, type)) this.own(type);
  }

  /** The class of the source. */
  own(type: JavaType): void {
    this.add(type.path, type.node, () => {
      const writer = new Writer(this.resolver, classScope(type).inside, this, type);
      return writer.typeText(type);
    });
  }

  method(method: Method): void {
    this.add(`${method.type.path}.${method.name}`, method.node, () => {
      const writer = new Writer(this.resolver, memberScope(method), this);
      return `method ${writer.member(method.node)}`;
    });
  }

  collected(): Record<string, string> {
    return Object.fromEntries(this.texts);
  }

  /** Another overload, or a class of the same name in another file, is `name#2`. */
  private add(name: string, node: SyntaxNode, write: () => string): void {
    if (this.nodes.has(node) || this.texts.size >= MAX_DEFINITIONS) return;
    this.nodes.add(node);
    let unique = name;
    for (let count = 2; this.texts.has(unique); count++) unique = `${name}#${count}`;
    this.texts.set(unique, '');
    this.texts.set(unique, write());
  }
}
