import { bindArguments, nameArguments } from './arguments.js';
import { classAttribute, ofSelf, valueOf } from './attributes.js';
import { changesOf } from './facts.js';
import { canonicalName, catalogued } from './qualifiedNames.js';
import { optionValue } from './options.js';
import {
  called,
  constructorParameters,
  definitionNamed,
  enter,
  lookUp,
  lookUpNames,
  methodOf,
  methodOfSelf,
  type Found,
  type Instance,
  type Placed,
  type Scope,
} from './scope.js';
import { child, dottedName, isDocstring, sourceOf, unwrap, type Node } from './syntax.js';

const MAX_DEPTH = 24;

/**
 * Finds the one value of expressions that have one: follows names that are bound once, class attributes, `self`'s
 * attributes, literal dictionaries and functions that only return.
 */
export abstract class Reducer {
  private reducing = 0;
  /** Being looked for: a name may be made of itself. */
  private readonly objects = new Set<string>();

  /** @param args arguments the program is launched with, where these are configured */
  constructor(private readonly args?: readonly string[]) {}

  /** Canonical text of an expression. */
  abstract text(placed: Placed): string;

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
        if (names) {
          return this.given(names, scope) ?? this.attribute(names, scope);
        }
        const object = child(node, 'object');
        return (
          object && this.attributeOf({ node: object, scope }, child(node, 'attribute')?.text ?? '')
        );
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
    return found && this.valueOfFound(found, name);
  }

  private valueOfFound(found: Found, name: string): Placed | undefined {
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
    if (found.scope.facts.bindings.get(changesOf(binding.name))) return undefined;
    return valueOf(binding, found.scope);
  }

  /** `Config.TOPIC`, `self.topic`, `config.topic` of an object made in the user's files, `module.NAME`. */
  protected attribute(names: readonly string[], scope: Scope): Placed | undefined {
    const [root = '', name = ''] = names;
    const method = methodOfSelf(scope, root);
    let value: Placed | undefined;
    let rest: readonly string[];
    if (method?.parent) {
      value = ofSelf(method.parent, method.instance, name);
      rest = names.slice(2);
    } else {
      const known = lookUpNames(scope, names);
      if (!known) return undefined;
      const { found } = known;
      rest = known.rest;
      const [binding] = found.bindings;
      const isOne = found.bindings.length === 1 && !found.parameter;
      if (rest.length > 0 && isOne && binding?.definition?.kind === 'class') {
        value = classAttribute(enter(binding, binding.definition, found.scope), rest[0] ?? '');
        rest = rest.slice(1);
      } else {
        value = this.valueOfFound(found, binding?.name ?? root);
      }
    }
    for (const next of rest) value = value && this.attributeOf(value, next);
    return value;
  }

  /** The attribute of an object that a class of the user's makes. */
  private attributeOf(object: Placed, name: string): Placed | undefined {
    if (this.reducing > MAX_DEPTH) return undefined;
    this.reducing++;
    try {
      const made = this.reduce(object);
      const names = dottedName(made.node);
      const type = names && definitionNamed(made.scope, ...names);
      if (type?.kind === 'class') return classAttribute(type, name);
      const maker = made.node.kind === 'call' ? this.classCalled(made) : undefined;
      return maker && ofSelf(maker.type, maker, name);
    } finally {
      this.reducing--;
    }
  }

  /** The value that the launch arguments give an option of the program. */
  protected given(names: readonly string[], scope: Scope): Placed | undefined {
    const node = this.args && optionValue(names, scope, this, this.args);
    return node && { node, scope };
  }

  /** What an object that names stand for is made by; of `a, rest = …` the first as if it were all. */
  objectNamed(names: readonly string[], scope: Scope): Placed | undefined {
    const key = `${scope.base} ${names.join('.')}`;
    if (this.objects.has(key)) return undefined;
    this.objects.add(key);
    try {
      return this.madeBy(names, scope);
    } finally {
      this.objects.delete(key);
    }
  }

  private madeBy(names: readonly string[], scope: Scope): Placed | undefined {
    const { found, rest } = lookUpNames(scope, names) ?? {};
    const [binding] = found?.bindings ?? [];
    let value: Placed | undefined;
    if (found && rest?.length === 0 && found.bindings.length === 1 && !found.parameter) {
      const isWhole = binding?.kind === 'assign' && (binding.index ?? 0) === 0;
      value = isWhole && binding.value ? { node: binding.value, scope: found.scope } : undefined;
    } else if (found?.bindings.length === 0) {
      value = found.scope.args?.get(names[0] ?? '')?.placed;
    }
    value ??= names.length > 1 ? this.attribute(names, scope) : undefined;
    return value && this.reduce(value);
  }

  /** The class of the user's that a call makes an object of. */
  classCalled({ node, scope }: Placed): Instance | undefined {
    const callee = child(node, 'function');
    const names = callee && dottedName(callee);
    const type = names && definitionNamed(scope, ...names);
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

  /** What a function of the user's returns that does nothing but return. */
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

  /** The function of the user's that is called, entered with the call's arguments. */
  functionCalled({ node, scope }: Placed): Scope | undefined {
    const callee = child(node, 'function');
    const names = callee && dottedName(callee);
    if (!names) return undefined;
    let target: Scope | undefined;
    let instance: Instance | undefined;
    let parameters;
    const method = methodOfSelf(scope, names[0] ?? '');
    const plain = method ? undefined : definitionNamed(scope, ...names);
    if (plain) {
      target = plain;
      parameters = target.definition?.parameters;
    } else if (names.length > 1) {
      const name = names.at(-1) ?? '';
      const owner = method?.parent
        ? names.length === 2
          ? { type: method.parent, instance: method.instance }
          : undefined
        : this.ownerOf(names.slice(0, -1), scope);
      target = owner && methodOf(owner.type, name);
      instance = owner?.instance;
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

  /** The class, or the object made of one, that a method is called on. */
  private ownerOf(
    names: readonly string[],
    scope: Scope,
  ): { type: Scope; instance: Instance | undefined } | undefined {
    const type = definitionNamed(scope, ...names);
    if (type) return type.kind === 'class' ? { type, instance: undefined } : undefined;
    // `x = x.next()`: an object may be made of itself.
    if (this.reducing > MAX_DEPTH) return undefined;
    this.reducing++;
    try {
      const value =
        names.length === 1 ? this.valueOfName(names[0] ?? '', scope) : this.attribute(names, scope);
      const made = value && this.reduce(value);
      const instance = made?.node.kind === 'call' ? this.classCalled(made) : undefined;
      return instance && { type: instance.type, instance };
    } finally {
      this.reducing--;
    }
  }

  /** Qualified name of what is imported under `names`, in its canonical form. */
  qualified(names: readonly string[], scope: Scope): string | undefined {
    const { found, rest } = lookUpNames(scope, names) ?? {};
    if (!found || !rest) return this.starred(names, scope);
    const binding = found.bindings.find((one) => one.kind === 'import');
    if (!binding || found.parameter) return undefined;
    return canonicalName([binding.qualified ?? '', ...rest].join('.'));
  }

  /** A name that `from apache_beam… import *` brings in. */
  protected starred(names: readonly string[], scope: Scope): string | undefined {
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
