import { child, type SyntaxNode } from '../syntax/tree.js';
import { bodyFacts, type Body, type Site } from './body.js';
import { judge, type Verdict } from './boundedness.js';
import { rootCall } from './calls.js';
import type { DefinitionCollector } from './definitions.js';
import { combined, type PipelineReference, type PValue, type Read, type Span } from './pvalue.js';
import { memberScope, type Resolver } from './resolver.js';
import { TransformReader, type Transform } from './transforms.js';
import {
  dottedName,
  type Field,
  type Import,
  type JavaType,
  type Method,
  type Scope,
  type Unit,
} from './unit.js';
import { pathOf, ValueReader } from './values.js';

const MAX_CALLS = 400;
const MAX_CALL_DEPTH = 12;

export type Report = (read: Read) => void;

/** A transform where it is applied, for the outline. */
export interface Application {
  pipeline: PipelineReference;
  label: string;
  name: string;
  range: Span;
  selection: Span;
}

interface Place {
  site: Site;
  scope: Scope;
  report: Report;
  /** The place in the analysed file, when the code that is read stands in another one. */
  caller: { range: Span; statement: Span } | undefined;
}

/** Follows what a file does with its pipelines, and finds what they read. */
export class PipelineReader extends ValueReader {
  readonly applications: Application[] = [];
  private readonly transforms: TransformReader;
  private readonly members: readonly (Method | Field)[];
  private readonly called: ReadonlySet<string>;
  private readonly relevant: ReadonlySet<string>;
  private readonly staticImports: readonly Import[];
  /** By a class and a name in it: is that a class of another file? */
  private readonly elsewhere = new Map<string, boolean>();
  private readonly reached = new Set<SyntaxNode>();
  private readonly followed = new Set<string>();
  private readonly active = new Set<SyntaxNode>();
  private place: Place | undefined;
  private calls = 0;

  constructor(
    private readonly unit: Unit,
    resolver: Resolver,
  ) {
    super(resolver);
    this.transforms = new TransformReader(resolver);
    this.members = membersOf(unit.types);
    const { relevant, called } = relevantNames(this.members);
    this.relevant = relevant;
    this.called = called;
    this.staticImports = unit.imports.filter(({ isStatic }) => isStatic);
  }

  /** All reads of the file, each as often as it is reached. */
  read(): Read[] {
    const reads: Read[] = [];
    const report: Report = (read) => reads.push(read);
    // First what nobody in this file calls; then what is called only from places that are never reached.
    for (const isCalled of [false, true]) {
      for (const member of this.members) {
        if ('kind' in member) {
          if (this.called.has(member.name) !== isCalled || this.reached.has(member.node)) continue;
          if (member.name === 'expand' && this.transforms.isTransform(member.type)) continue;
        } else if (isCalled) continue;
        this.member(memberScope(member), report, undefined);
      }
    }
    return reads;
  }

  private member(scope: Scope, report: Report, caller: Place['caller']): void {
    const { member, body } = scope;
    if (!member || !body || this.active.has(member.node)) return;
    this.reached.add(member.node);
    this.active.add(member.node);
    for (const site of this.mayLead(body) ? body.sites : []) {
      if (!site.applies && !this.mayFollow(site, scope)) continue;
      this.resolver.names.noted(member);
      const outer = this.place;
      this.place = { site, scope, report, caller };
      const value = this.value({ node: site.node, scope }, true);
      if (value?.kind === 'bounded') value.report();
      this.place = outer;
    }
    this.active.delete(member.node);
  }

  /** May anything in a body lead to transforms that are applied? In most it may not, and its calls need no look. */
  private mayLead(body: Body): boolean {
    if (body.applies || this.staticImports.length > 0 || callsTypes(body)) return true;
    for (const name of this.relevant) if (body.calls.has(name)) return true;
    return false;
  }

  /** May a call lead to transforms that are applied? In another file it may. */
  private mayFollow(site: Site, scope: Scope): boolean {
    if (this.relevant.has(site.callee)) return true;
    if (!site.isOnType) {
      const isImported = this.staticImports.some(
        (one) => one.isWildcard || one.name.endsWith(`.${site.callee}`),
      );
      if (!isImported) return false;
    } else if (!this.isElsewhere(child(rootCall(site.node), 'object'), scope)) return false;
    this.resolver.names.noted(scope.member);
    const called = this.resolver.methodCalled(rootCall(site.node), scope);
    return called !== undefined && called.method.type.unit !== this.unit;
  }

