import { hash as digest } from 'node:crypto';
import { effectText, settledBy, effectsOn, type Effect } from './effects.js';
import type { Binding } from './facts.js';
import { assignments, valueOf } from './attributes.js';
import { fold, foldLabel, foldShown } from './constants.js';
import { starredName } from './importedNames.js';
import { writeString } from './literals.js';
import { optionText } from './options.js';
import { escapeBraces, Printer } from './print.js';
import { canonicalName } from './qualifiedNames.js';
import { Reducer } from './reducer.js';
import { enter, lookUpNames, methodOfSelf, type Found, type Placed, type Scope } from './scope.js';
import { sourceOf, type Node } from './syntax.js';

const MAX_TEXT = 2_000;

/** Told of everything that a written text refers to. */
export interface References {
  /** A definition of the user's own: gives the name to write for it. */
  definition(scope: Scope): string;
  /** A name with several values: gives the name to write for it, and keeps its text for later. */
  variable(found: Found, root: string): string;
}

const NONE: References = { definition: ({ path }) => path, variable: () => '@' };

/** What was written of a name that is bound once, kept for the references it was written for. */
type Written = Map<Scope, Map<Binding, string>>;

/** Finds what expressions are, and writes what has no one value in canonical form. */
export class Resolver extends Reducer {
  private readonly active = new Set<Binding>();
  private readonly written = new WeakMap<object, Written>();
  private isAlternative = false;

  /** Canonical text of an expression, with what is known of its names in their place. */
  text(placed: Placed, references: References = NONE): string {
    if (!this.mayFollow(1)) return sourceOf(placed.node);
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

  /** The constant text that formatting an expression gives. */
  shown(placed: Placed): string | undefined {
    return foldShown(placed, this);
  }

  /** A label: constant text, with `{}` for what only running the program tells. */
  label(placed: Placed): string {
    return foldLabel(placed, this);
  }

  isActive(binding: Binding): boolean {
    return this.active.has(binding);
  }

  /** Text of a name that stays a name: qualified, a definition of the file, or symbolic. */
  name(names: readonly string[], scope: Scope, references: References): string {
    const [root = '', ...parts] = names;
    const asked = parts.map((part) => `.${part}`);
    const effects = this.changesOfName(root, asked, scope);
    if (effects.length > 0) {
      const settled = settledBy(effects, asked);
      if (settled) return this.text(settled.placed, references) + settled.rest.join('');
      return this.afterwards(effects, () => this.name(names, scope, references), references);
    }
    const given = this.given(names, scope);
    if (given) return this.text(given, references);
    const option = optionText(names, scope, this);
    if (option !== undefined) return option;
    for (let end = names.length; end > 1; end--) {
      const value = this.attribute(names.slice(0, end), scope);
      if (value) return [this.text(value, references), ...names.slice(end)].join('.');
    }
    const own = this.attributeOfSelf(names, scope, references);
    if (own !== undefined) return own;
    const { found, rest } = lookUpNames(scope, names) ?? {};
    if (!found || !rest) return starredName(names, scope) ?? names.join('.');
    const tail = rest.map((part) => `.${part}`).join('');
    return this.foundText(found, found.bindings[0]?.name ?? names[0] ?? '', tail, references);
  }

  /** Text of an attribute that methods assign more than once, or make of what it was. */
  private attributeOfSelf(
    [root = '', name = '', ...rest]: readonly string[],
    scope: Scope,
    references: References,
  ): string | undefined {
    const { parent: type, instance } = methodOfSelf(scope, root) ?? {};
    const assigned = type ? assignments(instance?.type ?? type, instance, name) : [];
    if (assigned.length === 0) return undefined;
    const texts = assigned.map(({ binding, scope: at }) =>
      [
        ...this.guardTexts(binding, at, references),
        this.bindingText(binding, at, '', references),
      ].join(': '),
    );
    const text = texts.length > 1 ? `either(${texts.join('; ')})` : (texts[0] ?? '');
    return [text, ...rest].join('.');
  }

  private guardTexts({ guards }: Binding, scope: Scope, references: References): string[] {
    return guards.map(({ branch, condition }) =>
      condition ? this.text({ node: condition, scope }, references) : `branch ${branch}`,
    );
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
          ? `<${formal(found)} = ${this.text({ node: value, scope: found.scope.parent }, references)}>`
          : `<${formal(found)}>`;
      if (texts.length === 0) return written + tail;
      return `either(${[written, ...texts.map(({ text }) => text)].join('; ')})${tail}`;
    }
    const [only] = texts;
    if (only && new Set(texts.map(({ text }) => text)).size === 1) return only.text;
    const alternatives = texts.map(({ binding, text }) =>
      [...this.guardTexts(binding, found.scope, references), text].join(': '),
    );
    return `either(${alternatives.join('; ')})`;
  }

