import { child, type SyntaxNode } from '../syntax/tree.js';
import { bodyFacts, type Variable } from './body.js';
import type { References } from './definitions.js';
import { rootCall } from './calls.js';
import type { PlacedChange } from './changes.js';
import type { Resolver, Value } from './resolver.js';
import type { Writer } from './write.js';
import {
  dottedName,
  type Field,
  type JavaType,
  type Method,
  type Placed,
  type Scope,
} from './unit.js';

type Frames = Map<string, string>[];

/** Writes names: what is known of them in their place, or what they mean. */
export abstract class NameWriter {
  private frames: Frames = [];
  private locals = { count: 0 };

  constructor(
    readonly resolver: Resolver,
    readonly scope: Scope,
    protected readonly references?: References,
    /** The class whose code is written: its own members keep their names. */
    readonly owner?: JavaType,
  ) {}

  abstract expression(node: SyntaxNode): string;
  abstract arguments(node: SyntaxNode): string;
  abstract string(node: SyntaxNode): string | undefined;
  /** Another one like it, for code elsewhere. */
  protected abstract at(scope: Scope): Writer;

  /** Writes with `names` as local variables. */
  within<T>(names: readonly string[], write: () => T): T {
    this.frames.push(new Map(names.map((name) => [name, ''])));
    try {
      return write();
    } finally {
      this.frames.pop();
    }
  }

  /** Numbers local variables from one. */
  afresh<T>(write: () => T): T {
    const { count } = this.locals;
    this.locals.count = 0;
    try {
      return write();
    } finally {
      this.locals.count = count;
    }
  }

  /** Sees the local variables of the code around it. */
  adopt(outer: NameWriter): void {
    this.frames = outer.frames;
    this.locals = outer.locals;
  }

  /** A name that the written code declares. */
  local(name: string): string {
    return this.inFrames(name) ?? name;
  }

