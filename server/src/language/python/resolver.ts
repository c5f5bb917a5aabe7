import { hash as digest } from 'node:crypto';
import type { Binding } from './facts.js';
import { bindArguments, nameArguments } from './arguments.js';
import { classAttribute, ofSelf, valueOf } from './attributes.js';
import { fold, foldLabel } from './constants.js';
import { writeString } from './literals.js';
import { optionText } from './options.js';
import { Printer } from './print.js';
import { canonicalName, catalogued } from './qualifiedNames.js';
import {
  called,
  constructorParameters,
  definitionNamed,
  enter,
  lookUp,
  methodOf,
  methodOfSelf,
  type Found,
  type Instance,
  type Placed,
  type Scope,
} from './scope.js';
import { child, dottedName, isDocstring, sourceOf, unwrap, type Node } from './syntax.js';

const MAX_DEPTH = 24;
/** Names followed for one text. */
const MAX_WORK = 3_000;
const MAX_TEXT = 2_000;

/** Told of everything that a written text refers to. */
export interface References {
  definition(scope: Scope): void;
  /** A name with several values: gives the name to write for it, and keeps its text for later. */
  variable(found: Found, root: string): string;
}

const NONE: References = { definition: () => undefined, variable: () => '@' };

/** What was written of a name that is bound once, kept for the references it was written for. */
type Written = Map<Scope, Map<Binding, string>>;

/**
 * Finds what expressions are: follows names that are bound once, class attributes, `self`'s attributes,
 * literal dictionaries and functions that only return, and writes the rest in canonical form.
 */
export class Resolver {
  private depth = 0;
  private work = 0;
  private readonly active = new Set<Binding>();
  private readonly written = new WeakMap<References, Written>();
  private isAlternative = false;

  /** Canonical text of an expression, with what is known of its names in their place. */
  text(placed: Placed, references: References = NONE): string {
    if (this.depth === 0) this.work = 0;
    if (this.depth > MAX_DEPTH || ++this.work > MAX_WORK) return '…';
    this.depth++;
    try {
      const { node, scope } = this.reduce(placed);
      const text = new ResolvingPrinter(this, scope, references).expression(node);
      return text.length <= MAX_TEXT ? text : shorten(text);
    } finally {
      this.depth--;
    }
  }

  /** The constant string an expression is; undefined if it is none. */
  string(placed: Placed): string | undefined {
    return fold(placed, this);
  }

  /** A label: constant text, with `{}` for what only running the program tells. */
  label(placed: Placed): string {
    return foldLabel(placed, this);
  }

  /** The expression behind names, as far as there is exactly one. */
  reduce(placed: Placed): Placed {
    let current = { node: unwrap(placed.node), scope: placed.scope };
    for (let step = 0; step < MAX_DEPTH; step++) {
      const next = this.step(current);
      if (!next) return current;
      current = { node: unwrap(next.node), scope: next.scope };
    }
    return current;
  }

  private step({ node, scope }: Placed): Placed | undefined {
    switch (node.kind) {
      case 'identifier':
        return this.valueOfName(node.text, scope);
      case 'attribute': {
        const names = dottedName(node);
        const [root, name] = names ?? [];
        if (names?.length !== 2 || root === undefined || name === undefined) return undefined;
        return this.attribute(root, name, scope);
      }
      case 'subscript':
        return this.subscript(node, scope);
      case 'call':
        return this.returned(node, scope);
      default:
        return undefined;
    }
  }

  private valueOfName(name: string, scope: Scope): Placed | undefined {
    const found = lookUp(scope, name);
    if (!found) return undefined;
    if (found.parameter && found.bindings.length === 0) {
      const { args } = found.scope;
      if (!args) return undefined;
      const argument = args.get(name);
      if (argument) return argument.placed;
      const value = found.parameter.default;
      return value && found.scope.parent ? { node: value, scope: found.scope.parent } : undefined;
    }
    const [binding] = found.bindings;
    if (found.bindings.length !== 1 || found.parameter || binding?.kind !== 'assign') {
      return undefined;
    }
    return valueOf(binding, found.scope);
  }

  /** `Config.TOPIC`, `self.topic`, `config.topic` of an object made in the file. */
  private attribute(root: string, name: string, scope: Scope): Placed | undefined {
    const method = methodOfSelf(scope, root);
    if (method?.parent) return ofSelf(method.parent, method.instance, name);
    const type = definitionNamed(scope, root);
    if (type?.kind === 'class') return classAttribute(type, name);
    const made = this.valueOfName(root, scope);
    const object = made && this.reduce(made);
    if (object?.node.kind !== 'call') return undefined;
    const maker = this.classCalled(object);
    if (!maker) return undefined;
    return ofSelf(maker.type, maker, name);
  }

