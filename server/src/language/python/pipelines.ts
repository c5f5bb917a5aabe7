import { judge, type Verdict } from './boundedness.js';
import { isTransformFunction } from './decorators.js';
import { isPipe } from './facts.js';
import { importedName } from './importedNames.js';
import {
  describeArguments,
  joinPath,
  order,
  OTHER,
  type PipelineReference,
  type PValue,
} from './pvalue.js';
import type { References, Resolver } from './resolver.js';
import { inComprehension, type Argument, type Placed, type Scope } from './scope.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';
import { TransformReader, type Transform } from './transforms.js';
import {
  ValueReader,
  type Applied,
  type Offsets,
  type Read,
  type Reading,
  type Report,
} from './values.js';

const MAX_CALLS = 400;
const MAX_CALL_DEPTH = 12;

/** Follows what a module does with its pipelines, and finds what they read. */
export class PipelineReader extends ValueReader {
  private readonly transforms: TransformReader;
  private readonly reached = new Set<number>();
  private readonly followed = new Set<string>();
  private readonly active = new Set<number>();
  private calls = 0;
  private onApplied: ((applied: Applied) => void) | undefined;
  /** Composites that are being entered. */
  private inside = 0;

  constructor(
    private readonly module: Scope,
    resolver: Resolver,
  ) {
    super(resolver);
    this.transforms = new TransformReader(resolver);
  }

  /** All reads of the module, each as often as it is reached. */
  read(): Read[] {
    const reads: Read[] = [];
    const report: Report = (read) => {
      if (read.transform.qualified !== 'apache_beam.transforms.core.Impulse') reads.push(read);
    };
    this.follow(report);
    return reads;
  }

  /** All transforms that the module applies, those inside of composites left out. */
  outline(): Applied[] {
    const applied: Applied[] = [];
    this.onApplied = (one) => applied.push(one);
    this.follow(() => undefined);
    return applied;
  }

  private follow(report: Report): void {
    const { relevance } = this.module.module;
    this.scope(this.module, report, false);
    const definitions = [...relevance.definitionsIn(this.module)];
    // First what nobody in this file calls; then what is called only from places that are never reached.
    for (const isCallee of [false, true]) {
      for (const scope of definitions) {
        const name = scope.definition?.name ?? '';
        const isCalled = relevance.isCalled(name, scope.parent?.kind === 'class');
        if (scope.kind === 'def' && (isCalled || name === 'expand') !== isCallee) continue;
        if (name === 'expand' && scope.parent?.kind === 'class') continue;
        if (scope.definition && isTransformFunction(scope.definition)) continue;
        if (this.reached.has(scope.base)) continue;
        this.scope(scope, report, false);
      }
    }
  }

  private scope(scope: Scope, report: Report, repeated: boolean): void {
    const { relevance } = scope.module;
    if (scope.kind !== 'module') {
      this.reached.add(scope.base);
      this.active.add(scope.base);
    }
    for (const place of relevance.sitesIn(scope)) {
      const outer = this.site;
      const inner = inComprehension(scope, place.comprehension);
      const before = this.resolver.at;
      const position = { offset: place.offset, repeated: repeated || place.repeated };
      this.resolver.at = new Map(before).set(scope.base, position);
      this.site = { place, scope, report, repeated: repeated || place.repeated };
      try {
        this.value({ node: place.node, scope: inner }, true);
      } finally {
        this.site = outer;
        this.resolver.at = before;
      }
    }
    if (scope.kind !== 'module') this.active.delete(scope.base);
  }

  protected applied(node: Node, scope: Scope, isSite: boolean): PValue | undefined {
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
    if (input?.kind === 'other' && !this.onApplied && !this.transforms.isOfFile(operand)) {
      return result;
    }
    const transforms = this.transforms.read(operand);
    for (const transform of transforms) {
      const pipeline = input?.pipeline ?? unknownPipeline();
      if (isSite) this.note(transform, pipeline, operand);
      result = this.applyOne(input, transform, pipeline, operand, isSite);
    }
    if (transforms.length === 0 && isSite && input?.pipeline) {
      this.note(this.transforms.unread(operand), input.pipeline, operand);
    }
    return result;
  }

