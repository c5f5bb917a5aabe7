import { methodsOf } from '../evaluation/definitions.js';
import { dottedName, make, type Node } from '../evaluation/node.js';
import { PipelineReader, type PipelineReference, type Value } from '../evaluation/reader.js';
import { dereferenced, recordEntries } from '../evaluation/records.js';
import type { Placed } from '../evaluation/resolver.js';
import type { Site, Variable } from '../evaluation/scope.js';
import type { References } from '../evaluation/writer.js';
import { judgeUrn } from '../evaluation/xlang.js';
import { BEAM, GO_TRANSFORMS, type GoTransform } from './catalogue.js';
import { labelOf } from './labels.js';

const byName = new Map(GO_TRANSFORMS.map((entry) => [entry.name.replace(/^(?!\.)/, '/'), entry]));
const lastNames = new Set(GO_TRANSFORMS.map(({ name }) => name.slice(name.lastIndexOf('.') + 1)));

/** The entry of a qualified name. */
export function goTransform(qualified: string): GoTransform | undefined {
  return qualified.startsWith(BEAM) ? byName.get(qualified.slice(BEAM.length)) : undefined;
}

type Texts = Map<string, (references: References) => string>;

/** Finds what Go pipelines read. */
export class GoReader extends PipelineReader {
  protected override isInteresting(name: string): boolean {
    return lastNames.has(name) || name === 'NewPipelineWithRoot' || name === 'Root';
  }

  protected override parameter(variable: Variable): Value | undefined {
    const { scope, name } = variable;
    const type = scope.owner?.parameters?.[variable.position]?.type;
    const text = type && this.resolver.qualified({ node: type, scope, env: undefined });
    if (text === `${BEAM}.PCollection`) return { kind: 'other' };
    const pointed = type?.children.find(({ kind }) => kind === 'member');
    const isPipeline =
      pointed &&
      this.resolver.qualified({ node: pointed, scope, env: undefined }) === `${BEAM}.Pipeline`;
    if (text !== `${BEAM}.Scope` && !isPipeline) return undefined;
    const order = scope.owner ? this.orderOf(scope.owner, scope) : 0;
    const pipeline = { name: this.nameOf(scope, name), order };
    return isPipeline ? { kind: 'pipeline', pipeline } : { kind: 'root', pipeline, path: [] };
  }

  protected override bound(
    placed: Placed,
    part: number | undefined,
    variable: Variable,
  ): Value | undefined {
    const { node, scope } = placed;
    const made = node.kind === 'call' ? this.makesPipeline(placed) : undefined;
    if (made === undefined) {
      const value = this.value(placed);
      // The other parts of what a function gives are errors, maps of PCollections.
      return value;
    }
    const first = [...variable.scope.names.values()].find(({ bindings }) =>
      bindings.some((one) => one.value === node && (one.path[0] ?? 0) === 0),
    );
    const name = this.nameOf(variable.scope, first?.name ?? variable.name);
    const pipeline: PipelineReference = { name, order: this.orderOf(node, scope) };
    if (part === undefined || part === 0) return { kind: 'pipeline', pipeline };
    return part === made ? { kind: 'root', pipeline, path: [] } : { kind: 'bounded', placed };
  }

  /** The position of the root in what a call makes; undefined when it makes no pipeline. */
  private makesPipeline(placed: Placed): number | undefined {
    const [callee] = placed.node.children;
    const qualified = callee && this.resolver.qualified({ ...placed, node: callee });
    if (!qualified?.startsWith(BEAM)) return undefined;
    return /^\.NewPipeline(?:WithRoot)?$|^\/testing\/ptest\.Create/.test(
      qualified.slice(BEAM.length),
    )
      ? 1
      : undefined;
  }

