import type { Definition, Outline } from './facts.js';
import { enter, type Scope } from './scope.js';

/**
 * Which definitions of a module matter to its pipelines: those that apply transforms, and those that call such
 * ones by name. The others, most of a long file, need not be looked at.
 */
export class Relevance {
  /** Names of the relevant definitions, and of what is imported and relevant where it is defined. */
  readonly names = new Set<string>();
  /** Names of what any definition calls. */
  readonly called = new Set<string>();

  /**
   * @param calls what the module itself calls
   * @param isImported does a name, or `module.name`, stand for a relevant definition of another file?
   */
  constructor(
    outline: readonly Outline[],
    calls: ReadonlySet<string>,
    isImported: (name: string) => boolean,
  ) {
    for (const one of outline) for (const name of one.calls) this.called.add(name);
    for (const one of [this.called, calls]) {
      for (const name of one) if (isImported(name)) this.names.add(name);
    }
    for (let size = -1; size !== this.names.size;) {
      size = this.names.size;
      for (const one of outline) if (this.isRelevant(one)) this.names.add(one.name);
    }
  }

  /** May a call of this name matter? Of `a.b` also when some `b` of the file does. */
  has(name: string): boolean {
    return this.names.has(name) || this.names.has(name.slice(name.lastIndexOf('.') + 1));
  }

  /** The relevant definitions in a scope, at any depth, outermost first. */
  *definitionsIn(scope: Scope): Generator<Scope> {
    for (const bindings of scope.facts.bindings.values()) {
      for (const binding of bindings) {
        if (!binding.definition || !this.hasRelevant(binding.definition)) continue;
        const inner = enter(binding, binding.definition, scope);
        if (this.isRelevant(inner.facts)) yield inner;
        yield* this.definitionsIn(inner);
      }
    }
  }

  private isRelevant({
    appliesTransforms,
    calls,
  }: Pick<Outline, 'appliesTransforms' | 'calls'>): boolean {
    if (appliesTransforms) return true;
    for (const name of calls) if (this.has(name)) return true;
    return false;
  }

  private hasRelevant({ body }: Definition): boolean {
    if (this.isRelevant(body)) return true;
    for (const bindings of body.bindings.values()) {
      for (const { definition } of bindings) {
        if (definition && this.hasRelevant(definition)) return true;
      }
    }
    return false;
  }
}
