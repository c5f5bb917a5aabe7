import { dottedName, type Node } from '../evaluation/node.js';
import { PipelineReader, type PipelineReference, type Value } from '../evaluation/reader.js';
import { givenToBase, instanceEntries, instanceOf } from '../evaluation/instances.js';
import { recordEntries } from '../evaluation/records.js';
import type { Callee, Placed } from '../evaluation/resolver.js';
import type { Site, Variable } from '../evaluation/scope.js';
import type { References } from '../evaluation/writer.js';
import { judgeUrn } from '../evaluation/xlang.js';
import { catalogued } from '../python/qualifiedNames.js';
import { TYPESCRIPT_TRANSFORMS, type TypeScriptTransform } from './catalogue.js';

/** By the last part of the name: every module exports what is in the modules below it. */
const byName = new Map(
  TYPESCRIPT_TRANSFORMS.map((entry) => [entry.name.replace(/^.*\./, ''), entry]),
);

/** The entry of a qualified name. */
export function typeScriptTransform(qualified: string): TypeScriptTransform | undefined {
  return qualified.startsWith('apache-beam')
    ? byName.get(qualified.replace(/^.*\./, ''))
    : undefined;
}

interface Transform {
  label: string | undefined;
  placed: Placed;
}

/** Beam's functions that are named after their first argument, too. */
const SUFFIXED = new Set(['groupBy', 'coGroupBy', 'parDo', 'combinePerKey']);

/** What runs when an object of a class of the user's is applied. */
const EXPANDS = ['expand', 'expandAsync', 'expandInternal', 'expandInternalAsync'];

interface Composite {
  fn: Callee;
  label: string;
  transformName: string;
}

/** Finds what TypeScript pipelines read. */
export class TypeScriptReader extends PipelineReader {
  protected override isInteresting(name: string): boolean {
    return name === 'apply' || name === 'applyAsync' || name === 'run' || name === 'runAsync';
  }

  protected override isAppliedOnly(name: string): boolean {
    return EXPANDS.includes(name);
  }

  protected override parameter(variable: Variable): Value | undefined {
    const { scope, name } = variable;
    const type = scope.owner?.parameters?.[variable.position]?.annotation ?? '';
    if (type.includes('PCollection')) return { kind: 'other' };
    if (!/\bRoot$/.test(type) && !(type === '' && name === 'root')) return undefined;
    const order = scope.owner ? this.orderOf(scope.owner, scope) : 0;
    return { kind: 'root', pipeline: { name: this.nameOf(scope, 'root'), order }, path: [] };
  }

  protected override call(placed: Placed, site: Site | undefined): Value | undefined {
    const { node, scope, env } = placed;
    const [callee, first] = node.children;
    if (!callee) return undefined;
    const [object] = callee.children;
    if (callee.kind === 'member' && object && /^apply(?:Async)?$/.test(callee.text) && first) {
      const input = this.value({ node: object, scope, env });
      return this.apply(
        input,
        this.transform({ node: first, scope, env }),
        { node: first, scope, env },
        site,
      );
    }
    if (callee.kind === 'member' && /^run(?:Async)?$/.test(callee.text) && first) {
      const fn = this.resolver.callee({ node: first, scope, env });
      const name = fn?.node.parameters?.[0]?.name;
      if (!fn || name === undefined) return undefined;
      const inner = { fn: fn.node, args: [], outer: fn.env ?? env };
      return this.enter(fn.node, fn.scope, inner, site, scope.facts);
    }
    if (callee.kind === 'member' && object) {
      const value = this.value({ node: object, scope, env });
      // `.map(…)`, `.flatMap(…)` of a PCollection.
      if (value && value.kind !== 'root' && site && /^(?:map|flatMap)$/.test(callee.text)) {
        const label = this.suffixed(callee.text, first && { node: first, scope, env });
        const pipeline = value.pipeline ?? this.unknownRoot(placed, value);
        this.list({ pipeline, label, name: callee.text }, node, site);
      }
      if (value)
        return value.kind === 'root'
          ? undefined
          : value.kind === 'bounded'
            ? { ...value, placed }
            : value;
    }
    const fn = this.resolver.callee({ node: callee, scope, env });
    return fn && this.follow(fn, placed, site);
  }

  /** A transform without the `withName` around it. */
  private transform(placed: Placed): Transform {
    const reduced = this.resolver.reduce(placed);
    const [callee, name, inner] = reduced.node.kind === 'call' ? reduced.node.children : [];
    const qualified = callee && this.resolver.qualified({ ...reduced, node: callee });
    if (
      !qualified?.endsWith('.withName') ||
      !qualified.startsWith('apache-beam') ||
      !name ||
      !inner
    ) {
      return { label: undefined, placed: reduced };
    }
    const label = this.resolver.label({ ...reduced, node: name });
    return { label, placed: this.transform({ ...reduced, node: inner }).placed };
  }

