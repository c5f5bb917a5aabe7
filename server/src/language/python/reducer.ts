import { bindArguments, nameArguments, type Expand } from './arguments.js';
import {
  attributeNamed,
  classAttribute,
  ofSelf,
  returned,
  valueOf,
  withKey,
} from './attributes.js';
import { partsOf } from './changes.js';
import { dictionaryOf, itemOf } from './dictionary.js';
import {
  effectsOn,
  effectsOnObject,
  partText,
  settledBy,
  type Effect,
  type Follow,
  type Position,
} from './effects.js';
import type { Binding } from './facts.js';
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
import { child, dottedName, sourceOf, unwrap, type Node } from './syntax.js';

const MAX_DEPTH = 24;
/** Names followed for one question. */
const MAX_WORK = 3_000;

/**
 * Finds the one value of expressions that have one: follows names that are bound once, class attributes, `self`'s
 * attributes, literal dictionaries and functions that only return.
 */
export abstract class Reducer implements Expand, Follow {
  at: ReadonlyMap<number, Position> = new Map();
  readonly changes: Follow['changes'] = new WeakMap();
  readonly entering: Follow['entering'] = new Set();
  protected depth = 0;
  /** Names and dictionaries followed for what is asked. */
  protected work = 0;
  private reducing = 0;
  /** Being looked for: a name may be made of itself. */
  private readonly objects = new Set<string>();

  /** @param args arguments the program is launched with, where these are configured */
  constructor(private readonly args?: readonly string[]) {}

  /** Canonical text of an expression. */
  abstract text(placed: Placed): string;

  abstract isActive(binding: Binding): boolean;

  abstract ignoring<T>(effects: readonly Effect[], read: () => T): T;

  /** The expression behind names, as far as there is exactly one. */
  reduce(placed: Placed): Placed {
    return this.followed(placed, (one) => this.step(one));
  }

  private followed(placed: Placed, step: (one: Placed) => Placed | undefined): Placed {
    let current = { node: unwrap(placed.node), scope: placed.scope };
    for (let count = 0; count < MAX_DEPTH; count++) {
      const next = step(current);
      if (!next) return current;
      current = { node: unwrap(next.node), scope: next.scope };
    }
    return current;
  }

  private step(placed: Placed): Placed | undefined {
    const { effects, asked } = this.changesOf(placed, []);
    if (effects.length === 0) return this.behind(placed);
    const settled = settledBy(effects, asked);
    return settled && this.partOf(settled.placed, settled.rest);
  }

  /** One step towards what an expression is made by, whatever happened to it since. */
  behind({ node, scope }: Placed): Placed | undefined {
    const attribute = attributeNamed(node, scope);
    if (attribute) return attribute;
    switch (node.kind) {
      case 'identifier':
        return this.valueOfName(node.text, scope);
      case 'attribute': {
        const names = dottedName(node);
        if (names) {
          return this.given(names, scope) ?? this.attribute(names, scope);
        }
        const object = child(node, 'object');
        const name = child(node, 'attribute')?.text ?? '';
        return object && this.partOf({ node: object, scope }, [`.${name}`]);
      }
      case 'subscript': {
        const value = child(node, 'value');
        const key = child(node, 'subscript');
        return value && key && this.partOf({ node: value, scope }, [this.keyText(key, scope)]);
      }
      case 'call':
        return returned(this.functionCalled({ node, scope })) ?? this.gotten(node, scope);
      default:
        return undefined;
    }
  }

  private keyText(node: Node, scope: Scope): string {
    return partText({ key: node }, scope, this);
  }

  /** What may have happened to an expression's value since it was made; parts count from that value. */
  effects(placed: Placed): readonly Effect[] {
    const { effects, asked } = this.changesOf(placed, []);
    return effects.map((one) => ({ ...one, parts: one.parts.slice(asked.length) }));
  }

