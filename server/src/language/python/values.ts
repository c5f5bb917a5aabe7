import type { Position } from './effects.js';
import { isPipe, type Binding, type Site } from './facts.js';
import {
  combined,
  isAlternative,
  joinPath,
  order,
  OTHER,
  PIPELINE_NAME,
  pipelineParameter,
  type Made,
  type PipelineReference,
  type PValue,
} from './pvalue.js';
import type { Resolver } from './resolver.js';
import { lookUp, type Placed, type Scope } from './scope.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';
import type { Transform } from './transforms.js';

/** A root read, where it is applied. */
export interface Read {
  transform: Transform;
  /** The bounded transforms before it, when it is not itself the root. */
  input: Made | undefined;
  pipeline: PipelineReference;
  /** Labels of the transforms it is inside of, when it is not applied at the outermost level. */
  within: string[];
  bounded: boolean;
  reason: string;
  repeated: boolean;
  /** Where the scopes were that led here. */
  at: ReadonlyMap<number, Position>;
  range: Offsets;
  statement: Offsets;
}

/** A transform that is applied to a pipeline or to what comes of it. */
export interface Applied {
  pipeline: PipelineReference;
  label: string;
  transformName: string;
  range: Offsets;
  /** Its label, else its name. */
  selection: Offsets;
}

/** Half-open range of offsets in the open file. */
export interface Offsets {
  start: number;
  end: number;
}

export type Report = (read: Read) => void;

/** A place that is read. */
export interface Reading {
  place: Site;
  scope: Scope;
  report: Report;
  /** In a loop, be it one around a call that led here. */
  repeated: boolean;
}

/** Finds what expressions are that transforms are applied to: pipelines, and PCollections of which it is known what they are. */
export abstract class ValueReader {
  /** The place that is being read, and who is told of the reads in it. */
  protected site: Reading | undefined;

  constructor(protected readonly resolver: Resolver) {}

  /** What `… | …` gives. */
  protected abstract applied(node: Node, scope: Scope, isSite: boolean): PValue | undefined;

  /** What a call gives. */
  protected abstract call(node: Node, scope: Scope, isSite: boolean): PValue | undefined;

  /** What an expression is; `isSite` when it stands here and is not merely referred to. */
  protected value(placed: Placed, isSite: boolean): PValue | undefined {
    const node = unwrap(placed.node);
    const { scope } = placed;
    if (isPipe(node)) {
      const result = this.applied(node, scope, isSite);
      if (isSite && result?.kind === 'bounded') result.report();
      return result;
    }
    switch (node.kind) {
      case 'identifier':
        return this.named(node.text, scope);
      case 'attribute':
        return this.attribute(node, scope);
      case 'call':
        return this.call(node, scope, isSite);
      case 'named_expression': {
        const value = child(node, 'value');
        return value && this.value({ node: value, scope }, isSite);
      }
      case 'conditional_expression': {
        const [yes, , , , no] = node.children;
        return (
          (yes && this.value({ node: yes, scope }, isSite)) ??
          (no && this.value({ node: no, scope }, isSite))
        );
      }
      case 'tuple':
      case 'list':
        return combined(node.children.map((part) => this.value({ node: part, scope }, isSite)));
      default:
        return undefined;
    }
  }

  private named(name: string, scope: Scope): PValue | undefined {
    const found = lookUp(scope, name);
    if (!found) return undefined;
    const at = found.scope;
    const binding = this.nearest(found.bindings, at, scope);
    const key = `${name}@${binding?.offset ?? ''}`;
    if (at.values.has(key)) return at.values.get(key);
    at.values.set(key, undefined);
    const value = binding
      ? this.bound(binding, found.bindings, at)
      : found.parameter && this.parameter(name, at);
    at.values.set(key, value);
    return value;
  }

  /** The binding that holds at the place that is evaluated: the last one before it. */
  private nearest(bindings: readonly Binding[], at: Scope, scope: Scope): Binding | undefined {
    const here = this.site && this.site.scope.base + this.site.place.offset;
    if (here === undefined || at.base !== scope.base || at.path !== scope.path) {
      return bindings.at(-1);
    }
    // `x = x | …` refers to the x before.
    const before = bindings.findLast((binding) => at.base + binding.offset < here);
    return before ?? (bindings.length === 1 ? bindings[0] : undefined);
  }

  private bound(binding: Binding, all: readonly Binding[], at: Scope): PValue | undefined {
    const { value: node, kind } = binding;
    if (!node || (kind !== 'assign' && kind !== 'with')) return undefined;
    const outer = this.site;
    if (outer) {
      const place = { ...outer.place, offset: binding.offset };
      this.site = { place, scope: at, report: () => undefined, repeated: outer.repeated };
    }
    const value = this.value({ node, scope: at }, false);
    this.site = outer;
    if (value?.kind === 'pipeline' && node.kind === 'call') {
      const first = all.find((other) => isAlternative(other, binding)) ?? binding;
      const name = joinPath(at.path, binding.name);
      return { kind: 'pipeline', pipeline: { name, order: order(at.base + first.offset, at) } };
    }
    if (value && binding.index !== undefined) return { kind: 'other', pipeline: value.pipeline };
    if (!value && kind === 'with' && PIPELINE_NAME.test(binding.name)) {
      const name = joinPath(at.path, binding.name);
      return { kind: 'pipeline', pipeline: { name, order: order(at.base + binding.offset, at) } };
    }
    // Its own place reports what it reads.
    return value?.kind === 'bounded' ? { ...value, report: () => undefined } : value;
  }

  private parameter(name: string, at: Scope): PValue | undefined {
    const argument = at.args?.get(name);
    if (argument?.value) return argument.value;
    if (argument?.placed) return this.value(argument.placed, false);
    const pipeline = pipelineParameter(name, at);
    return pipeline && { kind: 'pipeline', pipeline };
  }

  private attribute(node: Node, scope: Scope): PValue | undefined {
    const object = child(node, 'object');
    const name = child(node, 'attribute')?.text ?? '';
    const reduced = this.resolver.reduce({ node, scope });
    if (reduced.node !== node) {
      const value = this.value(reduced, false);
      if (value?.kind !== 'pipeline' || reduced.node.kind !== 'call') return value;
      const owner = scope.definition?.kind === 'class' ? scope : (scope.parent ?? scope);
      const pipeline = { name: joinPath(owner.path, name), order: order(owner.base) };
      return { kind: 'pipeline', pipeline };
    }
    const whole = object && this.value({ node: object, scope }, false);
    if (name === 'pipeline' && whole?.pipeline) {
      return { kind: 'pipeline', pipeline: whole.pipeline };
    }
    if (whole) return whole.kind === 'pipeline' ? OTHER : whole;
    if (!PIPELINE_NAME.test(name)) return undefined;
    const written = (dottedName(node) ?? [name]).filter((part) => part !== 'self').join('.');
    const pipeline = { name: joinPath(scope.path, written), order: order(scope.base) };
    return { kind: 'pipeline', pipeline };
  }
}
