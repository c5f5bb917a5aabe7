import { bodyOf, type Node } from './node.js';
import { moduleOf, type Callee, type Env, type Placed, type Resolver } from './resolver.js';
import {
  reaching,
  type Binding,
  type Facts,
  type Scope,
  type Site,
  type Variable,
} from './scope.js';
import type { Module } from './world.js';
import type { References } from './writer.js';

/** How a pipeline is named; two of one name are told apart by their place. */
export interface PipelineReference {
  name: string;
  order: number;
}

/** What transforms are applied to, and what that gives. */
export type Value =
  | { kind: 'pipeline'; pipeline: PipelineReference }
  /** Where root transforms are applied: a pipeline's root, in the scopes of `path`. */
  | { kind: 'root'; pipeline: PipelineReference; path: readonly string[] }
  /** A PCollection that ends. */
  | { kind: 'bounded'; placed: Placed; pipeline?: PipelineReference }
  | { kind: 'other'; pipeline?: PipelineReference };

/** A transform where it is applied, read or not; for the outline. */
export interface Application {
  pipeline: PipelineReference;
  label: string;
  /** As written. */
  name: string;
  range: { start: number; end: number };
}

/** A root read where it is applied. */
export interface Read {
  pipeline: PipelineReference;
  label: string;
  /** As written. */
  name: string;
  qualified: string;
  bounded: boolean;
  reason: string;
  /** Texts of the arguments by name. */
  arguments: Map<string, (references: References) => string>;
  range: { start: number; end: number };
  statement: { start: number; end: number };
  isRepeated: boolean;
}

const MAX_CALLS = 400;
const MAX_DEPTH = 12;

/** Follows what the functions of a module do with its pipelines, and finds what they read. */
export abstract class PipelineReader {
  protected readonly reads: Read[] = [];
  private readonly reached = new Set<Node>();
  private readonly active = new Set<Node>();
  private readonly relevant: Set<string>;
  private readonly followed = new Set<string>();
  private readonly evaluating = new Set<Binding>();
  private readonly own: ReadonlySet<Facts>;
  private calls = 0;
  /** The place in the file from which code of other files is read. */
  private origin: Site | undefined;
  private isRepeated = false;

  /**
   * @param file the part of the module that is the file
   * @param outline is given the transforms that the file applies; costs more than reading its sources alone
   */
  constructor(
    protected readonly module: Module,
    file: readonly Facts[],
    protected readonly resolver: Resolver,
    protected readonly outline?: Application[],
  ) {
    this.own = new Set(file);
    this.relevant = this.findRelevant();
  }

  /** Is a call by this last name one that applies transforms? */
  protected abstract isInteresting(name: string): boolean;

  /** Is a function of this name read only where something applies it? */
  protected isAppliedOnly(_name: string): boolean {
    return false;
  }

  /** What a call gives; `site` when it stands there and is not merely referred to. */
  protected abstract call(placed: Placed, site: Site | undefined): Value | undefined;

  /** What a parameter that nobody is seen to give a value is. */
  protected abstract parameter(variable: Variable): Value | undefined;

  read(): Read[] {
    // What calls nothing that matters is not looked at: it is most of a long file.
    const files = [...this.own].filter(({ calls }) => this.matters(calls));
    for (const facts of files) {
      this.module.read.add(facts);
      this.visit(undefined, facts, undefined);
    }
    const functions = files.flatMap((facts) => facts.functions);
    const called = new Set(files.flatMap((facts) => [...facts.calls]));
    // First what nobody in the file calls; then what is called only from places that are never reached.
    for (const isCallee of [false, true]) {
      for (const { node, scope } of functions) {
        if (called.has(node.text) !== isCallee || this.reached.has(node)) continue;
        if (this.isAppliedOnly(node.text)) continue;
        if (scope.owner && !this.reached.has(scope.owner)) continue;
        this.visit(node, scope.facts, undefined);
      }
    }
    return this.reads;
  }

  private matters(calls: ReadonlySet<string>): boolean {
    for (const name of calls) if (this.isFollowed(name) || this.relevant.has(name)) return true;
    return false;
  }

  private isFollowed(name: string): boolean {
    return this.outline !== undefined || this.isInteresting(name);
  }

  /** Last names of functions of the module that apply transforms, or call one that does. */
  private findRelevant(): Set<string> {
    const relevant = new Set<string>();
    let others = [...this.module.facts()].filter(({ calls }) => calls.size > 0);
    const matters = (calls: ReadonlySet<string>): boolean => {
      for (const name of calls) if (this.isFollowed(name) || relevant.has(name)) return true;
      return false;
    };
    for (let before = -1; before !== others.length;) {
      before = others.length;
      others = others.filter(({ calls, functions, scope }) => {
        if (!matters(calls)) return true;
        for (const { node } of functions) relevant.add(node.text);
        for (const name of scope.names.keys()) relevant.add(name);
        return false;
      });
    }
    return relevant;
  }

  /** Reads the code of a function, or of the top level of a segment. */
  private visit(fn: Node | undefined, facts: Facts, env: Env | undefined): void {
    if (fn) {
      this.reached.add(fn);
      this.active.add(fn);
    }
    for (const site of facts.sites.get(fn) ?? []) {
      const outer = { origin: this.origin, isRepeated: this.isRepeated };
      this.isRepeated ||= site.isRepeated;
      this.call({ node: site.node, scope: site.scope, env }, site);
      this.origin = outer.origin;
      this.isRepeated = outer.isRepeated;
    }
    if (fn) this.active.delete(fn);
  }

