import { child, type SyntaxNode } from '../syntax/tree.js';
import {
  builderArguments,
  merged,
  positional,
  switchValues,
  type TransformArgument,
} from './arguments.js';
import { valueOf } from './boundedness.js';
import type { PlacedChange } from './changes.js';
import { catalogued, type CataloguedTransform } from './catalogue.js';
import { DefinitionCollector } from './definitions.js';
import { bodyFacts } from './body.js';
import { memberScope, type Resolver } from './resolver.js';
import {
  bodyOf,
  dottedName,
  typeOf,
  type JavaType,
  type Method,
  type Placed,
  type Scope,
} from './unit.js';

/** What is known of a transform that an expression makes. */
export interface Transform {
  /** As written, e.g. `KafkaIO.read`. */
  name: string;
  qualified: string;
  label: string;
  arguments: TransformArgument[];
  behaviour:
    | { kind: 'catalogued'; entry: CataloguedTransform }
    /** The user's own, with the arguments its constructor is given. */
    | { kind: 'composite'; type: JavaType; expand: Method }
    | { kind: 'unboundedPerElement'; fn: string }
    | { kind: 'plain' }
    | { kind: 'unknown' };
  /** The user's own classes it consists of. */
  own: JavaType | undefined;
}

const MAX_ALTERNATIVES = 24;

/** Reads expressions that make transforms. */
export class TransformReader {
  constructor(private readonly resolver: Resolver) {}

  /** The transforms that an expression can be: several when a variable or a `?:` has several values. */
  read(placed: Placed): Transform[] {
    return (this.resolver.once(placed.node, () => this.readOnce(placed)) ?? []).slice(
      0,
      MAX_ALTERNATIVES,
    );
  }

  private readOnce({ node, scope }: Placed): Transform[] {
    const read = (part: SyntaxNode | undefined): Transform[] =>
      part ? this.read({ node: part, scope }) : [];
    switch (node.kind) {
      case 'parenthesized_expression':
        return read(node.children[0]);
      case 'cast_expression':
        return read(child(node, 'value'));
      case 'ternary_expression':
        return [...read(child(node, 'consequence')), ...read(child(node, 'alternative'))];
      case 'switch_expression':
        return switchValues(node).flatMap(read);
      case 'assignment_expression':
        return read(child(node, 'right'));
      case 'identifier':
      case 'field_access':
        return this.named(node, scope);
      case 'object_creation_expression':
        return [this.created(node, scope)];
      case 'method_invocation':
        return this.chain(node, scope);
      default:
        return [];
    }
  }

  /** The values of a name. */
  private named(node: SyntaxNode, scope: Scope): Transform[] {
    const { resolver } = this;
    const names = dottedName(node) ?? [];
    const found = names.length === 1 ? resolver.variable(node.text, node, scope) : undefined;
    if (found) {
      const { variable } = found;
      if (variable.kind === 'parameter') {
        const given = found.scope.args?.get(variable.name);
        return given ? this.read(given) : [];
      }
      const values = resolver.values(variable, node, found.scope);
      const changes = resolver.changesOf(variable, node, found.scope, values);
      return values
        .flatMap(({ placed }) => this.read(placed))
        .map((one) => withChanges(one, changes));
    }
    const type = names.length > 1 ? resolver.names.type(names.slice(0, -1), scope)?.own : undefined;
    const name = names.at(-1) ?? child(node, 'field')?.text ?? '';
    const field = type
      ? resolver.names.field(type, name)
      : resolver.names.around(scope, (one) => resolver.names.field(one, name));
    return field ? resolver.fieldValues(field).flatMap((value) => this.read(value)) : [];
  }

  /** `new Foo(…)`, `new PTransform<…>() { … }` */
  private created(node: SyntaxNode, scope: Scope): Transform {
    const { resolver } = this;
    const list = child(node, 'arguments')?.children ?? [];
    const written = child(node, 'type');
    if (bodyOf(node)) {
      const type = typeOf(scope.type.unit, node, scope.base, undefined, scope);
      return this.own(type, list, scope, 'AnonymousTransform');
    }
    const found = resolver.names.typeOfNode(written, scope);
    if (found?.own) return this.own(found.own, list, scope);
    const qualified = found?.qualified ?? dottedName(written)?.join('.') ?? '?';
    const name = qualified
      .split('.')
      .filter((part) => /^[A-Z]/.test(part))
      .join('.');
    return {
      ...{ name, qualified, label: approximateName(name), own: undefined },
      arguments: positional(list, scope),
      behaviour: { kind: 'unknown' },
    };
  }