  /** What may have happened to a part of what an expression is, and that part from the name on that it begins with. */
  protected changesOf(
    { node, scope }: Placed,
    about: readonly string[],
  ): { effects: readonly Effect[]; asked: readonly string[] } {
    const none = { effects: [], asked: [] };
    if (node.kind === 'call' && about.length > 0) {
      const made = this.classCalled({ node, scope });
      return made ? { effects: effectsOnObject(made.type, made, about, this), asked: about } : none;
    }
    const path = partsOf(node);
    if (!path || !this.mayFollow(0)) return none;
    this.reducing++;
    try {
      const asked = [...path.parts.map((part) => partText(part, scope, this)), ...about];
      return { effects: this.changesOfName(path.root, asked, scope), asked };
    } finally {
      this.reducing--;
    }
  }

  /** What may have happened to what an expression is made of: of `d.get('k')` to that key, of `o.m()` to the object. */
  protected changesOfUsed({ node, scope }: Placed): readonly Effect[] {
    const callee = node.kind === 'call' ? child(node, 'function') : undefined;
    if (!callee) return this.changesOf({ node, scope }, []).effects;
    const object = child(callee, 'object');
    const [key] = child(node, 'arguments')?.children ?? [];
    const isGet = key && child(callee, 'attribute')?.text === 'get';
    const about = isGet ? [this.keyText(key, scope)] : [];
    return object ? this.changesOf({ node: object, scope }, about).effects : [];
  }

  protected changesOfName(root: string, asked: readonly string[], scope: Scope): Effect[] {
    const { parent: type, instance } = methodOfSelf(scope, root) ?? {};
    if (type)
      return asked.length > 0 ? effectsOnObject(instance?.type ?? type, instance, asked, this) : [];
    const found = lookUp(scope, root);
    return found ? effectsOn(found, asked, this) : [];
  }

  /** The part of a value that attributes and keys lead to. */
  private partOf(object: Placed, about: readonly string[]): Placed | undefined {
    if (this.reducing > MAX_DEPTH) return undefined;
    this.reducing++;
    try {
      let current = { node: unwrap(object.node), scope: object.scope };
      let left = about;
      for (let step = 0; step < MAX_DEPTH; step++) {
        const [part] = left;
        if (part === undefined) return current;
        const { effects, asked } = this.changesOf(current, left);
        const settled = settledBy(effects, asked);
        if (effects.length > 0 && !settled) return undefined;
        const own = settled ? undefined : this.ownPart(current, part);
        if (own) left = left.slice(1);
        else if (settled) left = settled.rest;
        const next = own ?? settled?.placed ?? this.behind(current);
        if (!next) return undefined;
        current = { node: unwrap(next.node), scope: next.scope };
      }
      return undefined;
    } finally {
      this.reducing--;
    }
  }

  /** A part of a literal, a class, or an object that a class of the user's makes. */
  private ownPart(made: Placed, part: string): Placed | undefined {
    const { node, scope } = made;
    if (part.startsWith('.')) {
      const names = dottedName(node);
      const type = names && definitionNamed(scope, ...names);
      if (type?.kind === 'class') return classAttribute(type, part.slice(1));
      const maker = node.kind === 'call' ? this.classCalled(made) : undefined;
      return maker && ofSelf(maker.type, maker, part.slice(1));
    }
    const key = part.slice(1, -1);
    if (node.kind === 'call' && child(node, 'function')?.text === 'vars') {
      return attributeNamed(withKey(node, key), scope);
    }
    const item = itemOf(made, key, this);
    if (item) return item;
    const isDictionary = node.kind === 'dictionary' || node.kind === 'call';
    return isDictionary ? this.dictionary(made)?.get(key) : undefined;
  }

  /** `d.get('k')`, `d.get('k', 1)` of a dictionary that is known. */
  private gotten(node: Node, scope: Scope): Placed | undefined {
    const callee = child(node, 'function');
    const object = callee && child(callee, 'object');
    const [key, fallback, more] = child(node, 'arguments')?.children ?? [];
    if (!object || !key || more || child(callee, 'attribute')?.text !== 'get') return undefined;
    const found = this.partOf({ node: object, scope }, [this.keyText(key, scope)]);
    if (found || !fallback) return found;
    const entries = this.dictionary({ node: object, scope });
    const isAbsent = entries && !entries.has(this.text({ node: key, scope }));
    return isAbsent ? { node: fallback, scope } : undefined;
  }

