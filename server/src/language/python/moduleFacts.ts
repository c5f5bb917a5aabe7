import { factsOf } from './collector.js';
import type { Binding, ScopeFacts, Site } from './facts.js';
import { shareOf } from './share.js';
import type { PlacedStatement } from './statement.js';
import { inOrder, StatementIndex } from './statementIndex.js';
import type { Node } from './syntax.js';

/**
 * What a module binds and does. It is looked up by name in indexes that hold a share of each statement and no
 * offsets, so that an edit costs the statements it touches and not the file.
 */
export class ModuleFacts implements ScopeFacts {
  readonly returns: ScopeFacts['returns'] = [];
  readonly notLocal: ReadonlySet<string> = new Set();
  readonly bindings: ScopeFacts['bindings'] = { get: (name) => this.bindingsOf(name) };
  private readonly binding = new StatementIndex();
  /** By what their definitions call, and by what they call themselves. */
  private readonly callers = new StatementIndex();
  private readonly sited = new StatementIndex();
  /** By whole names of what is called in them, under what the names begin with. */
  private readonly calling = new Map<string, StatementIndex>();
  private readonly applying = new Set<PlacedStatement>();
  private readonly importing = new Set<PlacedStatement>();
  private readonly starring = new Set<PlacedStatement>();
  private readonly declaring = new Set<PlacedStatement>();
  /** Bindings at their places, as far as they were asked for since the last change. */
  private readonly known = new Map<string, readonly Binding[] | undefined>();
  private readonly asked = new Set<string>();

  constructor(statements: readonly PlacedStatement[] = []) {
    this.replace([], statements);
  }

  /** Statements were exchanged, or all others moved. */
  replace(removed: readonly PlacedStatement[], added: readonly PlacedStatement[]): void {
    this.known.clear();
    for (const one of removed) this.index(one, 'delete');
    for (const one of added) this.index(one, 'add');
  }

  private index(placed: PlacedStatement, how: 'add' | 'delete'): void {
    const facts = factsOf(placed.statement);
    const share = shareOf(placed.statement);
    this.binding[how](facts.bindings.keys(), placed);
    this.callers[how](share.callees, placed);
    this.sited[how](share.sites, placed);
    for (const name of share.calls) this.indexCall(name, placed, how);
    if (share.appliesTransforms) this.applying[how](placed);
    if (share.imports.length > 0) this.importing[how](placed);
    if (facts.stars.length > 0) this.starring[how](placed);
    if (facts.options.length > 0) this.declaring[how](placed);
  }

  private indexCall(name: string, placed: PlacedStatement, how: 'add' | 'delete'): void {
    const root = rootOf(name);
    const index = this.calling.get(root) ?? new StatementIndex();
    index[how]([name], placed);
    if (index.isEmpty) this.calling.delete(root);
    else this.calling.set(root, index);
  }

  /** Nothing was asked of it yet. */
  forgetAsked(): void {
    this.asked.clear();
  }

  /** May what was answered be another answer with, or without, this statement? */
  isAsked({ statement }: PlacedStatement): boolean {
    const { bindings, stars, options } = factsOf(statement);
    if (stars.length > 0 || options.length > 0) return true;
    for (const name of bindings.keys()) if (this.asked.has(name)) return true;
    return false;
  }

  get stars(): string[] {
    return inOrder(this.starring).flatMap(({ statement }) => factsOf(statement).stars);
  }

  get options(): Node[] {
    return inOrder(this.declaring).flatMap(({ statement }) => factsOf(statement).options);
  }

  /** All imports, those inside of definitions too. */
  get imports(): Binding[] {
    return inOrder(this.importing).flatMap(({ statement }) => shareOf(statement).imports);
  }

  /** Statements with definitions that apply transforms. */
  get applyingStatements(): Iterable<PlacedStatement> {
    return this.applying;
  }

  /** Statements with definitions that call something by one of {@link calleeKeys}. */
  callersOf(key: string): Iterable<PlacedStatement> {
    return this.callers.get(key);
  }

  /** Statements that call something by one of {@link calleeKeys}, outside of definitions. */
  sitesOf(key: string): Iterable<PlacedStatement> {
    return this.sited.get(key);
  }

  /** Is anything called by one of {@link calleeKeys}? */
  isCalled(key: string): boolean {
    return this.callers.has(key) || this.sited.has(key);
  }

  /** Names of what is called that begin with a name; of all that is called without one. */
  *calls(root?: string): Generator<string> {
    if (root !== undefined) yield* this.calling.get(root)?.names() ?? [];
    else for (const index of this.calling.values()) yield* index.names();
  }

  private bindingsOf(name: string): readonly Binding[] | undefined {
    if (this.known.has(name)) return this.known.get(name);
    this.asked.add(name);
    const bindings = inOrder(this.binding.get(name)).flatMap(({ offset, statement }) =>
      (factsOf(statement).bindings.get(name) ?? []).map((binding) => shift(binding, offset)),
    );
    const found = bindings.length > 0 ? bindings : undefined;
    this.known.set(name, found);
    return found;
  }
}

/** The sites of a statement, outside of definitions, at their places in the file. */
export function sitesIn({ offset, statement }: PlacedStatement): Site[] {
  return factsOf(statement).sites.map((site) => ({
    ...site,
    offset: site.offset + offset,
    statement: { start: site.statement.start + offset, end: site.statement.end + offset },
  }));
}

function shift(binding: Binding, offset: number): Binding {
  return {
    ...binding,
    offset: binding.offset + offset,
    guards: binding.guards.map((guard) => ({ ...guard, offset: guard.offset + offset })),
  };
}

function rootOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
