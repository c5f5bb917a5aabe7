import { isTransformFunction, isUnboundedPerElement } from './decorators.js';
import { nameArguments, bindArguments, type NamedArguments } from './arguments.js';
import type { CataloguedTransform } from './catalogue.js';
import type { Effect } from './effects.js';
import type { Definition } from './facts.js';
import { importedName } from './importedNames.js';
import { wholeCall } from './partial.js';
import { catalogued } from './qualifiedNames.js';
import type { References, Resolver } from './resolver.js';
import {
  called,
  constructorParameters,
  definitionNamed,
  lookUp,
  lookUpNames,
  methodOf,
  withBases,
  type Argument,
  type Instance,
  type Placed,
  type Scope,
} from './scope.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';

/** What an expression that is applied to a PCollection or pipeline is. */
export interface Transform {
  /** As Beam names it: given by `'…' >>`, or its default. */
  label: string;
  /** Short name as written. */
  name: string;
  qualified: string;
  arguments: () => NamedArguments;
  /** Calls on the transform that change what it gives out: `.with_output_types(…)`. */
  modifiers: { name: string; placed: Placed }[];
  /** What happened to the transform between it was made and applied: `read.rate = 5`. */
  effects: readonly Effect[];
  behaviour: Behaviour;
  /** The definition of the file that it is. */
  own: Scope | undefined;
}

export type Behaviour =
  | { kind: 'catalogued'; entry: CataloguedTransform }
  /** A transform of the file: what its `expand`, or the function itself, does to the parameter `input`. */
  | { kind: 'composite'; scope: Scope; input: string }
  /** `A() | B()` as one transform. */
  | { kind: 'chain'; parts: Transform[] }
  /** A ParDo of a DoFn of the file that is unbounded per element. */
  | { kind: 'unboundedPerElement'; fn: string }
  /** Neither reads nor makes anything unbounded. */
  | { kind: 'plain' }
  /** Defined elsewhere. */
  | { kind: 'unknown' };

/** Calls on a transform that give the transform. */
const MODIFIER = /^with_\w+$/;
/** Of these the output is the same with or without. */
const HARMLESS_MODIFIER = /^with_(?:resource_hints|input_types|exception_handling)$/;
/** Beam's transforms that nobody has catalogued, but that read by their name. */
const READS = /^(?:Read|Generate|Subscribe|Consume|Periodic)|Source$/;

/** Reads transforms from expressions. */
export class TransformReader {
  private depth = 0;

  constructor(private readonly resolver: Resolver) {}

  /** The transforms an expression may be: several when it depends on a condition. */
  read(placed: Placed): Transform[] {
    if (this.depth > 20) return [];
    this.depth++;
    try {
      return this.readInner({ node: unwrap(placed.node), scope: placed.scope });
    } finally {
      this.depth--;
    }
  }

  /** What can be said of a transform that cannot be read. */
  unread({ node, scope }: Placed): Pick<Transform, 'label' | 'name'> {
    const { label, applied } = labelled(unwrap(node));
    const named = applied.kind === 'call' ? child(applied, 'function') : applied;
    const name = (named && dottedName(named)?.at(-1)) ?? '{}';
    return { label: label ? this.resolver.label({ node: label, scope }) : name, name };
  }

  /** The part of an expression to reveal: the label, else the name. */
  selected(node: Node): Node {
    const { label, applied } = labelled(unwrap(node));
    return label ?? (applied.kind === 'call' ? (child(applied, 'function') ?? applied) : applied);
  }

  /** May an expression be a transform of the user's own? A quick answer, for those that need not be read. */
  isOfFile({ node, scope }: Placed): boolean {
    let callee: Node | undefined = unwrap(node);
    for (;;) {
      const inner: Node | undefined =
        callee.kind === 'call'
          ? child(callee, 'function')
          : callee.kind === 'binary_operator'
            ? child(callee, 'right')
            : callee.kind === 'attribute' && !dottedName(callee)
              ? child(callee, 'object')
              : undefined;
      if (!inner) break;
      callee = unwrap(inner);
    }
    const names = dottedName(callee);
    if (!names) return true;
    return lookUpNames(scope, names)?.found.bindings.some((one) => one.kind !== 'import') ?? false;
  }