  private apply(
    input: Value | undefined,
    { label, placed }: Transform,
    written: Placed,
    site: Site | undefined,
  ): Value | undefined {
    const { node } = placed;
    const pipeline = input?.pipeline ?? this.unknownRoot(written, input);
    const other: Value = { kind: 'other', pipeline };
    const path = input?.kind === 'root' ? input.path : [];
    const root = { kind: 'root' as const, pipeline, path };
    const own = this.composite(placed, written);
    if (own) {
      const { fn, transformName } = own;
      const name = label ?? own.label;
      if (site && input) {
        const listed = { pipeline, label: [...path, name].join('/'), name: transformName };
        this.list(listed, written.node, site);
      }
      const [parameter] = fn.node.parameters ?? [];
      const isOfPCollection = input !== undefined && input.kind !== 'root';
      // What is done to a PCollection reads nothing.
      if (!parameter || (isOfPCollection && !this.outline)) return input ?? other;
      const given: Value = isOfPCollection ? other : { ...root, path: [...root.path, name] };
      this.given.push({ fn: fn.node, value: given });
      const env = { fn: fn.node, args: [], outer: fn.env };
      const value = this.enter(fn.node, fn.scope, env, site, written.scope.facts);
      this.given.pop();
      return value ?? other;
    }
    const [callee, ...args] = node.kind === 'call' ? node.children : [];
    const qualified = callee && this.resolver.qualified({ ...placed, node: callee });
    const entry = qualified === undefined ? undefined : typeScriptTransform(qualified);
    if (site && input) {
      const name = (callee && dottedName(callee)?.at(-1)) ?? '';
      const [argument] = args;
      const given = argument && { ...placed, node: argument };
      const plain = SUFFIXED.has(name) ? this.suffixed(name, given) : name;
      const own = label ?? entry?.label ?? plain;
      const listed = { pipeline, label: [...path, own].filter(Boolean).join('/'), name };
      this.list(listed, written.node, site);
    }
    if (input && input.kind !== 'root') return input;
    if (!entry) return input ? other : undefined;
    const named = this.name(entry, args, placed);
    const { bounded, reason } = this.judge(entry, named.placed, new Set(named.texts.keys()));
    const short = entry.name.replace(/^.*\./, '');
    if (site && short !== 'impulse') {
      const own = label ?? entry.label ?? this.externalLabel(entry, named.placed) ?? short;
      this.report(
        {
          pipeline: root.pipeline,
          label: [...root.path, own].join('/'),
          name: short,
          qualified: `apache-beam/${entry.name}`,
          bounded,
          reason,
          arguments: named.texts,
        },
        written.node,
        site,
      );
    }
    return bounded ? { kind: 'bounded', placed, pipeline } : other;
  }

  /** Of a transform of another SDK, as the package names it. */
  private externalLabel(
    { boundedness }: TypeScriptTransform,
    args: ReadonlyMap<string, Placed>,
  ): string | undefined {
    if (boundedness === 'python') return 'External(beam:transforms:python:fully_qualified_named)';
    const [name, urn] = [args.get('name'), args.get('urn')];
    if (name && urn) return this.resolver.label(name);
    return urn && `External(${this.resolver.label(urn)})`;
  }

  /** `map(shout)`: Beam puts the name of what a transform is given into its label. */
  private suffixed(name: string, given: Placed | undefined): string {
    if (!given) return name;
    const { label, placed } = this.transform(given);
    const names = [
      label,
      this.resolver.string(placed),
      placed.node.kind === 'function' ? placed.node.text : undefined,
      dottedName(given.node)?.at(-1),
    ];
    const shown = names.find((one) => one !== undefined && one !== '');
    return shown === undefined ? name : `${name}(${shown})`;
  }

  /** A transform of the user's own: a function, or an object of a class that expands. */
  private composite(placed: Placed, written: Placed): Composite | undefined {
    const { node, scope, env } = placed;
    if (node.kind === 'function') {
      const names = [node.text, dottedName(written.node)?.at(-1) ?? '', '{}'];
      const label = names.find((one) => one !== '') ?? '';
      return { fn: { node, scope, env }, label, transformName: label };
    }
    const instance = instanceOf(placed, this.resolver);
    const fields = instance && instanceEntries(placed, instance, this.resolver);
    const expand = EXPANDS.map((name) => fields?.get(name)?.placed).find(Boolean);
    if (!instance || expand?.node.kind !== 'function') return undefined;
    const given = givenToBase(instance, this.resolver);
    const [callee] = instance.made.node.children;
    const names = [instance.type.node.text, (callee && dottedName(callee)?.at(-1)) ?? '', '{}'];
    const name = names.find((one) => one !== '') ?? '';
    const label = given && given.node.text !== 'null' ? this.resolver.label(given) : name;
    return { fn: expand, label, transformName: name };
  }

