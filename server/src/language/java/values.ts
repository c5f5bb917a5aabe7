import { child, type SyntaxNode } from '../syntax/tree.js';
import { classScope } from './names.js';
import { combined, order, type PipelineReference, type PValue } from './pvalue.js';
import type { Resolver } from './resolver.js';
import { dottedName, type Field, type Method, type Placed, type Scope } from './unit.js';

const PIPELINE = /(?:^|\.)(?:Test)?Pipeline$/;
const PIPELINE_TYPES = /(?:^|\.)(?:(?:Test)?Pipeline|PBegin)$/;
const COLLECTION = /(?:^|\.)(?:Keyed)?PCollection(?:List|Tuple|RowTuple)?$|(?:^|\.)PInput$/;
const LISTS = /(?:^|\.)(?:Keyed)?PCollection(?:List|Tuple|RowTuple)$/;

/** Finds what expressions are that transforms are applied to: pipelines, and PCollections of which it is known what they are. */
export abstract class ValueReader {
  private readonly kept = new WeakMap<Scope, Map<SyntaxNode, PValue | undefined>>();
  /** What the parameters of a transform's `expand` are given. */
  protected readonly given = new WeakMap<Scope, PValue>();

  constructor(protected readonly resolver: Resolver) {}

  protected abstract apply(node: SyntaxNode, scope: Scope, isSite: boolean): PValue | undefined;
  protected abstract follow(
    called: { method: Method; scope: Scope },
    node: SyntaxNode,
    isSite: boolean,
  ): PValue | undefined;

  /** What an expression is; `isSite` when it stands here and is not merely referred to. */
  protected value({ node, scope }: Placed, isSite: boolean): PValue | undefined {
    switch (node.kind) {
      case 'parenthesized_expression':
        return node.children[0] && this.value({ node: node.children[0], scope }, isSite);
      case 'cast_expression':
        return this.part(node, 'value', scope, isSite);
      case 'assignment_expression':
        return this.part(node, 'right', scope, isSite);
      case 'ternary_expression':
        return (
          this.part(node, 'consequence', scope, isSite) ??
          this.part(node, 'alternative', scope, isSite)
        );
      case 'identifier':
        return this.named(node, scope);
      case 'field_access': {
        const names = dottedName(child(node, 'object'));
        const own = names && this.resolver.names.type(names, scope)?.own;
        const type = child(node, 'object')?.kind === 'this' ? scope.type : own;
        const field = type && this.resolver.names.field(type, child(node, 'field')?.text ?? '');
        return field && this.field(field);
      }
      case 'method_invocation':
        return this.call(node, scope, isSite);
      default:
        return undefined;
    }
  }

  private part(node: SyntaxNode, field: string, scope: Scope, isSite: boolean): PValue | undefined {
    const part = child(node, field);
    return part && this.value({ node: part, scope }, isSite);
  }

  private named(node: SyntaxNode, scope: Scope): PValue | undefined {
    const { resolver } = this;
    const found = resolver.variable(node.text, node, scope);
    if (!found) {
      const field = resolver.names.around(scope, (type) => resolver.names.field(type, node.text));
      return field && this.field(field);
    }
    const { variable, scope: at } = found;
    if (variable.kind === 'parameter') {
      const given = this.given.get(at);
      if (given && variable.index === 0) return given;
      const argument = at.args?.get(variable.name);
      if (argument) return this.keptValue(argument);
      return this.declared(variable.declaredType, at, variable.name, at.base + variable.start);
    }
    const values = resolver
      .values(variable, node, at)
      .map(({ placed }) => this.keptValue(placed, variable.name));
    const value = values.length > 1 ? combined(values) : values[0];
    if (value?.kind === 'bounded') return { ...value, report: () => undefined };
    return (
      value ?? this.declared(variable.declaredType, at, variable.name, at.base + variable.start)
    );
  }

  /** What an expression that is referred to is; computed once. */
  private keptValue(placed: Placed, name?: string): PValue | undefined {
    const kept = this.kept.get(placed.scope) ?? new Map<SyntaxNode, PValue | undefined>();
    this.kept.set(placed.scope, kept);
    if (kept.has(placed.node)) return kept.get(placed.node);
    kept.set(placed.node, undefined);
    let value = this.value(placed, false);
    // A new pipeline is called as the variable is.
    if (value?.kind === 'pipeline' && name && placed.node.kind === 'method_invocation') {
      const isNew = this.isNewPipeline(placed.node, placed.scope);
      if (isNew) value = this.pipeline(placed.scope, name, placed.node.start);
    }
    kept.set(placed.node, value);
    return value;
  }