  /** The class of the file that a call makes an object of. */
  classCalled({ node, scope }: Placed): Instance | undefined {
    const callee = child(node, 'function');
    if (callee?.kind !== 'identifier') return undefined;
    const type = definitionNamed(scope, callee.text);
    if (type?.kind !== 'class') return undefined;
    const parameters = constructorParameters(type);
    const named = nameArguments(child(node, 'arguments'), scope, parameters, (one) =>
      this.reduce(one),
    );
    return { type, args: bindArguments(named) };
  }

  private subscript(node: Node, scope: Scope): Placed | undefined {
    const value = child(node, 'value');
    const index = child(node, 'subscript');
    if (!value || !index) return undefined;
    const literal = this.reduce({ node: value, scope });
    if (literal.node.kind === 'list' || literal.node.kind === 'tuple') {
      const at = index.kind === 'integer' ? literal.node.children[Number(index.text)] : undefined;
      return at && at.kind !== 'list_splat' ? { node: at, scope: literal.scope } : undefined;
    }
    if (literal.node.kind !== 'dictionary') return undefined;
    const key = this.text({ node: index, scope });
    for (const pair of literal.node.children) {
      const own = child(pair, 'key');
      if (own && this.text({ node: own, scope: literal.scope }) === key) {
        const found = child(pair, 'value');
        return found && { node: found, scope: literal.scope };
      }
    }
    return undefined;
  }

  /** What a function of the file returns that does nothing but return. */
  private returned(node: Node, scope: Scope): Placed | undefined {
    const target = this.functionCalled({ node, scope });
    const facts = target?.facts;
    const [only] = facts?.returns ?? [];
    const body = target?.definition?.statement.clauses.at(-1)?.body;
    const statements = body?.filter(({ statement }) => !isDocstring(statement.nodes[0])) ?? [];
    if (!target || !only || statements.length !== 1 || target.definition?.decorators.length) {
      return undefined;
    }
    return { node: only.node, scope: target };
  }

  /** The function of the file that is called, entered with the call's arguments. */
  functionCalled({ node, scope }: Placed): Scope | undefined {
    const callee = child(node, 'function');
    const names = callee && dottedName(callee);
    if (!names) return undefined;
    let target: Scope | undefined;
    let instance: Instance | undefined;
    let parameters;
    const [root = '', name = ''] = names;
    if (names.length === 1) {
      target = definitionNamed(scope, root);
      parameters = target?.definition?.parameters;
    } else if (names.length === 2) {
      const method = methodOfSelf(scope, root);
      target = method?.parent && methodOf(method.parent, name);
      instance = method?.instance;
      const isStatic = target?.definition?.decorators.some((one) =>
        sourceOf(one).includes('staticmethod'),
      );
      parameters = target?.definition?.parameters.slice(isStatic ? 0 : 1);
    }
    if (target?.kind !== 'def') return undefined;
    const list = child(node, 'arguments');
    const named = nameArguments(list, scope, parameters, (one) => this.reduce(one));
    return called(target, bindArguments(named), instance);
  }

  /** Qualified name of what is imported under `names`, in its canonical form. */
  qualified(names: readonly string[], scope: Scope): string | undefined {
    const [root = '', ...rest] = names;
    const found = lookUp(scope, root);
    if (!found) return this.starred(names, scope);
    const binding = found.bindings.find((one) => one.kind === 'import');
    if (!binding || found.parameter) return undefined;
    return canonicalName([binding.qualified ?? '', ...rest].join('.'));
  }

  /** Text of a name that stays a name: qualified, a definition of the file, or symbolic. */
  name(names: readonly string[], scope: Scope, references: References): string {
    const [root = '', ...rest] = names;
    const tail = rest.map((part) => `.${part}`).join('');
    const option = optionText(names, scope, this);
    if (option !== undefined) return option;
    if (names.length > 1) {
      const value = this.attribute(root, rest[0] ?? '', scope);
      if (value) return this.guarded(value, references, rest.slice(1));
    }
    const found = lookUp(scope, root);
    if (!found) return this.starred(names, scope) ?? names.join('.');
    return this.foundText(found, root, tail, references);
  }

  private foundText(found: Found, root: string, tail: string, references: References): string {
    const { bindings, parameter } = found;
    const isOne = bindings.length + (parameter ? 1 : 0) === 1;
    if (isOne || bindings.every(({ kind }) => kind === 'import')) {
      return this.alternatives(found, root, tail, references);
    }
    // Variables that depend on variables are written one by one, or the text would grow without end.
    if (this.isAlternative) return references.variable(found, root) + tail;
    return this.alternatives(found, root, '', references) + tail;
  }