  protected override call(placed: Placed, site: Site | undefined): Value | undefined {
    const { node, scope, env } = placed;
    const [callee] = node.children;
    if (!callee) return undefined;
    const at = { node: callee, scope, env };
    const name = dottedName(callee)?.at(-1) ?? callee.text;
    const entity = dottedName(callee) && this.resolver.qualified(at);
    if (entity !== undefined) {
      if (site) this.listApplication(entity, placed, site);
      const entry = goTransform(entity);
      if (entry) return this.apply(entry, entity, placed, site);
      return this.derived(placed);
    }
    const [object] = callee.children;
    if (callee.kind === 'member' && object) {
      const value = this.value({ node: object, scope, env });
      if (value?.kind === 'pipeline' && name === 'Root')
        return { ...value, kind: 'root', path: [] };
      if (value?.kind === 'root' && name === 'Scope') {
        const [, label] = node.children;
        const written = label ? this.resolver.label({ node: label, scope, env }) : '';
        return { ...value, path: [...value.path, written] };
      }
      if (value) return value.kind === 'root' || value.kind === 'pipeline' ? undefined : value;
    }
    const fn = this.resolver.callee(at) ?? this.method(callee, placed);
    return fn && this.follow(fn, placed, site);
  }

  /** A function of Beam's that is given a scope; a ParDo is named after its function, as Beam does. */
  private listApplication(entity: string, placed: Placed, site: Site): void {
    const [, root, fn] = placed.node.children;
    const applied = root && this.value({ ...placed, node: root });
    if (applied?.kind !== 'root' || !entity.startsWith(BEAM)) return;
    const short = entity.slice(entity.lastIndexOf('/') + 1);
    const isParDo = /^beam\.(?:Try)?ParDo[N\d]?$/.test(short);
    const given = isParDo && fn ? this.nameOfFn({ ...placed, node: fn }) : undefined;
    const own = given ?? goTransform(entity)?.label ?? labelOf(entity);
    const label = [...applied.path, own].filter(Boolean).join('/') || short;
    this.list({ pipeline: applied.pipeline, label, name: short }, placed.node, site);
  }

  /** The name of a function, or of the type of a structural DoFn, as reflection tells it. */
  private nameOfFn(placed: Placed): string | undefined {
    const { node } = placed;
    const qualified = dottedName(node) && this.resolver.qualified(placed);
    if (qualified !== undefined) return qualified;
    const made = dereferenced(this.resolver.reduce(placed));
    const [maker] = made.node.kind === 'call' ? made.node.children : [];
    const type = made.node.kind === 'record' ? made.node.type : undefined;
    const name =
      made.node.kind === 'function' ? made.node.text : dottedName(type ?? maker ?? node)?.at(-1);
    const home = this.module.variable('package')?.imported?.module ?? 'main';
    return name === undefined || name === '' ? undefined : `${home}.${name}`;
  }

  /** A method of a type of the package, by its name when only one has it. */
  private method(
    callee: Node,
    { scope, env }: Placed,
  ): { node: Node; scope: Site['scope']; env: Placed['env'] } | undefined {
    if (callee.kind !== 'member' || scope.facts.place.module !== this.module) return undefined;
    const found = this.module.methods(`.${callee.text}`);
    const [only] = found;
    if (found.length !== 1 || !only) return undefined;
    // The receiver is its first parameter, but no argument.
    const { parameters = [] } = only.node;
    return parameters.length > 0 ? { node: only.node, scope: only.scope, env } : undefined;
  }

  protected override follow(
    callee: { node: Node; scope: Site['scope']; env: Placed['env'] },
    placed: Placed,
    site: Site | undefined,
  ): Value | undefined {
    if (callee.node.receiver === undefined) return super.follow(callee, placed, site);
    const [method, ...args] = placed.node.children;
    const receiver = method?.children[0];
    if (!method || !receiver) return undefined;
    const node = { ...placed.node, children: [method, receiver, ...args] };
    return super.follow(callee, { ...placed, node }, site);
  }

  /** What a transform that does not read gives: bounded as long as all that it takes is. */
  private derived(placed: Placed): Value | undefined {
    const values = placed.node.children
      .slice(1)
      .map((node) =>
        this.value({ ...placed, node: node.kind === 'spread' ? (node.children[0] ?? node) : node }),
      )
      .filter((value) => value?.kind === 'bounded' || value?.kind === 'other');
    if (values.length === 0) return undefined;
    return values.every((value) => value.kind === 'bounded')
      ? { kind: 'bounded', placed }
      : { kind: 'other' };
  }

