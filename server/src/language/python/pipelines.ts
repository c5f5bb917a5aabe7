import { judge, type Verdict } from './boundedness.js';
import { isPipe, type Binding, type Site } from './facts.js';
import { OTHER, type PipelineReference, type PValue } from './pvalue.js';
import type { References, Resolver } from './resolver.js';
import { enter, inComprehension, lookUp, type Argument, type Placed, type Scope } from './scope.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';
import { isTransformFunction, TransformReader, type Transform } from './transforms.js';

/** A root read, where it is applied. */
export interface Read {
  transform: Transform;
  /** Text of the bounded transforms before it, when it is not itself the root. */
  input: ((references: References) => string)[];
  pipeline: PipelineReference;
  /** Labels of the transforms it is inside of, when it is not applied at the outermost level. */
  within: string[];
  bounded: boolean;
  reason: string;
  /** Offsets in the file. */
  range: { start: number; end: number };
  statement: { start: number; end: number };
}

type Report = (read: Read) => void;

const PIPELINE_NAME = /^(?:p|pipeline|pbegin|root|test_pipeline)$|_pipeline$/;
const PIPELINE_TYPE = /^apache_beam\.(?:\w*Pipeline|PBegin|pvalue\.PBegin)$/;
const MAX_CALLS = 400;
const MAX_CALL_DEPTH = 12;

/** Follows what a module does with its pipelines, and finds what they read. */
export class PipelineReader {
  private readonly transforms: TransformReader;
  private readonly definitions: readonly Scope[];
  private readonly relevant = new Set<string>();
  private readonly reached = new Set<number>();
  private readonly followed = new Set<string>();
  private readonly active = new Set<number>();
  private calls = 0;
  private site: { place: Site; scope: Scope; report: Report } | undefined;

  constructor(
    private readonly module: Scope,
    private readonly resolver: Resolver,
  ) {
    this.transforms = new TransformReader(resolver);
    this.definitions = [...definitionsIn(module)];
    // Functions that apply transforms, and those that call such functions.
    for (let size = -1; size !== this.relevant.size;) {
      size = this.relevant.size;
      for (const scope of this.definitions) {
        if (this.isRelevant(scope)) this.relevant.add(scope.definition?.name ?? '');
      }
    }
  }

  private isRelevant({ facts }: Scope): boolean {
    if (facts.appliesTransforms) return true;
    for (const name of facts.calls) if (this.relevant.has(name)) return true;
    return false;
  }

  /** All reads of the module, each as often as it is reached. */
  read(): Read[] {
    const reads: Read[] = [];
    const report: Report = (read) => {
      if (read.transform.qualified !== 'apache_beam.transforms.core.Impulse') reads.push(read);
    };
    this.scope(this.module, report);
    const definitions = this.definitions.filter((scope) => this.isRelevant(scope));
    const callees = new Set(this.module.facts.calls);
    for (const { facts } of this.definitions) for (const name of facts.calls) callees.add(name);
    // First what nobody in this file calls; then what is called only from places that are never reached.
    for (const isCallee of [false, true]) {
      for (const scope of definitions) {
        const name = scope.definition?.name ?? '';
        if (scope.kind === 'def' && (callees.has(name) || name === 'expand') !== isCallee) continue;
        if (name === 'expand' && scope.parent?.kind === 'class') continue;
        if (scope.definition && isTransformFunction(scope.definition)) continue;
        if (this.reached.has(scope.base)) continue;
        this.scope(scope, report);
      }
    }
    return reads;
  }

  private scope(scope: Scope, report: Report): void {
    if (scope.kind !== 'module') {
      this.reached.add(scope.base);
      this.active.add(scope.base);
    }
    for (const place of scope.facts.sites) {
      if (place.callee !== undefined && !this.relevant.has(place.callee)) continue;
      const outer = this.site;
      const inner = inComprehension(scope, place.comprehension);
      this.site = { place, scope, report };
      try {
        this.value({ node: place.node, scope: inner }, true);
      } finally {
        this.site = outer;
      }
    }
    if (scope.kind !== 'module') this.active.delete(scope.base);
  }