  private inFrames(name: string): string | undefined {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const frame = this.frames[i];
      const local = frame?.get(name);
      if (local === undefined) continue;
      if (local !== '') return local;
      const numbered = `$${++this.locals.count}`;
      frame?.set(name, numbered);
      return numbered;
    }
    return undefined;
  }

  /** `a.b.c`, or undefined when it is rooted in something other than a name. */
  name(node: SyntaxNode): string | undefined {
    if (node.kind === 'field_access' && child(node, 'object')?.kind === 'this') {
      const name = child(node, 'field')?.text ?? '';
      const it = this.inFrames(`this.${name}`);
      if (it !== undefined) return it;
      const field = this.resolver.names.field(this.scope.type, name);
      return field ? this.field(field, node) : `this.${name}`;
    }
    const names = dottedName(node);
    if (!names) return undefined;
    const [root = '', ...rest] = names;
    const tail = rest.map((name) => `.${name}`).join('');
    const local = this.inFrames(root);
    if (local !== undefined) return local + tail;
    const isType = node.kind.includes('type');
    const found = isType ? undefined : this.resolver.variable(root, node, this.scope);
    if (found) return ofObject(this.variable(found.variable, node, found.scope), tail);
    const field = isType ? undefined : this.fieldAround(root);
    if (field) return ofObject(this.field(field, node), tail);
    return this.typeOrConstant(names, node);
  }

  private fieldAround(name: string): Field | undefined {
    const { names } = this.resolver;
    return names.around(this.scope, (type) => names.field(type, name));
  }

  private typeOrConstant(names: readonly string[], node: SyntaxNode): string {
    const { resolver, scope } = this;
    for (let count = names.length; count > 0; count--) {
      const type = resolver.names.type(names.slice(0, count), scope);
      if (!type) continue;
      const rest = names.slice(count);
      if (type.qualified !== undefined) return [type.qualified, ...rest].join('.');
      const [first, ...more] = rest;
      const field = first === undefined ? undefined : resolver.names.field(type.own, first);
      if (field) return ofObject(this.field(field, node), more.map((one) => `.${one}`).join(''));
      this.refer(type.own);
      return [type.own.path, ...rest].join('.');
    }
    const [first = '', ...rest] = names;
    const has = (type: JavaType): boolean => resolver.names.field(type, first) !== undefined;
    const imported = resolver.names.staticImport(first, scope.type.unit, has);
    const field = imported?.own && resolver.names.field(imported.own, first);
    if (field) return ofObject(this.field(field, node), rest.map((one) => `.${one}`).join(''));
    return [imported?.qualified ?? first, ...rest].join('.');
  }

  private refer(type: JavaType): void {
    if (!isInside(type, this.owner)) this.references?.type(type);
  }

  private variable(variable: Variable, node: SyntaxNode, scope: Scope): string {
    const { resolver } = this;
    switch (variable.kind) {
      case 'parameter': {
        const given = scope.args?.get(variable.name);
        const text = given ? this.known(given) : `parameter ${variable.index + 1}`;
        return this.changed(text, resolver.changesOf(variable, node, scope, []));
      }
      case 'each':
        return variable.value ? `each(${this.known({ node: variable.value, scope })})` : 'each';
      case 'counter': {
        const loop = variable.value;
        const parts = loop?.children.filter(
          ({ field, kind }) => field !== 'body' && kind !== 'for',
        );
        const writer = this.at(scope);
        return writer.within([variable.name], () => `for(${writer.all(parts).join('; ')})`);
      }
      case 'lambda': {
        const of = variable.value ? ` of ${this.known({ node: variable.value, scope })}` : '';
        return `parameter ${variable.index + 1} of a lambda${of}`;
      }
      case 'other':
        return 'variable';
      case 'local': {
        const values = resolver.values(variable, node, scope);
        const texts = values.map(
          ({ placed, conditions }) => this.conditions(conditions, scope) + this.known(placed),
        );
        const [only = 'variable'] = texts;
        const text = texts.length < 2 ? only : `oneOf(${texts.join(', ')})`;
        return this.changed(text, resolver.changesOf(variable, node, scope, values));
      }
    }
  }

  private conditions(conditions: Value['conditions'], scope: Scope): string {
    const texts = conditions.map(({ branch, node }) => `${branch}: ${this.known({ node, scope })}`);
    return texts.length > 0 ? `(${texts.join(', ')}) ` : '';
  }

  /** A value with what is done to it later. */
  private changed(text: string, changes: readonly PlacedChange[]): string {
    if (changes.length === 0) return text;
    const texts = changes.map(({ change, name, scope, conditions }) => {
      const { node, position } = change;
      const { resolver } = this;
      const called =
        node.kind === 'method_invocation'
          ? resolver.methodCalled(position < 0 ? rootCall(node) : node, scope)
          : undefined;
      if (called && !isInside(called.method.type, this.owner))
        this.references?.method(called.method);
      const writer = this.at(scope);
      writer.frames = [...this.frames, new Map([[name, 'it']])];
      writer.locals = this.locals;
      const written = resolver.once(node, () => writer.expression(node)) ?? '…';
      return this.conditions(conditions, scope) + written;
    });
    return `${text}, changed by(${texts.join('; ')})`;
  }

  private known(placed: Placed): string {
    const writer = this.at(placed.scope);
    writer.adopt(this);
    return this.resolver.once(placed.node, () => writer.expression(placed.node)) ?? '…';
  }

  private field(field: Field, node: SyntaxNode): string {
    if (isInside(field.type, this.owner)) return `this.${field.name}`;
    const values = this.resolver.fieldValues(field).map((placed) => this.known(placed));
    const [only = `${field.type.path}.${field.name}`] = values;
    const text = values.length < 2 ? only : `oneOf(${values.join(', ')})`;
    return this.changed(text, this.resolver.changes.ofField(field, node, this.scope));
  }

  option(node: SyntaxNode): string | undefined {
    const object = child(node, 'object');
    if (object?.kind === 'identifier' && this.inFrames(object.text) !== undefined) return undefined;
    return this.resolver.option(node, this.scope);
  }

  /** A call: an option, the value of a method that only returns one, or what is called with the arguments. */
  invocation(node: SyntaxNode): string {
    const option = this.option(node) ?? this.string(node);
    if (option !== undefined) return option;
    const value = this.followed(node, (writer, result) => writer.expression(result));
    if (value !== undefined) return value;
    const object = child(node, 'object');
    const name = child(node, 'name')?.text ?? '';
    const called = this.called(node);
    const isOwn = called && isInside(called.method.type, this.owner);
    if (called && !isOwn) this.references?.method(called.method);
    if (called?.method.isStatic) {
      return `${called.method.type.path}.${name}(${this.arguments(node)})`;
    }
    if (!object || object.kind === 'this') {
      const imported = called
        ? undefined
        : this.resolver.names.staticImport(name, this.scope.type.unit, () => false);
      return `${imported?.qualified ?? name}(${this.arguments(node)})`;
    }
    return `${ofObject(this.expression(object), `.${name}`)}(${this.arguments(node)})`;
  }

  /** `Foo::bar`, with what `bar` does. */
  methodReference(node: SyntaxNode): string {
    const [object] = node.children;
    const name = node.children.at(-1)?.text ?? '';
    const isLocal = this.inFrames(dottedName(object)?.[0] ?? '') !== undefined;
    const { resolver, scope } = this;
    const type = object && !isLocal ? resolver.typeOfObject(object, scope) : undefined;
    const own = type ?? (object?.kind === 'this' ? scope.type : undefined);
    const method = resolver.names.noted(own?.methods.find((one) => one.name === name));
    if (method && !isInside(method.type, this.owner)) this.references?.method(method);
    const on = type ? type.path : object ? this.expression(object) : '';
    return `${on}::${name}`;
  }

  private called(node: SyntaxNode): { method: Method; scope: Scope } | undefined {
    const root = dottedName(child(node, 'object'))?.[0];
    if (root !== undefined && this.inFrames(root) !== undefined) return undefined;
    return this.resolver.methodCalled(node, this.scope);
  }

  /** Follows a call to the value that the method returns, if it does nothing else. */
  followed<T>(
    node: SyntaxNode,
    write: (writer: Writer, value: SyntaxNode) => T | undefined,
  ): T | undefined {
    const called = this.called(node);
    if (!called || isInside(called.method.type, this.owner)) return undefined;
    // What it tells of its object depends on what was done to that.
    const object = child(node, 'object');
    const isOther = object && object.kind !== 'this' && !called.method.isStatic;
    if (isOther && this.resolver.changes.readsFields(called.method)) return undefined;
    const statements = child(called.method.node, 'body')?.children ?? [];
    const [only] = bodyFacts(called.method.node).returns;
    if (statements.length !== 1 || statements[0]?.kind !== 'return_statement' || !only) {
      return undefined;
    }
    const inside = this.at(called.scope);
    return this.resolver.once(only, () => write(inside, only));
  }

  /** Follows a name to its value, if it has one only. */
  followedName<T>(
    node: SyntaxNode,
    write: (writer: Writer, value: SyntaxNode) => T | undefined,
  ): T | undefined {
    const placed = this.valueOf(node);
    if (!placed) return undefined;
    const inside = this.at(placed.scope);
    return this.resolver.once(placed.node, () => write(inside, placed.node));
  }

  private valueOf(node: SyntaxNode): Placed | undefined {
    const { resolver, scope } = this;
    const names = dottedName(node);
    const [root = '', ...rest] = names ?? [];
    if (!names || this.inFrames(root) !== undefined) return undefined;
    const found = rest.length === 0 ? resolver.variable(root, node, scope) : undefined;
    if (found) {
      if (found.variable.kind === 'parameter') return found.scope.args?.get(root);
      if (found.variable.kind !== 'local') return undefined;
      const values = resolver.values(found.variable, node, found.scope);
      const [only, ...more] = values;
      const isOne = more.length === 0 && only?.conditions.length === 0;
      const isChanged = resolver.changesOf(found.variable, node, found.scope, values).length > 0;
      return isOne && !isChanged ? only.placed : undefined;
    }
    const field = this.constant(names);
    if (!field || isInside(field.type, this.owner)) return undefined;
    const [only, ...more] = resolver.fieldValues(field);
    const isChanged = resolver.changes.ofField(field, node, scope).length > 0;
    return more.length === 0 && !isChanged ? only : undefined;
  }

  /** The field of the user's that names mean. */
  private constant(names: readonly string[]): Field | undefined {
    const { resolver, scope } = this;
    const last = names.at(-1) ?? '';
    if (names.length === 1) {
      const field = this.fieldAround(last);
      if (field) return field;
      const has = (type: JavaType): boolean => resolver.names.field(type, last) !== undefined;
      const own = resolver.names.staticImport(last, scope.type.unit, has)?.own;
      return own && resolver.names.field(own, last);
    }
    const own = resolver.names.type(names.slice(0, -1), scope)?.own;
    return own && resolver.names.field(own, last);
  }
}

/** The text of an object with that of its part; one that tells changes at its end is in parentheses. */
export function ofObject(text: string, part: string): string {
  return part !== '' && text.includes(', changed by(') ? `(${text})${part}` : text + part;
}

/** Is a class another one, or inside of it? */
export function isInside(type: JavaType, owner: JavaType | undefined): boolean {
  if (!owner) return false;
  for (let one: JavaType | undefined = type; one; one = one.outer ?? one.enclosing?.type) {
    if (one === owner || one.node === owner.node) return true;
  }
  return false;
}