  private own(
    type: JavaType,
    list: readonly SyntaxNode[],
    scope: Scope,
    label = this.ownLabel(type),
  ): Transform {
    const constructor = this.resolver.names.noted(
      type.methods.find(
        ({ kind, parameters }) => kind === 'constructor' && parameters.length === list.length,
      ),
    );
    const names =
      constructor?.parameters.map((one) => child(one, 'name')?.text ?? '') ??
      child(type.node, 'parameters')?.children.map((one) => child(one, 'name')?.text ?? '');
    const args = list.map((node, index) => ({
      name: names?.[index] ?? `#${index}`,
      values: [{ node, scope }],
    }));
    const expand = this.expandOf(type);
    const base = type.unit.package ? `${type.unit.package}.` : '';
    const behaviour = expand
      ? ({ kind: 'composite', type, expand } as const)
      : ({ kind: this.extendsTransform(type) ? 'unknown' : 'plain' } as const);
    const name = type.name || 'AnonymousTransform';
    return {
      name,
      qualified: base + (type.name ? type.path : label),
      label,
      arguments: args,
      behaviour,
      own: type,
    };
  }

  private expandOf(type: JavaType): Method | undefined {
    return this.resolver.names.method(type, 'expand', 1);
  }

  /** The name that a constructor gives to `super(…)`, or that of the class. */
  private ownLabel(type: JavaType): string {
    return approximateName(type.path);
  }

  isTransform(type: JavaType): boolean {
    return this.extendsTransform(type);
  }

  private extendsTransform(type: JavaType): boolean {
    return this.resolver.names.ancestors(type).some((name) => /(?:^|\.)PTransform$/.test(name));
  }

  /** `Foo.read().withA(…).withB(…)` */
  private chain(node: SyntaxNode, scope: Scope): Transform[] {
    const calls: SyntaxNode[] = [];
    let root: SyntaxNode | undefined = node;
    while (root?.kind === 'method_invocation') {
      calls.unshift(root);
      root = child(root, 'object');
    }
    const [first, ...rest] = calls;
    if (!first) return [];
    const added = builderArguments(rest, scope);
    const modify = (transforms: Transform[], more: TransformArgument[]): Transform[] =>
      transforms.map((one) => ({ ...one, arguments: merged([...one.arguments, ...more]) }));
    // A variable, a field or a new object that is built on.
    if (root && (root.kind === 'object_creation_expression' || this.isValue(root, scope))) {
      return modify(this.read({ node: root, scope }), builderArguments(calls, scope));
    }
    const called = this.resolver.methodCalled(first, scope);
    if (called) {
      const { type } = called.method;
      if (this.extendsTransform(type) && called.method.isStatic) {
        const list = child(first, 'arguments')?.children ?? [];
        const made = this.own(type, [], scope);
        const name = child(first, 'name')?.text ?? '';
        const values = list.map((one) => ({ node: one, scope }));
        const own = values.length > 0 ? [{ name, values }] : [];
        return modify([made], [...own, ...added]);
      }
      const returned = bodyFacts(called.method.node).returns.flatMap((value) =>
        this.read({ node: value, scope: called.scope }),
      );
      if (returned.length > 0) return modify(returned, added);
      const declared = this.resolver.names.typeOfNode(
        child(called.method.node, 'type'),
        memberScope(called.method),
      )?.own;
      return declared && this.extendsTransform(declared)
        ? modify([this.own(declared, [], scope)], added)
        : [];
    }
    return [this.made(first, root, added, scope)];
  }

  private isValue(node: SyntaxNode, scope: Scope): boolean {
    const { resolver } = this;
    if (node.kind === 'parenthesized_expression') return true;
    const names = dottedName(node);
    const [name = ''] = names ?? [];
    if (!names) return node.kind === 'field_access';
    if (names.length > 1 && resolver.names.type(names, scope)) return false;
    return (
      resolver.variable(name, node, scope) !== undefined ||
      resolver.names.around(scope, (type) => resolver.names.field(type, name)) !== undefined
    );
  }