  private field(field: Field): PValue | undefined {
    const { type } = field;
    const scope = classScope(type).inside;
    const declared = this.resolver.names.typeOfNode(field.declaredType, scope)?.qualified ?? '';
    if (PIPELINE_TYPES.test(declared)) {
      const pipeline = { name: `${type.path}.${field.name}`, order: order(field.base) };
      return { kind: 'pipeline', pipeline };
    }
    return COLLECTION.test(declared) ? { kind: 'other', pipeline: undefined } : undefined;
  }

  /** What a variable is by its type. */
  private declared(
    type: SyntaxNode | undefined,
    scope: Scope,
    name: string,
    offset: number,
  ): PValue | undefined {
    const qualified = this.resolver.names.typeOfNode(type, scope)?.qualified ?? '';
    if (PIPELINE_TYPES.test(qualified)) return this.pipeline(scope, name, offset - scope.base);
    return COLLECTION.test(qualified) ? { kind: 'other', pipeline: undefined } : undefined;
  }

  protected pipeline(scope: Scope, name: string, start: number): PValue & { kind: 'pipeline' } {
    const pipeline: PipelineReference = {
      name: `${pathOf(scope)}.${name}`,
      order: order(scope.base + start),
    };
    return { kind: 'pipeline', pipeline };
  }

  private isNewPipeline(node: SyntaxNode, scope: Scope): boolean {
    const object = child(node, 'object');
    const name = child(node, 'name')?.text ?? '';
    const type = object && this.resolver.names.typeOfNode(object, scope)?.qualified;
    return type !== undefined && PIPELINE.test(type) && /^(?:create|fromOptions)$/.test(name);
  }

  private call(node: SyntaxNode, scope: Scope, isSite: boolean): PValue | undefined {
    const name = child(node, 'name')?.text ?? '';
    const object = child(node, 'object');
    const list = child(node, 'arguments')?.children ?? [];
    if (name === 'apply' && object) {
      const result = this.apply(node, scope, isSite);
      return result;
    }
    if (this.isNewPipeline(node, scope)) return this.pipeline(scope, 'Pipeline', node.start);
    const type = object && this.staticType(object, scope);
    if (type !== undefined) {
      if (name === 'applyTransform' && PIPELINE.test(type)) return this.apply(node, scope, isSite);
      if (name === 'in' && list[0]) return this.value({ node: list[0], scope }, isSite);
      if (LISTS.test(type)) return combined(this.elements(list, scope, isSite));
    }
    const called = this.resolver.methodCalled(node, scope);
    if (called) return this.follow(called, node, isSite);
    const whole = object && this.value({ node: object, scope }, isSite);
    if (name === 'getPipeline') {
      return whole?.pipeline
        ? { kind: 'pipeline', pipeline: whole.pipeline }
        : this.pipeline(scope, 'Pipeline', 0);
    }
    if (name === 'begin' || (whole?.kind === 'pipeline' && name.startsWith('enable'))) return whole;
    if (whole?.kind === 'pipeline' || !whole) return undefined;
    return name === 'and' ? combined([whole, ...this.elements(list, scope, isSite)]) : whole;
  }

  private staticType(object: SyntaxNode, scope: Scope): string | undefined {
    const names = dottedName(object);
    if (!names || this.resolver.variable(names[0] ?? '', object, scope)) return undefined;
    return this.resolver.names.type(names, scope)?.qualified;
  }

  /** The PCollections among arguments; a list of them (`Arrays.asList(…)`) is what is in it. */
  private elements(
    list: readonly SyntaxNode[],
    scope: Scope,
    isSite: boolean,
  ): (PValue | undefined)[] {
    return list.flatMap((node) => {
      const isList =
        node.kind === 'method_invocation' &&
        /^(?:asList|of)$/.test(child(node, 'name')?.text ?? '');
      const inner = isList ? (child(node, 'arguments')?.children ?? []) : [];
      if (inner.length > 0) return this.elements(inner, scope, isSite);
      const value = this.value({ node, scope }, isSite);
      // Tags and names stand beside the PCollections.
      return value || list.length === 1 ? [value] : [];
    });
  }
}

/** `Clicks.main` */
export function pathOf({ type, member }: Scope): string {
  return member?.name ? `${type.path}.${member.name}` : type.path;
}