  /** Text of a part of a name's value that is not the one it was made with; undefined when it is. */
  changed(placed: Placed, references: References): string | undefined {
    const effects = this.changesOfUsed(placed);
    if (effects.length === 0) return undefined;
    return this.afterwards(effects, () => this.text(placed, references), references);
  }

  /** Writes a part of what a name of a module is bound to, where that is known by itself. */
  partOfName(
    names: readonly string[],
    scope: Scope,
    references: References,
  ): (() => string) | undefined {
    const [root = '', ...parts] = names;
    const isChanged =
      this.changesOfName(
        root,
        parts.map((part) => `.${part}`),
        scope,
      ).length > 0;
    if (!isChanged && !this.attribute(names, scope)) return undefined;
    return () => this.name(names, scope, references);
  }

  /** Text of what happens to the attributes of a class elsewhere than in it. */
  changesOfClass({ kind, parent, definition }: Scope, references: References): string {
    if (kind !== 'class' || !parent || !definition) return '';
    const effects = this.changesOfName(definition.name, [], parent);
    return this.effectTexts(effects, references).join(', ');
  }

  /** Text of everything a name is bound to, and of what happened to it. */
  whole(found: Found, root: string, references: References): string {
    const effects = effectsOn(found, [], this);
    const write = (): string => this.alternatives(found, root, '', references);
    return effects.length > 0 ? this.afterwards(effects, write, references) : write();
  }

  /** Text of what something was, and of what happened to it. */
  private afterwards(
    effects: readonly Effect[],
    before: () => string,
    references: References,
  ): string {
    return this.ignoring(effects, () => {
      const texts = this.effectTexts(effects, references);
      return [before(), ...texts.map((text) => `changed by(${text})`)].join(', ');
    });
  }

  /** As if the effects had not happened. */
  ignoring<T>(effects: readonly Effect[], read: () => T): T {
    for (const { binding } of effects) this.active.add(binding);
    try {
      return read();
    } finally {
      for (const { binding } of effects) this.active.delete(binding);
    }
  }

  effectTexts(effects: readonly Effect[], references: References): string[] {
    return effects.map((one) => effectText(one, this, references));
  }

  private bindingText(
    binding: Binding,
    scope: Scope,
    tail: string,
    references: References,
  ): string {
    if (binding.kind === 'import') return canonicalName(`${binding.qualified ?? ''}${tail}`);
    if (binding.definition) {
      return references.definition(enter(binding, binding.definition, scope)) + tail;
    }
    if (this.active.has(binding)) return `<itself>${tail}`;
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
    // Without references the texts depend on where they are asked for.
    const key = references === NONE ? this.at : references;
    const all = this.written.get(key) ?? new Map<Scope, Map<Binding, string>>();
    this.written.set(key, all);
    const kept = all.get(scope) ?? new Map<Binding, string>();
    all.set(scope, kept);
    return kept;
  }

  private valueText(binding: Binding, scope: Scope, references: References): string {
    const whole = valueOf(binding, scope);
    const placed = whole ?? (binding.value && { node: binding.value, scope });
    const value = placed ? this.text(placed, references) : 'variable';
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
        const changed = this.resolver.changed({ node, scope: this.scope }, this.references);
        if (changed !== undefined) return changed;
      }
    }
    return super.expression(node);
  }

  protected override interpolation(node: Node): string {
    const [only] = node.children;
    const isPlain = !this.isNested && node.children.length === 1;
    const value =
      only && isPlain ? this.resolver.shown({ node: only, scope: this.scope }) : undefined;
    return value === undefined ? super.interpolation(node) : escapeBraces(value);
  }
}

const FOLDED = new Set(['binary_operator', 'concatenated_string', 'string', 'call']);

/** A parameter that nothing is known of. Its name is no part of it; of nested functions both may be in sight. */
function formal({ scope, parameter }: Found): string {
  const { definition, parent } = scope;
  const position = parameter ? (definition?.parameters.indexOf(parameter) ?? 0) : 0;
  let isInner = false;
  for (let at = parent; at; at = at.parent) isInner ||= at.kind === 'def';
  return `parameter ${position + 1}${isInner ? ` of ${definition?.name ?? ''}` : ''}`;
}

function shorten(text: string): string {
  const hash = digest('sha256', text).slice(0, 32);
  return `${text.slice(0, 120)}… (${text.length} characters, ${hash})`;
}