  /** A static method of a class that is not the user's. */
  private made(
    call: SyntaxNode,
    object: SyntaxNode | undefined,
    added: TransformArgument[],
    scope: Scope,
  ): Transform {
    const { resolver } = this;
    const method = child(call, 'name')?.text ?? '';
    const found = object && resolver.names.typeOfNode(object, scope);
    const imported = object
      ? undefined
      : resolver.names.staticImport(method, scope.type.unit, () => false)?.qualified;
    const type = found?.qualified ?? dottedName(object)?.join('.') ?? '';
    const qualified = imported ?? (type ? `${type}.${method}` : method);
    const parts = qualified.split('.');
    const from = parts.findIndex((part) => /^[A-Z]/.test(part));
    const name = parts.slice(Math.max(0, from)).join('.');
    const values = (child(call, 'arguments')?.children ?? []).map((node) => ({ node, scope }));
    const own = values.length > 0 ? [{ name: method, values }] : [];
    const entry = catalogued(qualified);
    const base = { name, qualified, arguments: merged([...own, ...added]), own: undefined };
    if (entry) {
      const label = entry.boundedness === 'ofSource' ? this.readLabel(values[0]) : entry.label;
      return { ...base, label, behaviour: { kind: 'catalogued', entry } };
    }
    const fn = this.doFn(name, values[0]);
    const label = fn
      ? `ParDo(${fn.label})`
      : approximateName(parts.slice(Math.max(0, from), -1).join('.'));
    const behaviour: Transform['behaviour'] =
      fn?.type && resolver.isUnboundedPerElement(fn.type)
        ? { kind: 'unboundedPerElement', fn: fn.label }
        : { kind: 'unknown' };
    return { ...base, label: label || method, behaviour };
  }

  private doFn(
    name: string,
    fn: Placed | undefined,
  ): { label: string; type?: JavaType } | undefined {
    if (name !== 'ParDo.of' || !fn) return undefined;
    const { node, scope } = fn;
    if (node.kind !== 'object_creation_expression') return { label: '{}' };
    if (bodyOf(node)) {
      return {
        label: 'Anonymous',
        type: typeOf(scope.type.unit, node, scope.base, undefined, scope),
      };
    }
    const names = dottedName(child(node, 'type')) ?? [];
    const type = this.resolver.names.type(names, scope)?.own;
    return { label: withoutSuffix(names.at(-1) ?? ''), ...(type && { type }) };
  }

  private readLabel(source: Placed | undefined): string {
    const names = source && this.sourceNames(source);
    return `Read(${withoutSuffix(names?.at(-1) ?? '{}')})`;
  }

  private sourceNames({ node, scope }: Placed): string[] | undefined {
    const at = valueOf({ node, scope }, this.resolver);
    return at.node.kind === 'object_creation_expression'
      ? dottedName(child(at.node, 'type'))
      : undefined;
  }

  /** Canonical text of a transform that stands between a source and what makes it unbounded. */
  text(transform: Transform, collector: DefinitionCollector): string {
    if (transform.own) collector.type(transform.own);
    const args = [...transform.arguments]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map((one) => `${one.name}=${this.argumentText(one, collector)}`);
    return `${transform.qualified}(${args.join(', ')})`;
  }

  argumentText({ values }: TransformArgument, collector: DefinitionCollector): string {
    if (values.length === 0) return 'true';
    return values.map((value) => this.resolver.text(value, collector)).join(', ');
  }
}

/** A transform of the user's own is changed by the calls on it; those of Beam's never change. */
function withChanges(transform: Transform, changes: readonly PlacedChange[]): Transform {
  if (!transform.own || changes.length === 0) return transform;
  const added = changes.flatMap(({ change: { node }, scope }) =>
    node.kind === 'method_invocation'
      ? builderArguments(callsOf(node), scope)
      : [{ name: 'changed', values: [{ node, scope }] }],
  );
  return { ...transform, arguments: merged([...transform.arguments, ...added]) };
}

/** The calls of a chain, in the order they are made. */
function callsOf(node: SyntaxNode): SyntaxNode[] {
  const object = child(node, 'object');
  return object?.kind === 'method_invocation' ? [...callsOf(object), node] : [node];
}

/** NameUtils.approximatePTransformName: the names of the classes, each without a suffix. */
function approximateName(path: string): string {
  return path
    .split('.')
    .map(withoutSuffix)
    .join('.')
    .replace(/\.Bound$/, '');
}

function withoutSuffix(name: string): string {
  return name.replace(/(?<=.)(?:OldDoFn|DoFn|Fn)$/, '');
}