  /** Is there patience left for what was asked first? */
  mayFollow(cost: number): boolean {
    if (this.depth === 0 && this.reducing === 0) this.work = 0;
    this.work += cost;
    return this.depth <= MAX_DEPTH && this.reducing <= MAX_DEPTH && this.work <= MAX_WORK;
  }

  dictionary(placed: Placed): Map<string, Placed> | undefined {
    if (!this.mayFollow(10)) return undefined;
    this.reducing++;
    try {
      return dictionaryOf(placed, this);
    } finally {
      this.reducing--;
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
    return valueOf(binding, found.scope);
  }

  /** `Config.TOPIC`, `self.topic`, `config.topic` of an object made in the user's files, `module.NAME`. */
  protected attribute(names: readonly string[], scope: Scope): Placed | undefined {
    const [root = '', name = ''] = names;
    const method = methodOfSelf(scope, root);
    let value: Placed | undefined;
    let rest: readonly string[];
    if (method?.parent) {
      value = ofSelf(method.instance?.type ?? method.parent, method.instance, name);
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
    return (
      value &&
      this.partOf(
        value,
        rest.map((one) => `.${one}`),
      )
    );
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
    const named = nameArguments(child(node, 'arguments'), scope, parameters, this);
    return { type, args: bindArguments(named) };
  }

  /** The function of the user's that is called, entered with the call's arguments. */
  functionCalled({ node, scope }: Placed): Scope | undefined {
    const callee = child(node, 'function');
    const object = callee && child(callee, 'object');
    if (!callee) return undefined;
    const names = dottedName(callee) ?? [];
    let target: Scope | undefined;
    let instance: Instance | undefined;
    let parameters;
    const method = methodOfSelf(scope, names[0] ?? '');
    const plain = method ? undefined : definitionNamed(scope, ...names);
    if (plain) {
      target = plain;
      parameters = target.definition?.parameters;
    } else if (object) {
      const name = child(callee, 'attribute')?.text ?? '';
      const own = names.length === 2 ? method?.parent : undefined;
      const owner = own ? { type: own, instance: method?.instance } : this.ownerOf(object, scope);
      target = owner && methodOf(owner.type, name);
      instance = owner?.instance;
      const isStatic = target?.definition?.decorators.some((one) =>
        sourceOf(one).includes('staticmethod'),
      );
      parameters = target?.definition?.parameters.slice(isStatic ? 0 : 1);
    }
    if (target?.kind !== 'def') return undefined;
    const list = child(node, 'arguments');
    const named = nameArguments(list, scope, parameters, this);
    return called(target, bindArguments(named), instance);
  }

  /** The class, or the object made of one, that a method is called on. */
  private ownerOf(
    object: Node,
    scope: Scope,
  ): { type: Scope; instance: Instance | undefined } | undefined {
    const names = dottedName(object) ?? [];
    const type = definitionNamed(scope, ...names);
    if (type) return type.kind === 'class' ? { type, instance: undefined } : undefined;
    // `x = x.next()`: an object may be made of itself.
    if (this.reducing > MAX_DEPTH) return undefined;
    this.reducing++;
    try {
      const value = names.length > 1 ? this.attribute(names, scope) : { node: object, scope };
      // Whatever happened to it, it is the object that was made.
      const made = value && this.followed(value, (one) => this.behind(one));
      const maker = made?.node.kind === 'call' ? this.classCalled(made) : undefined;
      if (!maker) return undefined;
      const asked = names.slice(1).map((one) => `.${one}`);
      const effects = this.changesOfName(names[0] ?? '', asked, scope)
        .filter(({ parts }) => parts.length > asked.length)
        .map((one) => ({ ...one, parts: one.parts.slice(asked.length) }));
      return { type: maker.type, instance: { ...maker, effects } };
    } finally {
      this.reducing--;
    }
  }
}
