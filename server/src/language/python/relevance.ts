import { factsOf } from './collector.js';
import type { Definition, Facts, Site } from './facts.js';
import { sitesIn, type ModuleFacts } from './moduleFacts.js';
import { enter, type Scope } from './scope.js';
import { shareOf, type Outline } from './share.js';
import type { PlacedStatement } from './statement.js';
import { inOrder } from './statementIndex.js';

/**
 * Which definitions of a module matter to its pipelines: those that apply transforms, and those that call such
 * ones by name. The others, most of a long file, are not looked at.
 */
export class Relevance {
  /** Names of the relevant definitions, and of what is imported and relevant where it is defined. */
  readonly names = new Set<string>();
  /** With relevant definitions. */
  private readonly statements = new Set<PlacedStatement>();
  private readonly due: string[] = [];

  /**
   * @param calls names that something is called by and that may be imported
   * @param isImported does a name, or `module.name`, stand for a relevant definition of another file?
   */
  constructor(
    private readonly facts: ModuleFacts,
    calls: Iterable<string>,
    private readonly isImported: (name: string) => boolean,
  ) {
    for (const name of calls) if (isImported(name)) this.add(name);
    for (const one of facts.applyingStatements) {
      this.addOutlines(one, ({ appliesTransforms }) => appliesTransforms);
    }
    for (let name = this.due.pop(); name !== undefined; name = this.due.pop()) {
      for (const key of [name, `.${name}`]) {
        for (const one of facts.callersOf(key)) {
          this.addOutlines(one, ({ callees }) => callees.has(key));
        }
      }
    }
  }

  private add(name: string): void {
    if (this.names.has(name)) return;
    this.names.add(name);
    this.due.push(name);
  }

  private addOutlines(placed: PlacedStatement, isRelevant: (outline: Outline) => boolean): void {
    for (const outline of shareOf(placed.statement).outline) {
      if (!isRelevant(outline)) continue;
      this.statements.add(placed);
      this.add(outline.name);
    }
  }

  /** May a call of this name matter? Of `a.b` also when some `b` of the file does. */
  has(name: string): boolean {
    return this.names.has(name) || this.names.has(name.slice(name.lastIndexOf('.') + 1));
  }

  /** Is a relevant definition called by its name, or as a method `x.name`? */
  isCalled(name: string, isMethod: boolean): boolean {
    return this.facts.isCalled(name) || (isMethod && this.facts.isCalled(`.${name}`));
  }

  /**
   * May anything be otherwise with, or without, this statement: what is relevant, where it is called, what is done
   * outside of definitions?
   */
  isConcernedBy({ statement }: PlacedStatement): boolean {
    const { appliesTransforms, calls, imports, sites } = shareOf(statement);
    if (appliesTransforms || imports.length > 0 || sites.has('')) return true;
    for (const name of calls) if (this.has(name) || this.isImported(name)) return true;
    return false;
  }

  /** The places in a scope, outside of definitions in it, that apply transforms or call what matters. */
  sitesIn(scope: Scope): Site[] {
    const sites = scope.definition?.body.sites ?? this.ownSites();
    return sites.filter(({ callee }) => callee === undefined || this.has(callee));
  }

  private ownSites(): Site[] {
    const statements = new Set(this.facts.sitesOf(''));
    for (const name of this.names) {
      for (const key of [name, `.${name}`]) {
        for (const one of this.facts.sitesOf(key)) statements.add(one);
      }
    }
    return inOrder(statements).flatMap(sitesIn);
  }

  /** The relevant definitions of the module, at any depth, outermost first. */
  *definitionsIn(module: Scope): Generator<Scope> {
    const names = new Set<string>();
    for (const { statement } of inOrder(this.statements)) {
      for (const [name, bindings] of factsOf(statement).bindings) {
        if (bindings.some(({ definition }) => definition)) names.add(name);
      }
    }
    yield* this.definitionsNamed(names, module);
  }

  private *definitionsNamed(names: Iterable<string>, scope: Scope): Generator<Scope> {
    for (const name of names) {
      for (const binding of scope.facts.bindings.get(name) ?? []) {
        if (!binding.definition || !this.hasRelevant(binding.definition)) continue;
        const inner = enter(binding, binding.definition, scope);
        if (this.isRelevant(binding.definition.body)) yield inner;
        yield* this.definitionsNamed(binding.definition.body.bindings.keys(), inner);
      }
    }
  }

  private isRelevant({ appliesTransforms, calls }: Facts): boolean {
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