  private isElsewhere(object: SyntaxNode | undefined, scope: Scope): boolean {
    const names = dottedName(object);
    if (!names) return false;
    const key = `${scope.type.path}:${names.join('.')}`;
    let is = this.elsewhere.get(key);
    if (is === undefined) {
      const own = this.resolver.names.type(names, scope)?.own;
      is = own !== undefined && own.unit !== this.unit;
      this.elsewhere.set(key, is);
    }
    return is;
  }

  protected apply(node: SyntaxNode, scope: Scope, isSite: boolean): PValue | undefined {
    const list = [...(child(node, 'arguments')?.children ?? [])];
    const isStatic = child(node, 'name')?.text === 'applyTransform';
    const operand = list.pop();
    const on = isStatic ? list.pop() : child(node, 'object');
    const [label] = list;
    if (!operand || !on) return undefined;
    const input = this.value({ node: on, scope }, isSite);
    const first = label ?? operand;
    const range = { start: first.start + scope.base, end: operand.end + scope.base };
    const shown = label ?? nameOf(operand);
    const selection = { start: shown.start + scope.base, end: shown.end + scope.base };
    const name = label && this.label(label, scope);
    const results: PValue[] = [];
    for (const read of this.transforms.read({ node: operand, scope })) {
      const isKnown = read.behaviour.kind !== 'unknown' && read.behaviour.kind !== 'plain';
      if (!input && !isKnown) continue;
      const pipeline = input?.pipeline ?? { name: pathOf(scope), order: '' };
      const transform = name === undefined ? read : { ...read, label: name };
      if (isSite && this.place?.scope === scope && scope.type.unit === this.unit) {
        const application = { pipeline, label: transform.label, name: transform.name };
        this.applications.push({ ...application, range, selection });
      }
      results.push(this.applyOne(input, transform, pipeline, isSite, range));
    }
    if (results.length === 0) return input && { kind: 'other', pipeline: input.pipeline };
    const result = results.length === 1 ? results[0] : combined(results);
    // Of alternatives, each is read.
    for (const one of result?.kind === 'bounded' ? [] : results) {
      if (one.kind === 'bounded') one.report();
    }
    return result;
  }

  /** A label's text, with `{}` for what only running the program tells. */
  private label(node: SyntaxNode, scope: Scope): string {
    return this.resolver.label({ node, scope });
  }