  /** Text of everything a name is bound to. */
  alternatives(found: Found, root: string, tail: string, references: References): string {
    const outer = this.isAlternative;
    this.isAlternative ||= found.bindings.length + (found.parameter ? 1 : 0) > 1;
    try {
      return this.writeAlternatives(found, root, tail, references);
    } finally {
      this.isAlternative = outer;
    }
  }

  private writeAlternatives(
    found: Found,
    root: string,
    tail: string,
    references: References,
  ): string {
    const texts = found.bindings.map((binding) => ({
      binding,
      text: this.bindingText(binding, found.scope, tail, references),
    }));
    if (found.parameter) {
      const argument = found.scope.args?.get(root)?.placed;
      const value = found.parameter.default;
      const written = argument
        ? this.text(argument, references)
        : value && found.scope.parent
          ? `<${root} = ${this.text({ node: value, scope: found.scope.parent }, references)}>`
          : `<${root}>`;
      if (texts.length === 0) return written + tail;
      return `either(${[written, ...texts.map(({ text }) => text)].join('; ')})${tail}`;
    }
    const [only] = texts;
    if (only && new Set(texts.map(({ text }) => text)).size === 1) return only.text;
    const alternatives = texts.map(({ binding, text }) => {
      const guards = binding.guards.map(({ branch, condition }) =>
        condition
          ? this.text({ node: condition, scope: found.scope }, references)
          : `branch ${branch}`,
      );
      return [...guards, text].join(': ');
    });
    return `either(${alternatives.join('; ')})`;
  }

  private bindingText(
    binding: Binding,
    scope: Scope,
    tail: string,
    references: References,
  ): string {
    if (binding.kind === 'import') return canonicalName(`${binding.qualified ?? ''}${tail}`);
    if (binding.definition) {
      const entered = enter(binding, binding.definition, scope);
      references.definition(entered);
      return entered.path + tail;
    }
    if (this.active.has(binding)) return binding.name + tail;
    const kept = this.keptFor(references, scope);
    const known = kept.get(binding);
    if (known !== undefined) return known + tail;
    this.active.add(binding);
    try {
      const text = this.valueText(binding, scope, references);
      kept.set(binding, text);
      return text + tail;
    } finally {
      this.active.delete(binding);
    }
  }

  private keptFor(references: References, scope: Scope): Map<Binding, string> {
    const all = this.written.get(references) ?? new Map<Scope, Map<Binding, string>>();
    this.written.set(references, all);
    const kept = all.get(scope) ?? new Map<Binding, string>();
    all.set(scope, kept);
    return kept;
  }

  private valueText(binding: Binding, scope: Scope, references: References): string {
    const whole = valueOf(binding, scope);
    const placed = whole ?? (binding.value && { node: binding.value, scope });
    const value = placed ? this.text(placed, references) : binding.name;
    const indexed = binding.index !== undefined && !whole ? `${value}[${binding.index}]` : value;
    switch (binding.kind) {
      case 'assign':
        return indexed;
      case 'for':
        return `each(${indexed})`;
      case 'with':
        return `with(${indexed})`;
      case 'augmented':
        return `changed by(${indexed})`;
      case 'import':
      case 'definition':
      case 'other':
        return `part of(${indexed})`;
    }
  }

  private guarded(value: Placed, references: References, rest: readonly string[]): string {
    return [this.text(value, references), ...rest].join('.');
  }

  /** A name that `from apache_beam… import *` brings in. */
  private starred(names: readonly string[], scope: Scope): string | undefined {
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      for (const module of at.facts.stars) {
        const qualified = `${module}.${names.join('.')}`;
        if (catalogued(qualified)) return canonicalName(qualified);
        if (/^apache_beam(\.|$)/.test(module) && /^[A-Z]/.test(names[0] ?? '')) {
          return canonicalName(qualified);
        }
      }
    }
    return undefined;
  }
}

class ResolvingPrinter extends Printer {
  constructor(
    private readonly resolver: Resolver,
    private readonly scope: Scope,
    private readonly references: References,
  ) {
    super((names) => resolver.name(names, scope, references));
  }

  override expression(node: Node): string {
    if (!this.isNested) {
      if (FOLDED.has(node.kind)) {
        const value = this.resolver.string({ node, scope: this.scope });
        if (value !== undefined) return writeString({ bytes: false, value });
      }
      if (node.kind === 'subscript' || node.kind === 'call') {
        const reduced = this.resolver.reduce({ node, scope: this.scope });
        if (reduced.node !== node) return this.resolver.text(reduced, this.references);
      }
    }
    return super.expression(node);
  }
}

const FOLDED = new Set(['binary_operator', 'concatenated_string', 'string', 'call']);

function shorten(text: string): string {
  const hash = digest('sha256', text).slice(0, 32);
  return `${text.slice(0, 120)}… (${text.length} characters, ${hash})`;
}