  /** What an expression is. */
  protected value(placed: Placed): Value | undefined {
    const { node, scope, env } = placed;
    const [first, second, third] = node.children;
    const kind: string = node.kind;
    switch (kind) {
      case 'name':
        return this.named(node, scope, env);
      case 'call':
        return this.call(placed, undefined);
      case 'operation':
        return first && node.children.length === 1
          ? this.value({ ...placed, node: first })
          : undefined;
      case 'index':
        return first && this.value({ ...placed, node: first });
      case 'choice':
        return (
          (second && this.value({ ...placed, node: second })) ??
          (third && this.value({ ...placed, node: third }))
        );
      case 'list': {
        const values = node.children.map((part) => this.value({ ...placed, node: part }));
        return (
          values.find((value) => value?.kind === 'other') ??
          values.find((value) => value !== undefined)
        );
      }
      default:
        return undefined;
    }
  }

  private named(node: Node, scope: Scope, env: Env | undefined): Value | undefined {
    const entity = this.resolver.entity([node.text], scope, node.start);
    if (entity?.kind !== 'variable' || entity.rest.length > 0) return undefined;
    const { variable } = entity;
    const bindings = reaching(variable, scope, node.start).filter(
      ({ field }) => field.length === 0,
    );
    const binding = bindings.at(-1);
    if (binding?.value) {
      if (this.evaluating.has(binding)) return undefined;
      this.evaluating.add(binding);
      try {
        const [part] = binding.path;
        const value = { node: binding.value, scope: binding.scope, env };
        return this.bound(value, typeof part === 'number' ? part : undefined, variable);
      } finally {
        this.evaluating.delete(binding);
      }
    }
    if (variable.kind !== 'parameter') return undefined;
    const argument = this.resolver.argumentOf(variable, env);
    return (argument && this.value(argument)) ?? this.parameter(variable);
  }

  /** What a variable is that gets a value, or its part at a position. */
  protected bound(
    placed: Placed,
    _part: number | undefined,
    _variable: Variable,
  ): Value | undefined {
    return this.value(placed);
  }

  /** What a function of the user's gives; its reads are reported if it is called at `site`. */
  protected follow(callee: Callee, placed: Placed, site: Site | undefined): Value | undefined {
    const { node, scope } = callee;
    if (this.active.has(node) || this.active.size > MAX_DEPTH) return undefined;
    const isOfModule = moduleOf(scope) === this.module;
    if (isOfModule && !this.relevant.has(node.text) && node.text !== '') return undefined;
    const env = this.resolver.enter(callee, placed);
    return this.enter(node, scope, env, site, placed.scope.facts);
  }

  protected enter(
    fn: Node,
    scope: Scope,
    env: Env,
    site: Site | undefined,
    from: Facts,
  ): Value | undefined {
    if (site && this.calls < MAX_CALLS) {
      this.calls++;
      const { origin } = this;
      if (this.own.has(from)) this.origin = site;
      this.visit(fn, scope.facts, env);
      this.origin = origin;
    }
    const body = bodyOf(fn);
    if (!body?.scope) return undefined;
    this.active.add(fn);
    const value =
      body.kind === 'block'
        ? this.returns(body, body.scope, env)
        : this.value({ node: body, scope: body.scope, env });
    this.active.delete(fn);
    return value;
  }

  private returns(node: Node, scope: Scope, env: Env): Value | undefined {
    for (const part of node.children) {
      if (part.kind === 'function') continue;
      const inner = part.scope ?? scope;
      if (part.kind === 'return') {
        for (const one of part.children) {
          const value = this.value({ node: one, scope: inner, env });
          if (value) return value;
        }
      } else if (part.children.length > 0) {
        const value = this.returns(part, inner, env);
        if (value) return value;
      }
    }
    return undefined;
  }

  protected nameOf(scope: Scope, rest: string): string {
    const { functions } = scope.facts;
    const owner = scope.owner && functions.find(({ node }) => node === scope.owner)?.name;
    return [owner, rest].filter(Boolean).join('.');
  }

  protected orderOf(node: Node, scope: Scope): number {
    return scope.facts.place.offset + node.start;
  }

  /** Lists a transform in the outline, when one is asked for. */
  protected list(application: Omit<Application, 'range'>, node: Node, site: Site): void {
    if (!this.outline || !this.own.has(site.scope.facts)) return;
    const { offset } = site.scope.facts.place;
    this.outline.push({
      ...application,
      range: { start: offset + node.start, end: offset + node.end },
    });
  }

  protected report(
    read: Omit<Read, 'range' | 'statement' | 'isRepeated'>,
    node: Node,
    site: Site,
  ): void {
    const isOwn = this.own.has(site.scope.facts);
    const at = isOwn ? site : this.origin;
    if (!at) return;
    const { offset } = at.scope.facts.place;
    const part = isOwn ? node : at.node;
    const range = { start: offset + part.start, end: offset + part.end };
    const statement = { start: offset + at.statement.start, end: offset + at.statement.end };
    if (!read.bounded) {
      // What it reads is its input, and no source by itself.
      const isInside = (one: Read): boolean =>
        one.bounded && one.range.start >= range.start && one.range.end <= range.end;
      const left = this.reads.filter((one) => !isInside(one));
      this.reads.splice(0, this.reads.length, ...left);
    }
    this.reads.push({ ...read, range, statement, isRepeated: this.isRepeated });
  }
}