  private applyOne(
    input: PValue | undefined,
    transform: Transform,
    pipeline: PipelineReference,
    isSite: boolean,
    range: Span,
  ): PValue {
    const other: PValue = { kind: 'other', pipeline };
    const verdict = this.judge(input, transform, pipeline, isSite, range);
    const report = (bounded: boolean, reason: string): void => {
      if (!isSite || isImpulse(transform)) return;
      const before = input?.kind === 'bounded' && !bounded ? input.input : [];
      const { label } = transform;
      this.report(
        { transform, input: before, pipeline, within: [], label, bounded, reason },
        range,
      );
    };
    const place = this.place;
    const write = (collector: DefinitionCollector): string =>
      this.transforms.text(transform, collector);
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
            const outer = this.place;
            this.place = place;
            report(true, verdict.reason);
            this.place = outer;
          },
        };
      case 'perElement':
        if (input?.kind === 'bounded') report(false, verdict.reason);
        return other;
      case 'plain':
        return input?.kind === 'bounded' ? { ...input, input: [...input.input, write] } : other;
      case 'testStream':
        return other;
    }
  }

  private judge(
    input: PValue | undefined,
    transform: Transform,
    pipeline: PipelineReference,
    isSite: boolean,
    range: Span,
  ): Verdict {
    const { behaviour } = transform;
    switch (behaviour.kind) {
      case 'catalogued':
        return judge(transform, behaviour.entry, this.resolver);
      case 'unboundedPerElement':
        return { kind: 'perElement', reason: `${behaviour.fn} is unbounded per element` };
      case 'plain':
        return { kind: 'plain' };
      case 'unknown': {
        if (input?.kind !== 'pipeline') return { kind: 'plain' };
        const reason = `not known from this file: ${transform.qualified}`;
        return { kind: 'read', bounded: false, reason };
      }
      case 'composite': {
        const inner = this.insideOf(behaviour.expand, input ?? { kind: 'pipeline', pipeline });
        const unbounded = inner.find((read) => !read.bounded);
        const isRoot = !input || input.kind === 'pipeline';
        if (!unbounded) {
          const [bounded] = inner;
          if (!isRoot || !bounded) return { kind: 'plain' };
          return { kind: 'read', bounded: true, reason: through(bounded) };
        }
        if (isRoot) return { kind: 'read', bounded: false, reason: through(unbounded) };
        if (unbounded.input.length > 0) return { kind: 'perElement', reason: through(unbounded) };
        // A transform in the middle that reads something else, too.
        for (const read of isSite ? inner : []) {
          if (!read.bounded) {
            this.report({ ...read, within: [transform.label, ...read.within] }, range);
          }
        }
        return { kind: 'plain' };
      }
    }
  }

  /** What a transform of the user's own reads when it is applied to `input`. */
  private insideOf(expand: Method, input: PValue): Read[] {
    const reads: Read[] = [];
    if (++this.calls > MAX_CALLS || this.active.size > MAX_CALL_DEPTH) return reads;
    const scope = memberScope(expand);
    this.given.set(scope, input);
    this.member(scope, (read) => reads.push(read), undefined);
    return reads;
  }

  private report(
    read: Omit<Read, 'range' | 'statement' | 'isRepeated' | 'around'>,
    range: Span,
  ): void {
    if (!this.place) return;
    const { site, scope, report, caller } = this.place;
    const { start, end } = site.statement;
    const statement = { start: start + scope.base, end: end + scope.base };
    report({
      ...read,
      ...{ isRepeated: site.isRepeated, around: scope.type },
      ...{ range, statement },
      ...caller,
    });
  }

  protected follow(
    called: { method: Method; scope: Scope },
    node: SyntaxNode,
    isSite: boolean,
  ): PValue | undefined {
    const { method, scope } = called;
    if (this.active.has(method.node) || this.active.size > MAX_CALL_DEPTH) return undefined;
    const body = bodyFacts(method.node);
    if (isSite && this.place && body.sites.length > 0) {
      const { report, caller, site, scope: from } = this.place;
      const args = [...(scope.args ?? [])].map(([name, one]) => `${name}=${this.argument(one)}`);
      const key = `${method.type.path}.${method.name}@${method.base}:${args.join()}`;
      if (!this.followed.has(key) && ++this.calls <= MAX_CALLS) {
        this.followed.add(key);
        const base = from.base;
        const outside = {
          range: { start: node.start + base, end: node.end + base },
          statement: { start: site.statement.start + base, end: site.statement.end + base },
        };
        const place = method.type.unit === this.unit ? caller : (caller ?? outside);
        const all: Report = (read) => {
          report(site.isRepeated ? { ...read, isRepeated: true } : read);
        };
        this.member(scope, all, place);
      }
    }
    this.active.add(method.node);
    const values = body.returns.map((value) => this.value({ node: value, scope }, false));
    this.active.delete(method.node);
    const found = values.find((value) => value !== undefined);
    return found?.kind === 'bounded' ? { ...found, report: () => undefined } : found;
  }

  private argument(placed: { node: SyntaxNode; scope: Scope }): string {
    const value = this.value(placed, false);
    return value?.kind === 'pipeline'
      ? `${value.pipeline.name}@${value.pipeline.order}`
      : this.resolver.text(placed);
  }
}

function through(read: Read): string {
  return read.reason.startsWith('reads ') || read.reason.includes(read.transform.name)
    ? read.reason
    : `reads ${read.transform.name}: ${read.reason}`;
}

function isImpulse({ behaviour }: Transform): boolean {
  return behaviour.kind === 'catalogued' && behaviour.entry.boundedness === 'impulse';
}

/** The part of a transform to reveal: what its chain begins with. */
function nameOf(node: SyntaxNode): SyntaxNode {
  const root = rootCall(node);
  return child(root, 'object') ?? child(root, 'type') ?? root;
}

const typeCalls = new WeakMap<Body, boolean>();

/** Does it call anything on what may be the name of a class? */
function callsTypes(body: Body): boolean {
  let is = typeCalls.get(body);
  if (is === undefined) {
    is = body.sites.some(({ isOnType }) => isOnType);
    typeCalls.set(body, is);
  }
  return is;
}

function membersOf(types: readonly JavaType[]): (Method | Field)[] {
  return types.flatMap((type) => {
    const fields = new Map(type.fields.map((field) => [field.node, field]));
    return [...fields.values(), ...type.methods, ...membersOf(type.types)];
  });
}

/** Names of the members that apply transforms, or call others that do; and of all that is called. */
function relevantNames(members: readonly (Method | Field)[]): {
  relevant: ReadonlySet<string>;
  called: ReadonlySet<string>;
} {
  const called = new Set<string>();
  const relevant = new Set<string>();
  for (const { name, node } of members) {
    const { calls, applies } = bodyFacts(node);
    for (const callee of calls) called.add(callee);
    if (applies) relevant.add(name);
  }
  // A set that is walked over while it grows: few names of many are relevant.
  for (const callee of relevant) {
    if (!called.has(callee)) continue;
    for (const { name, node } of members) if (bodyFacts(node).calls.has(callee)) relevant.add(name);
  }
  return { relevant, called };
}