  /** What an expression is; `isSite` when it stands here and is not merely referred to. */
  private value(placed: Placed, isSite: boolean): PValue | undefined {
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

  private applied(node: Node, scope: Scope, isSite: boolean): PValue | undefined {
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (!left || !right) return undefined;
    const inner = unwrap(left);
    const input = isPipe(inner)
      ? this.applied(inner, scope, isSite)
      : this.value({ node: inner, scope }, isSite);
    return this.apply(input, { node: right, scope }, isSite, () => ({
      name: joinPath(scope.path, dottedName(inner)?.join('.') ?? 'Pipeline'),
      order: order(scope.base),
    }));
  }

  private apply(
    input: PValue | undefined,
    operand: Placed,
    isSite: boolean,
    unknownPipeline: () => PipelineReference,
  ): PValue | undefined {
    let result: PValue | undefined = input && { kind: 'other', pipeline: input.pipeline };
    if (input?.kind === 'other' && !this.transforms.isOfFile(operand)) return result;
    for (const transform of this.transforms.read(operand)) {
      const pipeline = input?.pipeline ?? unknownPipeline();
      result = this.applyOne(input, transform, pipeline, operand, isSite);
    }
    return result;
  }

  private applyOne(
    input: PValue | undefined,
    transform: Transform,
    pipeline: PipelineReference,
    operand: Placed,
    isSite: boolean,
  ): PValue {
    const other: PValue = { kind: 'other', pipeline };
    const verdict = this.judge(input, transform, pipeline, operand, isSite);
    const report = (bounded: boolean, reason: string): void => {
      if (!isSite || !this.site) return;
      const before = input?.kind === 'bounded' && !bounded ? input.input : [];
      this.report(
        { transform, input: before, pipeline, within: [], bounded, reason },
        operand.node,
      );
    };
    const write = (references: References): string => this.transforms.text(transform, references);
    switch (verdict.kind) {
      case 'read':
        // Only a pipeline, or what is not known, can be what a root read is applied to.
        if (input && input.kind !== 'pipeline') return { ...input };
        if (!verdict.bounded) {
          report(false, verdict.reason);
          return other;
        }
        return {
          kind: 'bounded',
          pipeline,
          input: [write],
          report: () => {
            report(true, verdict.reason);
          },
        };
      case 'perElement':
        if (input?.kind !== 'bounded') return other;
        report(false, verdict.reason);
        return other;
      case 'plain':
        if (input?.kind !== 'bounded') return other;
        return { ...input, input: [...input.input, write] };
      case 'testStream':
        return other;
    }
  }

  private judge(
    input: PValue | undefined,
    transform: Transform,
    pipeline: PipelineReference,
    operand: Placed,
    isSite: boolean,
  ): Verdict {
    const { behaviour } = transform;
    switch (behaviour.kind) {
      case 'catalogued':
        return judge(transform, behaviour.entry, this.resolver, this.transforms);
      case 'unboundedPerElement':
        return { kind: 'perElement', reason: `${behaviour.fn} is unbounded per element` };
      case 'plain':
        return { kind: 'plain' };
      case 'unknown': {
        if (input?.kind !== 'pipeline') return { kind: 'plain' };
        const reason = `not known from this file: ${transform.qualified}`;
        return { kind: 'read', bounded: false, reason };
      }
      case 'chain':
      case 'composite': {
        const inner = this.insideOf(input, transform, pipeline);
        const unbounded = inner.find((read) => !read.bounded);
        const isRoot = !input || input.kind === 'pipeline';
        if (!unbounded) {
          const bounded = inner[0];
          if (!isRoot || !bounded) return { kind: 'plain' };
          return { kind: 'read', bounded: true, reason: through(bounded) };
        }
        if (isRoot) return { kind: 'read', bounded: false, reason: through(unbounded) };
        if (unbounded.input.length > 0) return { kind: 'perElement', reason: through(unbounded) };
        // A transform in the middle that reads something else, too.
        if (isSite) {
          for (const read of inner) {
            if (read.bounded) continue;
            this.report({ ...read, within: [transform.label, ...read.within] }, operand.node);
          }
        }
        return { kind: 'plain' };
      }
    }
  }

  /** What the transforms inside a composite read when it is applied to `input`. */
  private insideOf(
    input: PValue | undefined,
    transform: Transform,
    pipeline: PipelineReference,
  ): Read[] {
    const { behaviour } = transform;
    const reads: Read[] = [];
    const collect: Report = (read) => reads.push(read);
    const given: PValue = input ?? { kind: 'pipeline', pipeline };
    if (behaviour.kind === 'chain' && this.site) {
      const outer = this.site;
      this.site = { ...outer, report: collect };
      let value: PValue = given;
      for (const part of behaviour.parts) {
        const operand = { node: outer.place.node, scope: outer.scope };
        value = this.applyOne(value, part, pipeline, operand, true);
      }
      if (value.kind === 'bounded') value.report();
      this.site = outer;
    }
    if (behaviour.kind === 'composite' && !this.active.has(behaviour.scope.base)) {
      const { scope } = behaviour;
      if (++this.calls > MAX_CALLS) return reads;
      scope.args?.set(behaviour.input, { value: given });
      this.scope(scope, collect);
    }
    return reads;
  }

  private report(read: Omit<Read, 'range' | 'statement'>, operand: Node): void {
    if (!this.site) return;
    const { place, scope, report } = this.site;
    const base = scope.base + place.offset;
    report({
      ...read,
      range: { start: base + operand.start, end: base + operand.end },
      statement: {
        start: scope.base + place.statement.start,
        end: scope.base + place.statement.end,
      },
    });
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
    const before = bindings.filter((binding) => at.base + binding.offset < here);
    return before.at(-1) ?? (bindings.length === 1 ? bindings[0] : undefined);
  }

  private bound(binding: Binding, all: readonly Binding[], at: Scope): PValue | undefined {
    const { value: node, kind } = binding;
    if (!node || (kind !== 'assign' && kind !== 'with')) return undefined;
    const outer = this.site;
    if (outer) {
      const place = { ...outer.place, offset: binding.offset };
      this.site = { place, scope: at, report: () => undefined };
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
    const parameter = at.definition?.parameters.find((one) => one.name === name);
    const annotation = parameter?.annotation?.children[0] ?? parameter?.annotation;
    const names = annotation && dottedName(annotation);
    const type = names && this.resolver.qualified(names, at.parent ?? at);
    if (type === undefined ? !PIPELINE_NAME.test(name) : !PIPELINE_TYPE.test(type)) {
      return undefined;
    }
    const pipeline = { name: joinPath(at.path, name), order: order(at.base) };
    return { kind: 'pipeline', pipeline };
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

  private call(node: Node, scope: Scope, isSite: boolean): PValue | undefined {
    const callee = child(node, 'function');
    const names = callee && dottedName(callee);
    const object = callee && child(callee, 'object');
    if (child(callee ?? node, 'attribute')?.text === 'apply' && object) {
      return this.applyCall(node, object, scope, isSite);
    }
    const qualified = names && this.resolver.qualified(names, scope);
    if (qualified !== undefined) {
      if (!/^apache_beam\.\w*Pipeline$/.test(qualified)) return undefined;
      const name = joinPath(scope.path, names?.at(-1) ?? '');
      return { kind: 'pipeline', pipeline: { name, order: order(scope.base + node.start, scope) } };
    }
    const target = this.resolver.functionCalled({ node, scope });
    return target && this.followCall(target, isSite);
  }

  /** `p.apply(Read(…), label='…')` */
  private applyCall(node: Node, object: Node, scope: Scope, isSite: boolean): PValue | undefined {
    const input = this.value({ node: object, scope }, isSite);
    const list = child(node, 'arguments')?.children ?? [];
    const operand = list.find((part) => part.kind !== 'keyword_argument');
    const label = list
      .filter((part) => child(part, 'name')?.text === 'label')
      .map((part) => child(part, 'value'))[0];
    if (!input || !operand) return input;
    let result: PValue = OTHER;
    for (const transform of this.transforms.read({ node: operand, scope })) {
      const named = label
        ? { ...transform, label: this.resolver.label({ node: label, scope }) }
        : transform;
      const pipeline = input.pipeline ?? { name: scope.path, order: order(scope.base) };
      result = this.applyOne(input, named, pipeline, { node: operand, scope }, isSite);
      if (isSite && result.kind === 'bounded') result.report();
    }
    return result;
  }

  private followCall(target: Scope, isSite: boolean): PValue | undefined {
    const { facts, base } = target;
    if (this.active.has(base) || this.active.size > MAX_CALL_DEPTH) return undefined;
    if (target.definition && isTransformFunction(target.definition)) return undefined;
    if (facts.sites.length === 0 && facts.returns.length === 0) return undefined;
    const args = new Map<string, Argument>();
    for (const [name, { placed }] of target.args ?? []) {
      const value = placed && this.value(placed, false);
      args.set(name, { ...(placed && { placed }), ...(value && { value }) });
    }
    target.args = args;
    if (isSite && this.site && facts.sites.length > 0) {
      const key = `${base}:${describe(args, this.resolver)}`;
      if (!this.followed.has(key) && ++this.calls <= MAX_CALLS) {
        this.followed.add(key);
        this.scope(target, this.site.report);
      }
    }
    this.active.add(base);
    const outer = this.site;
    this.site = undefined;
    const values = facts.returns.map(({ node }) => this.value({ node, scope: target }, false));
    this.site = outer;
    this.active.delete(base);
    return values.find((value) => value !== undefined);
  }
}

function describe(args: Map<string, Argument>, resolver: Resolver): string {
  const parts = [...args].map(([name, { placed, value }]) => {
    if (value?.kind === 'pipeline') return `${name}=${value.pipeline.name}@${value.pipeline.order}`;
    return `${name}=${placed ? resolver.text(placed) : ''}`;
  });
  return parts.sort().join(',');
}

function combined(values: (PValue | undefined)[]): PValue | undefined {
  const known = values.filter((value) => value !== undefined);
  const [first] = known;
  if (!first) return undefined;
  const bounded = known.filter((value) => value.kind === 'bounded');
  if (bounded.length < values.length) return { kind: 'other', pipeline: first.pipeline };
  return {
    kind: 'bounded',
    pipeline: bounded[0]?.pipeline ?? { name: '', order: '' },
    input: bounded.flatMap((value) => value.input),
    report: () => {
      for (const value of bounded) value.report();
    },
  };
}

function through(read: Read): string {
  return read.reason.startsWith('reads ') || read.reason.includes(read.transform.name)
    ? read.reason
    : `reads ${read.transform.name}: ${read.reason}`;
}

/** Do two bindings stand in different branches of one statement, so that only one of them takes place? */
function isAlternative(a: Binding, b: Binding): boolean {
  return a.guards.some((one) =>
    b.guards.some((other) => other.offset === one.offset && other.branch !== one.branch),
  );
}

function* definitionsIn(scope: Scope): Generator<Scope> {
  for (const bindings of scope.facts.bindings.values()) {
    for (const binding of bindings) {
      if (!binding.definition) continue;
      const inner = enter(binding, binding.definition, scope);
      yield inner;
      yield* definitionsIn(inner);
    }
  }
}

function joinPath(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

/** Sorts as the places do; calls of one function with different arguments are told apart. */
function order(offset: number, scope?: Scope): string {
  const place = String(offset).padStart(9, '0');
  const args = scope?.args;
  if (!args) return place;
  const values = [...args].map(([name, { placed }]) => `${name}=${placed?.node.start ?? ''}`);
  return `${place} ${values.join(',')}`;
}