  /** For the outline: a transform is applied here. */
  private note(
    { label, name: transformName }: Pick<Transform, 'label' | 'name'>,
    pipeline: PipelineReference,
    { node }: Placed,
  ): void {
    if (!this.onApplied || !this.site || this.inside > 0) return;
    const { place, scope } = this.site;
    if (!scope.module.isOpen) return;
    const base = scope.base + place.offset;
    const offsets = ({ start, end }: Node): Offsets => ({ start: base + start, end: base + end });
    const range = offsets(node);
    const selection = offsets(this.transforms.selected(node));
    this.onApplied({ pipeline, label, transformName, range, selection });
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
      const before = input?.kind === 'bounded' && !bounded ? input.input : undefined;
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
          input: { write, before: undefined },
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
        return { ...input, input: { write, before: input.input } };
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
        if (unbounded.input) return { kind: 'perElement', reason: through(unbounded) };
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
    this.inside++;
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
      if (++this.calls <= MAX_CALLS) {
        scope.args?.set(behaviour.input, { value: given });
        this.scope(scope, collect, false);
      }
    }
    this.inside--;
    return reads;
  }

  private report(read: Omit<Read, 'range' | 'statement' | 'repeated' | 'at'>, operand: Node): void {
    if (!this.site) return;
    const { report, repeated } = this.site;
    report({ ...read, repeated, at: this.resolver.at, ...placesOf(this.site, operand) });
  }

  protected call(node: Node, scope: Scope, isSite: boolean): PValue | undefined {
    const callee = child(node, 'function');
    const names = callee && dottedName(callee);
    const object = callee && child(callee, 'object');
    if (child(callee ?? node, 'attribute')?.text === 'apply' && object) {
      return this.applyCall(node, object, scope, isSite);
    }
    const qualified = names && importedName(names, scope);
    if (qualified !== undefined) {
      if (!/^apache_beam\.\w*Pipeline$/.test(qualified)) return undefined;
      const name = joinPath(scope.path, names?.at(-1) ?? '');
      return { kind: 'pipeline', pipeline: { name, order: order(scope.base + node.start, scope) } };
    }
    const target = this.resolver.functionCalled({ node, scope });
    return target && this.followCall(node, target, isSite);
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

  private followCall(node: Node, target: Scope, isSite: boolean): PValue | undefined {
    const { base } = target;
    if (this.active.has(base) || this.active.size > MAX_CALL_DEPTH) return undefined;
    if (target.definition && isTransformFunction(target.definition)) return undefined;
    const hasSites = (target.definition?.body.sites.length ?? 0) > 0;
    const { returns } = target.facts;
    if (!hasSites && returns.length === 0) return undefined;
    const args = new Map<string, Argument>();
    for (const [name, { placed }] of target.args ?? []) {
      const value = placed && this.value(placed, false);
      args.set(name, { ...(placed && { placed }), ...(value && { value }) });
    }
    target.args = args;
    if (isSite && this.site && hasSites) {
      const { scope, place, report, repeated } = this.site;
      // What is read in another file is listed where this one calls it.
      const isBorder = scope.module.isOpen && !target.module.isOpen;
      const places = isBorder ? placesOf(this.site, node) : undefined;
      const where = places ? `${place.offset}:${node.start}:` : '';
      const key = `${where}${base}:${repeated}:${describeArguments(args, this.resolver)}`;
      if (!this.followed.has(key) && ++this.calls <= MAX_CALLS) {
        this.followed.add(key);
        const atCall: Report = (read) => {
          report({ ...read, ...places });
        };
        this.scope(target, atCall, repeated);
      }
    }
    this.active.add(base);
    const outer = this.site;
    this.site = undefined;
    const values = returns.map(({ node }) => this.value({ node, scope: target }, false));
    this.site = outer;
    this.active.delete(base);
    return values.find((value) => value !== undefined);
  }
}

function placesOf({ place, scope }: Reading, node: Node): { range: Offsets; statement: Offsets } {
  const base = scope.base + place.offset;
  const { start, end } = place.statement;
  return {
    range: { start: base + node.start, end: base + node.end },
    statement: { start: scope.base + start, end: scope.base + end },
  };
}

function through(read: Read): string {
  return read.reason.startsWith('reads ') || read.reason.includes(read.transform.name)
    ? read.reason
    : `reads ${read.transform.name}: ${read.reason}`;
}