  /** What a transform is applied in when that is not seen; one pipeline for all that a function does to its PCollections. */
  private unknownRoot({ node, scope }: Placed, input: Value | undefined): PipelineReference {
    const at = input && scope.owner ? scope.owner : node;
    return { name: this.nameOf(scope, 'root'), order: this.orderOf(at, scope) };
  }

  /** What the functions that are being followed were applied to. */
  private readonly given: { fn: Node; value: Value }[] = [];

  protected override value(placed: Placed): Value | undefined {
    const { node, scope } = placed;
    if (node.kind === 'name' && this.given.length > 0) {
      const entity = this.resolver.entity([node.text], scope, node.start);
      const variable = entity?.kind === 'variable' ? entity.variable : undefined;
      const found = this.given.findLast(
        ({ fn }) => variable?.scope.owner === fn && variable.position === 0,
      );
      if (found && variable?.kind === 'parameter') return found.value;
    }
    if (node.kind === 'name') return this.rootOfRun(placed) ?? super.value(placed);
    return super.value(placed);
  }

  /** The parameter of a function that is run: `runner.run((p) => …)`. */
  private rootOfRun({ node, scope, env }: Placed): Value | undefined {
    const entity = this.resolver.entity([node.text], scope, node.start);
    if (entity?.kind !== 'variable' || entity.variable.kind !== 'parameter') return undefined;
    const { variable } = entity;
    const { owner } = variable.scope;
    if (variable.position !== 0 || !owner) return undefined;
    for (let at = env; at; at = at.outer) {
      if (at.fn !== owner || at.args.length > 0) continue;
      const pipeline = {
        name: this.nameOf(variable.scope, variable.name),
        order: this.orderOf(owner, variable.scope),
      };
      return { kind: 'root', pipeline, path: [] };
    }
    return undefined;
  }

  /** Arguments by name; fields of options by theirs. */
  private name(
    { parameters }: TypeScriptTransform,
    args: readonly Node[],
    { scope, env }: Placed,
  ): { texts: Map<string, (references: References) => string>; placed: Map<string, Placed> } {
    const texts = new Map<string, (references: References) => string>();
    const placed = new Map<string, Placed>();
    const names = parameters.split(' ').filter(Boolean);
    args.forEach((node, index) => {
      const name = names[index] ?? `#${index}`;
      const one = { node, scope, env };
      const fields = name === 'options' ? recordEntries(one, this.resolver) : undefined;
      if (!fields) {
        placed.set(name, one);
        texts.set(name, (references) => this.resolver.text(one, references));
      }
      for (const [key, field] of fields ?? []) {
        texts.set(key, (references) => field.text(references));
        if (field.placed) placed.set(key, field.placed);
      }
    });
    return { texts, placed };
  }

  private judge(
    { boundedness, name }: TypeScriptTransform,
    args: Map<string, Placed>,
    given: ReadonlySet<string>,
  ): { bounded: boolean; reason: string } {
    const short = name.replace(/^.*\./, '');
    const string = (key: string): string | undefined => {
      const placed = args.get(key);
      return placed && this.resolver.string(placed);
    };
    if (boundedness === 'bounded')
      return { bounded: true, reason: `${short} ends when all is read` };
    if (boundedness === 'unbounded') return { bounded: false, reason: `${short} never ends` };
    if (boundedness === 'external') {
      const payload = args.get('payload') ?? args.get('config');
      const fields = payload && recordEntries(payload, this.resolver);
      const snake = (key: string): string =>
        key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      return judgeUrn(string('urn'), (...keys) =>
        keys.find((key) => fields?.has(key) ?? fields?.has(snake(key))),
      );
    }
    if (boundedness === 'python') return this.judgePython(string('constructor'), args);
    const end = boundedness.boundedBy.find((key) => given.has(key));
    return end === undefined
      ? { bounded: false, reason: `no ${boundedness.boundedBy.join(' or ')}` }
      : { bounded: true, reason: `ends by ${end}` };
  }

  private judgePython(
    constructor: string | undefined,
    args: Map<string, Placed>,
  ): { bounded: boolean; reason: string } {
    const entry = constructor === undefined ? undefined : catalogued(constructor);
    const name = constructor?.replace(/^.*\./, '') ?? 'a Python transform';
    if (!entry) return { bounded: false, reason: `not known from this file: ${name}` };
    if (entry.boundedness === 'bounded')
      return { bounded: true, reason: `${name} ends when all is read` };
    if (typeof entry.boundedness === 'string')
      return { bounded: false, reason: `${name} never ends` };
    const given = [args.get('kwargs'), args.get('args_or_kwargs')].flatMap((one) =>
      one ? [...(recordEntries(one, this.resolver)?.keys() ?? [])] : [],
    );
    const end = entry.boundedness.boundedBy.find((key) => given.includes(key));
    return end === undefined
      ? { bounded: false, reason: `no ${entry.boundedness.boundedBy.join(' or ')}` }
      : { bounded: true, reason: `ends by ${end}` };
  }
}