  private apply(
    entry: GoTransform,
    qualified: string,
    placed: Placed,
    site: Site | undefined,
  ): Value | undefined {
    const { node, scope, env } = placed;
    const [callee, root, ...rest] = node.children;
    if (!callee || !root) return undefined;
    const applied = this.value({ node: root, scope, env });
    const named = this.name(entry, rest, placed);
    const verdict = this.judge(entry, named);
    if (!verdict) return this.derived(placed);
    const { bounded, reason } = verdict;
    const short = qualified.slice(qualified.lastIndexOf('/') + 1);
    if (site && short !== 'beam.Impulse' && short !== 'beam.ImpulseValue') {
      const order = this.orderOf(node, scope);
      const unknown: PipelineReference = { name: this.nameOf(scope, 'Scope'), order };
      const isRoot = applied?.kind === 'root';
      const label = verdict.label ?? entry.label ?? short;
      const path = [...(isRoot ? applied.path : []), ...(label === '' ? [] : [label])];
      this.report(
        {
          pipeline: isRoot ? applied.pipeline : unknown,
          label: path.join('/') || short,
          name: short,
          qualified,
          bounded,
          reason,
          arguments: named.texts,
        },
        node,
        site,
      );
    }
    return bounded ? { kind: 'bounded', placed } : { kind: 'other' };
  }

  /** Arguments by name; fields of option structs and option functions by theirs. */
  private name(
    { parameters }: GoTransform,
    args: readonly Node[],
    { scope, env }: Placed,
  ): { texts: Texts; placed: Map<string, Placed> } {
    const texts: Texts = new Map();
    const placed = new Map<string, Placed>();
    const names = parameters.split(' ').filter(Boolean);
    const add = (name: string, one: Placed): void => {
      placed.set(name, one);
      texts.set(name, (references) => this.resolver.text(one, references));
    };
    const option = (one: Placed, name: string, index: number): void => {
      const { node } = this.resolver.reduce(one);
      const [callee, ...values] = node.kind === 'call' ? node.children : [];
      const qualified = callee && this.resolver.qualified({ ...one, node: callee });
      const key = qualified?.slice(qualified.lastIndexOf('.') + 1);
      if (key === undefined || !qualified?.startsWith(BEAM) || !name.startsWith('op')) {
        add(`${name}#${index}`, one);
        return;
      }
      const inner = this.resolver.reduce(one);
      const [only] = values;
      if (values.length === 1 && only) add(key, { ...inner, node: only });
      else add(key, { ...inner, node: make('list', node, '', values) });
    };
    args.forEach((node, index) => {
      const parameter = names[index] ?? names.at(-1) ?? '';
      const one = { node, scope, env };
      if (parameter.startsWith('...')) {
        const base = parameter.slice(3);
        const [inner] = node.kind === 'spread' ? node.children : [];
        const list = inner && this.resolver.reduce({ node: inner, scope, env });
        if (list?.node.kind === 'list') {
          list.node.children.forEach((item, at) => {
            option({ ...list, node: item }, base, at);
          });
        } else option(inner ? { node: inner, scope, env } : one, base, index - names.length + 1);
        return;
      }
      const fields = parameter === 'opts' ? recordEntries(one, this.resolver) : undefined;
      if (!fields) add(parameter, one);
      for (const [name, field] of fields ?? []) {
        texts.set(name, (references) => field.text(references));
        if (field.placed) placed.set(name, field.placed);
      }
    });
    return { texts, placed };
  }

