import type { Sdk } from '../source.js';
import type { Layout } from '../syntax/segments.js';
import type { Import, Node } from './node.js';
import type { Placed, Resolver } from './resolver.js';
import type { Binding, Facts, Scope, Variable } from './scope.js';

/** What a language adds to the evaluation that all of them share. */
export interface Dialect {
  sdk: Sdk;
  layout: Layout;
  /** Parses and lowers a segment. */
  read(text: string): { root: Node; errors: Facts['errors'] };
  /** Can the file use Beam at all? Asked of every version of a text, so it costs next to nothing. */
  mentionsBeam(text: string): boolean;
  /** The user's own module that an import is of. */
  module(one: Import, from: Module): Module | undefined;
  /** Qualified name of what is imported from a module that is not the user's own. */
  qualify(one: Import, names: readonly string[]): string;
  /** Is there a transform of that qualified name? For imports of all that a module has. */
  isKnown(qualified: string): boolean;
  /** Text of a value that the program's arguments give: `--topic (default "a")`. */
  option(placed: Placed, resolver: Resolver): string | undefined;
  /** The pieces of a call that makes a string of others: `fmt.Sprintf`. */
  pieces(placed: Placed, resolver: Resolver): (string | Placed)[] | undefined;
  /** The list that a call makes of another one: `append`. */
  list?(placed: Placed, resolver: Resolver): Placed | undefined;
}

/** What a name means. */
export type Entity =
  | { kind: 'variable'; variable: Variable; rest: readonly string[] }
  /** Defined in a module that is not the user's own. */
  | { kind: 'external'; name: string };

/** A function that has a receiver, and where it is declared. */
export interface Method {
  node: Node;
  scope: Scope;
}

const MAX_HOPS = 8;

/** The top-level names of a file, or of the files of a Go package. */
export class Module {
  private readonly merged = new Map<string, Variable | undefined>();
  private names: Map<string, Variable[]> | undefined;
  private byReceiver: Map<string, Method[]> | undefined;
  private readonly assigned: Facts['assigned'] = [];
  private readonly touched: Facts['touched'] = [];
  private readonly stars: { one: Import; facts: Facts }[] = [];
  /** Segments of which more than their summary was asked for. */
  readonly read = new Set<Facts>();

  constructor(
    /** Of the file, or the folder. */
    readonly path: string,
    private readonly dialect: Dialect,
    readonly files: readonly (readonly Facts[])[],
  ) {
    for (const facts of this.facts()) {
      facts.place.module = this;
      this.assigned.push(...facts.assigned);
      this.touched.push(...facts.touched);
      for (const one of facts.imports) {
        if (one.isExport || one.name === '.') this.stars.push({ one, facts });
      }
    }
  }

  /** Functions that have a receiver: under `Type.` all of a type, under `.name` all of a name. */
  methods(key: string): readonly Method[] {
    if (!this.byReceiver) {
      this.byReceiver = new Map();
      for (const { functions } of this.facts()) {
        for (const { node, scope } of functions) {
          if (node.receiver === undefined) continue;
          for (const each of [`${node.receiver}.`, `.${node.text}`]) {
            const known = this.byReceiver.get(each);
            if (known) known.push({ node, scope });
            else this.byReceiver.set(each, [{ node, scope }]);
          }
        }
      }
    }
    const methods = this.byReceiver.get(key) ?? [];
    for (const { scope } of methods) this.read.add(scope.facts);
    return methods;
  }

  *facts(): Generator<Facts> {
    for (const file of this.files) yield* file;
  }

  /** What a name of the top level means, with what any file of the module does to it. */
  variable(name: string, from?: Facts): Variable | undefined {
    const variables = this.all().get(name);
    // In Go, an import is of its file alone.
    const imported = variables?.find(
      ({ kind, scope }) => kind === 'import' && (!from || this.isSameFile(scope.facts, from)),
    );
    if (imported) return imported;
    if (!this.merged.has(name)) {
      const own = variables?.filter(({ kind }) => kind !== 'import') ?? [];
      this.merged.set(name, this.merge(own, name));
    }
    return this.merged.get(name);
  }

  private isSameFile(a: Facts, b: Facts): boolean {
    if (this.files.length === 1) return true;
    return this.files.some((file) => file.includes(a) && file.includes(b));
  }

  private merge(variables: readonly Variable[], name: string): Variable | undefined {
    const [first] = variables;
    if (!first) return undefined;
    const bindings: Binding[] = variables.flatMap((variable) => variable.bindings);
    for (const one of this.assigned) if (one.name === name) bindings.push(one.binding);
    const touches = variables.flatMap((variable) => variable.touches);
    for (const one of this.touched) if (one.name === name) touches.push(one.touch);
    for (const { scope } of variables) this.read.add(scope.facts);
    for (const { scope } of bindings) this.read.add(scope.facts);
    for (const { binding } of touches) this.read.add(binding.scope.facts);
    return { ...first, bindings, touches };
  }

  private all(): Map<string, Variable[]> {
    if (this.names) return this.names;
    this.names = new Map();
    for (const { scope } of this.facts()) {
      for (const [name, variable] of scope.names) {
        const known = this.names.get(name);
        if (known) known.push(variable);
        else this.names.set(name, [variable]);
      }
    }
    return this.names;
  }

  /** What dotted names mean that are looked up in this module. */
  entity(names: readonly string[], from?: Facts, hops = 0): Entity | undefined {
    const [root = '', ...rest] = names;
    const variable = this.variable(root, from);
    if (hops > MAX_HOPS) return undefined;
    if (variable?.imported) return this.imported(variable.imported, rest, hops);
    if (variable) return { kind: 'variable', variable, rest };
    for (const { one, facts } of this.stars) {
      if (from && !this.isSameFile(facts, from)) continue;
      if (one.isExport && one.name === root) return this.imported(one, rest, hops);
      if (one.name !== '.') continue;
      const found = this.imported({ ...one, imported: '*' }, names, hops);
      const isThere =
        found?.kind === 'variable' || (found && this.dialect.isKnown(found.name)) === true;
      if (isThere) return found;
    }
    return undefined;
  }

  private imported(one: Import, names: readonly string[], hops: number): Entity | undefined {
    const module = this.dialect.module(one, this);
    if (!module) return { kind: 'external', name: this.dialect.qualify(one, names) };
    const path = one.imported === '*' ? names : [one.imported, ...names];
    if (path.length === 0) return undefined;
    const found = module.entity(path, undefined, hops + 1);
    return found ?? { kind: 'external', name: [module.path, ...path].join('.') };
  }
}