  /** Canonical text of a transform as the input of another. */
  text(transform: Transform, references: References): string {
    const name = transform.own ? references.definition(transform.own) : transform.qualified;
    const written = [...transform.arguments()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, placed]) => `${name}=${this.resolver.text(placed, references)}`);
    return `${name}(${written.join(', ')})`;
  }

  private readInner({ node, scope }: Placed): Transform[] {
    switch (node.kind) {
      case 'binary_operator':
        return this.readOperator(node, scope);
      case 'conditional_expression': {
        const [yes, , , , no] = node.children;
        return [yes, no].flatMap((branch) => (branch ? this.read({ node: branch, scope }) : []));
      }
      case 'named_expression': {
        const value = child(node, 'value');
        return value ? this.read({ node: value, scope }) : [];
      }
      case 'identifier':
      case 'attribute':
        return this.readName(node, scope);
      case 'call':
        return this.readCall(node, scope);
      default:
        return [];
    }
  }

  private readOperator(node: Node, scope: Scope): Transform[] {
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (!left || !right) return [];
    switch (child(node, 'operator')?.text ?? '') {
      case '>>': {
        const label = this.resolver.label({ node: left, scope });
        return this.read({ node: right, scope }).map((one) => {
          const modifiers = label.includes('{}')
            ? [...one.modifiers, { name: 'label', placed: { node: left, scope } }]
            : one.modifiers;
          return { ...one, label, modifiers };
        });
      }
      case '|': {
        const before = this.read({ node: left, scope })[0];
        const after = this.read({ node: right, scope })[0];
        if (!before || !after) return [];
        const parts = before.behaviour.kind === 'chain' ? before.behaviour.parts : [before];
        const all = [...parts, after];
        return [
          {
            label: all.map((part) => part.label).join('|'),
            name: before.name,
            qualified: all.map((part) => part.qualified).join(' | '),
            arguments: () => new Map([['#0', { node, scope }]]),
            modifiers: [],
            effects: [],
            behaviour: { kind: 'chain', parts: all },
            own: undefined,
          },
        ];
      }
      default:
        return [];
    }
  }

  private readName(node: Node, scope: Scope): Transform[] {
    const reduced = this.resolver.reduce({ node, scope });
    if (reduced.node !== node) return this.read(reduced);
    const effects = this.resolver.effects({ node, scope });
    const found = node.kind === 'identifier' ? lookUp(scope, node.text) : undefined;
    if (!found || found.parameter) {
      const behind = effects.length > 0 ? this.resolver.behind({ node, scope }) : undefined;
      return behind ? this.read(behind).map((one) => withEffects(one, effects)) : [];
    }
    // Assigned in several places, of which one will have been taken.
    return found.bindings.flatMap((binding) =>
      binding.kind === 'assign' && binding.value && binding.index === undefined
        ? this.read({ node: binding.value, scope: found.scope }).map((one) =>
            withEffects(one, effects),
          )
        : [],
    );
  }

  private readCall(node: Node, scope: Scope): Transform[] {
    const whole = wholeCall({ node, scope }, this.resolver);
    if (whole) return this.read({ node: whole, scope });
    const callee = child(node, 'function');
    const list = child(node, 'arguments');
    if (!callee) return [];
    const method = callee.kind === 'attribute' ? child(callee, 'attribute')?.text : undefined;
    const object = callee.kind === 'attribute' ? child(callee, 'object') : undefined;
    if (method !== undefined && MODIFIER.test(method) && object) {
      const modified = this.read({ node: object, scope });
      if (HARMLESS_MODIFIER.test(method) || !list) return modified;
      return modified.map((one) => ({
        ...one,
        modifiers: [...one.modifiers, { name: method, placed: { node: list, scope } }],
      }));
    }
    const target = this.resolver.reduce({ node: callee, scope });
    const names = dottedName(target.node);
    if (!names) return this.readBuilder(method, object, list, scope);
    const name = names.at(-1) ?? '';
    const local = definitionNamed(target.scope, ...names);
    if (local?.kind === 'class') return [this.ofClass(local, name, list, scope)];
    const qualified = importedName(names, target.scope);
    if (qualified !== undefined) return [this.ofImported(qualified, name, list, scope)];
    const entered = this.resolver.functionCalled({ node, scope });
    if (!entered?.definition) return [];
    if (isTransformFunction(entered.definition)) {
      return [this.ofFunction(entered, entered.definition, list, scope)];
    }
    return entered.facts.returns.flatMap((one) => this.read({ node: one.node, scope: entered }));
  }

  /** `JavaExternalTransform('…KafkaIO').read().withTopic('t')`: calls that give the transform they are made on. */
  private readBuilder(
    method: string | undefined,
    object: Node | undefined,
    list: Node | undefined,
    scope: Scope,
  ): Transform[] {
    if (method === undefined || !object || !list) return [];
    const built = this.read({ node: object, scope }).filter(
      ({ behaviour }) => behaviour.kind === 'catalogued',
    );
    const call = { name: method, placed: { node: list, scope } };
    return built.map((one) => ({ ...one, modifiers: [...one.modifiers, call] }));
  }

  private ofImported(
    qualified: string,
    name: string,
    list: Node | undefined,
    scope: Scope,
  ): Transform {
    const entry = catalogued(qualified);
    const isParDo = qualified === 'apache_beam.ParDo';
    const parameters = isParDo ? ['fn'] : entry?.parameters.trim().split(/\s+/);
    const args = this.named(list, scope, parameters);
    const text = (parameter: string): string | undefined => {
      const placed = args().get(parameter);
      return placed && this.resolver.text(placed);
    };
    const transform: Transform = {
      label:
        typeof entry?.label === 'function'
          ? entry.label(text)
          : // Beam has the class's name, whatever it is imported as.
            (entry?.label ?? qualified.slice(qualified.lastIndexOf('.') + 1)),
      name,
      qualified,
      arguments: args,
      modifiers: [],
      effects: [],
      behaviour: entry ? { kind: 'catalogued', entry } : { kind: 'plain' },
      own: undefined,
    };
    if (entry) return transform;
    const fn = isParDo ? args().get('fn') : undefined;
    if (fn) {
      const made = this.madeBy(fn);
      const type = made?.type.definition?.name ?? '{}';
      transform.label = `ParDo(${type})`;
      if (made && isUnboundedPerElement(made.type)) {
        transform.behaviour = { kind: 'unboundedPerElement', fn: type };
      }
    } else if (!qualified.startsWith('apache_beam.') || READS.test(name)) {
      transform.behaviour = { kind: 'unknown' };
    }
    return transform;
  }

  private ofClass(type: Scope, name: string, list: Node | undefined, scope: Scope): Transform {
    const base = this.importedBase(type);
    const entry = base === undefined ? undefined : catalogued(base);
    const parameters = constructorParameters(type) ?? entry?.parameters.trim().split(/\s+/);
    const args = this.named(list, scope, parameters);
    const expand = methodOf(type, 'expand');
    const input = expand?.definition?.parameters[1]?.name;
    const instance: Instance = { type, args: bindArguments(args()) };
    const behaviour: Behaviour =
      expand && input !== undefined
        ? { kind: 'composite', scope: called(expand, new Map<string, Argument>(), instance), input }
        : entry
          ? { kind: 'catalogued', entry }
          : { kind: 'unknown' };
    const labelled = methodOf(type, 'default_label')?.facts.returns[0];
    const label = labelled && this.resolver.string({ node: labelled.node, scope: type });
    return {
      label: label ?? type.definition?.name ?? name,
      name,
      qualified: type.path,
      arguments: args,
      modifiers: [],
      effects: [],
      behaviour,
      own: type,
    };
  }

  /** A function that `@ptransform_fn` makes a transform. */
  private ofFunction(
    scope: Scope,
    definition: Definition,
    list: Node | undefined,
    caller: Scope,
  ): Transform {
    const args = this.named(list, caller, definition.parameters.slice(1));
    const first = list?.children.find((one) => !/^(?:keyword_argument|comment)$/.test(one.kind));
    const suffix = first ? `(${this.labelSuffix({ node: first, scope: caller })})` : '';
    return {
      label: definition.name + suffix,
      name: definition.name,
      qualified: scope.path,
      arguments: args,
      modifiers: [],
      effects: [],
      behaviour: {
        kind: 'composite',
        scope: called(scope, bindArguments(args()), undefined),
        input: definition.parameters[0]?.name ?? '',
      },
      own: definitionNamed(scope.parent ?? scope, definition.name),
    };
  }

  /** Beam puts a function transform's first positional argument into its label, shortened. */
  private labelSuffix(placed: Placed): string {
    const { node, scope } = this.resolver.reduce(placed);
    const text =
      this.resolver.string(placed) ??
      (/^(?:integer|float|true|false|none)$/.test(node.kind) ? node.text : undefined);
    if (text === undefined) {
      // A function or class is shown by its name, which only running the program tells of a variable.
      const names = node.kind === 'identifier' ? [node.text] : [];
      const isNamed = definitionNamed(scope, ...names) ?? importedName(names, scope);
      return isNamed === undefined ? '{}' : node.text;
    }
    const isLong = Array.from(text).length > 19;
    return isLong ? `${text.slice(0, 10)}...${text.slice(-6)}`.replace(/\n/g, ' ') : text;
  }

  private named(
    list: Node | undefined,
    scope: Scope,
    parameters: Parameters<typeof nameArguments>[2],
  ): () => NamedArguments {
    let named: NamedArguments | undefined;
    return () => (named ??= nameArguments(list, scope, parameters, this.resolver));
  }

  /** The object of the file's class that an expression makes. */
  private madeBy(placed: Placed): Instance | undefined {
    const made = this.resolver.reduce(placed);
    return made.node.kind === 'call' ? this.resolver.classCalled(made) : undefined;
  }

  /** The first imported class that a class of the file is derived from. */
  importedBase(type: Scope): string | undefined {
    for (const scope of withBases(type)) {
      for (const base of scope.definition?.bases ?? []) {
        const names = dottedName(base);
        const qualified = names && scope.parent && importedName(names, scope.parent);
        if (qualified) return qualified;
      }
    }
    return undefined;
  }
}

function withEffects(transform: Transform, effects: readonly Effect[]): Transform {
  return { ...transform, effects: [...transform.effects, ...effects] };
}

/** `label >> applied` */
function labelled(node: Node): { label: Node | undefined; applied: Node } {
  const isLabelled = node.kind === 'binary_operator' && child(node, 'operator')?.kind === '>>';
  const right = isLabelled ? child(node, 'right') : undefined;
  return right
    ? { label: child(node, 'left'), applied: unwrap(right) }
    : { label: undefined, applied: node };
}