  /** Undefined for what is no read. */
  private judge(
    { boundedness, name }: GoTransform,
    args: { texts: Texts; placed: Map<string, Placed> },
  ): { bounded: boolean; reason: string; label?: string } | undefined {
    const short = name.replace(/^.*\//, '').replace(/^\./, 'beam.');
    const text = (parameter: string): string | undefined => {
      const placed = args.placed.get(parameter);
      return placed && this.resolver.text(placed);
    };
    const noInput = (parameter: string): boolean =>
      /^(?:nil|.*[{[][}\]])?$/s.test(text(parameter) ?? '');
    switch (boundedness) {
      case 'bounded':
        return { bounded: true, reason: `${short} ends when all is read` };
      case 'unbounded':
        return { bounded: false, reason: `${short} never ends` };
      case 'testStream':
        return undefined;
      case 'perElement':
        return this.isBounded(args.placed.get('col'))
          ? { bounded: false, reason: `${short} never ends` }
          : undefined;
      case 'ofDoFn': {
        const dofn = args.placed.get('dofn');
        const type = dofn && this.unboundedDoFn(dofn);
        if (type === undefined || !this.isBounded(args.placed.get('col'))) return undefined;
        const home = this.module.variable('package')?.imported?.module ?? 'main';
        return {
          bounded: false,
          reason: `${type} is unbounded per element`,
          label: `${home}.${type}`,
        };
      }
      case 'external':
      case 'crossLanguage': {
        if (!noInput('in') || !noInput('namedInputs')) return undefined;
        const urn = args.placed.get('urn');
        const value = urn && this.resolver.string(urn);
        const label = value ?? 'External';
        const flag = boundedness === 'external' ? text('bounded') : undefined;
        if (flag === 'true') return { bounded: true, reason: 'declared bounded', label };
        if (flag === 'false') return { bounded: false, reason: 'declared unbounded', label };
        return { ...judgeUrn(value, () => undefined), label };
      }
      default:
        return 'boundedBy' in boundedness
          ? judgeOptions(boundedness.boundedBy, [...args.placed.keys()])
          : judgeEnd(text(boundedness.endsBy));
    }
  }

  private isBounded(placed: Placed | undefined): boolean {
    return placed !== undefined && this.value(placed)?.kind === 'bounded';
  }

  /** Name of the type of a DoFn that is unbounded per element: one that may continue later (core/graph/edge.go). */
  private unboundedDoFn(placed: Placed): string | undefined {
    const made = dereferenced(this.resolver.reduce(placed));
    const [maker] = made.node.kind === 'call' ? made.node.children : [];
    const callee = maker && this.resolver.callee({ ...made, node: maker });
    const { node, scope } = callee ?? made;
    let type = node.type;
    // Of `(*T, error)`, `*T` and `T[X]` it is T.
    while (type && (type.kind === 'other' || type.kind === 'index'))
      type = type.children.find(({ kind }) => kind !== 'constant');
    const names = type && dottedName(type);
    const entity = names && this.resolver.entity(names, scope, node.start);
    if (entity?.kind !== 'variable' || !entity.variable.definition) return undefined;
    const { name, definition, scope: home } = entity.variable;
    const process = methodsOf(name, definition, home).find(
      (one) => one.node.text === 'ProcessElement',
    );
    return process && mentions(process.node.type, 'ProcessContinuation') ? name : undefined;
  }
}

function judgeOptions(
  names: readonly string[],
  given: readonly string[],
): { bounded: boolean; reason: string } {
  const found = names.find((name) => given.includes(name));
  return found === undefined
    ? { bounded: false, reason: `no ${names.join(' or ')}` }
    : { bounded: true, reason: `ends by ${found}` };
}

/** A time that is computed in the program is one; of any other it is not known. */
function judgeEnd(text: string | undefined): { bounded: boolean; reason: string } {
  if (text === undefined || /MaxTimestamp|EndOfGlobalWindow/.test(text)) {
    return { bounded: false, reason: 'end is the end of time' };
  }
  if (/^<|^--/.test(text)) return { bounded: false, reason: `end is ${text}` };
  return { bounded: true, reason: 'ends by end' };
}

function mentions(node: Node | undefined, name: string): boolean {
  return (
    node !== undefined && (node.text === name || node.children.some((part) => mentions(part, name)))
  );
}
