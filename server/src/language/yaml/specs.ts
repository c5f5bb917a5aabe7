import type { Placed, YamlMap } from './nodes.js';
import type { Entry, Values } from './values.js';

/** A transform as a pipeline writes it. */
export interface Spec {
  /** Where it stands: the mapping, or an alias for it. */
  at: Placed;
  map: Placed<YamlMap>;
  entries: Entry[];
  type: string | undefined;
  name: string | undefined;
  /** Names of the composites it is in, outermost first, as Beam gives them. */
  path: readonly string[];
  /** It is in a composite, or a chain; undefined for the pipeline itself. */
  parent: Spec | undefined;
  /** Has no input: reads by itself. */
  isRoot: boolean;
  /** Its place in a chain says what its input is. */
  isChained: boolean;
  /** Of a composite or a chain; in order. */
  children: Spec[];
}

/** Names by which inputs refer to what they read. */
export interface InputReference {
  text: string;
  at: Placed;
}

/**
 * The transforms of a pipeline: those of `transforms`, with `source` before and `sink` after them, and `extra_transforms`.
 * @param value of `pipeline`, or the body of a transform that is defined in YAML
 */
export function readPipeline(values: Values, value: Placed): Spec | undefined {
  const map = values.map(value);
  if (map) return readSpec(values, value, map, undefined, 'composite', () => undefined);
  if (!values.sequence(value)) return undefined;
  const nothing: Placed<YamlMap> = {
    node: { kind: 'map', entries: [], width: value.node.width },
    start: value.start,
  };
  const pipeline: Spec = { ...emptySpec(value, nothing), type: 'composite' };
  addChildren(values, pipeline, values.items(value), 'transforms');
  return pipeline;
}

function emptySpec(at: Placed, map: Placed<YamlMap>): Spec {
  return {
    at,
    map,
    entries: [],
    type: undefined,
    name: undefined,
    path: [],
    parent: undefined,
    isRoot: false,
    isChained: false,
    children: [],
  };
}

const MAX_DEPTH = 40;

/** Of most transforms nobody asks for more than what they are called. */
class TransformSpec implements Spec {
  path: readonly string[] = [];
  isRoot = false;
  isChained = false;
  children: Spec[] = [];
  private read: Entry[] | undefined;

  constructor(
    private readonly values: Values,
    readonly at: Placed,
    readonly map: Placed<YamlMap>,
    readonly type: string | undefined,
    readonly name: string | undefined,
    readonly parent: Spec | undefined,
  ) {}

  get entries(): Entry[] {
    this.read ??= this.values.entries(this.map);
    return this.read;
  }
}

function readSpec(
  values: Values,
  at: Placed,
  map: Placed<YamlMap>,
  parent: Spec | undefined,
  defaultType: string | undefined,
  place: (spec: Spec) => void,
): Spec {
  const { type, name } = headOf(values, map);
  const spec = new TransformSpec(values, at, map, type ?? defaultType, name, parent);
  const get = (key: string): Placed | undefined => entryOf(spec, key)?.value;
  place(spec);
  const depth = spec.path.length;
  if ((spec.type === 'composite' || spec.type === 'chain') && depth < MAX_DEPTH) {
    for (const key of ['source', 'transforms', 'sink', 'extra_transforms'] as const) {
      const value = get(key);
      const isList = key.endsWith('transforms');
      addChildren(values, spec, isList ? values.items(value) : value ? [value] : [], key);
    }
    placeInputs(values, spec);
  }
  return spec;
}

function addChildren(
  values: Values,
  parent: Spec,
  items: Placed[],
  key: 'source' | 'transforms' | 'sink' | 'extra_transforms',
): void {
  // The pipeline itself gives no name to what is in it.
  const path = parent.parent === undefined ? [] : [...parent.path, labelOfComposite(parent)];
  for (const item of items) {
    const map = values.map(item);
    if (!map) continue;
    const child = readSpec(values, item, map, parent, undefined, (spec) => {
      spec.path = path;
      spec.isRoot = key === 'source' || !headOf(values, map).hasInput;
      spec.isChained = parent.type === 'chain' && key !== 'extra_transforms';
    });
    parent.children.push(child);
  }
}

/** Which transforms of a composite have no input, its own and its kind considered. */
function placeInputs(values: Values, composite: Spec): void {
  const isFed = hasInput(values, composite);
  const hasExplicit = composite.children.some(({ map }) => headOf(values, map).isExplicit);
  // Without one explicit input, a composite that has an input is a chain of its transforms.
  const isChain = composite.type === 'chain' || (isFed && !hasExplicit);
  if (!isChain) return;
  const hasSource = entryOf(composite, 'source')?.value !== undefined;
  composite.children.forEach((child, index) => {
    if (composite.type === 'chain' && !child.isChained) return;
    child.isChained = true;
    child.isRoot = index === 0 && (hasSource || !isFed);
  });
}

/** What tells what a transform is, and its place among others. */
interface Head {
  type: string | undefined;
  name: string | undefined;
  hasInput: boolean;
  /** It has an `input` or an `output`. */
  isExplicit: boolean;
}

/** Of nodes that say so by themselves: they outlive edits. */
const heads = new WeakMap<YamlMap, Head>();

function headOf(values: Values, map: Placed<YamlMap>): Head {
  const known = heads.get(map.node);
  if (known) return known;
  const entries = values.entries(map);
  const get = (key: string): Placed | undefined => entries.find(({ name }) => name === key)?.value;
  const head: Head = {
    type: values.text(get('type')),
    name: values.text(get('name')),
    hasInput: isInput(values, get('input')),
    isExplicit: entries.some(({ name }) => name === 'input' || name === 'output'),
  };
  // What an alias or a merge key stands for may change elsewhere.
  const isOwn = map.node.entries.every(
    ({ key, value }) =>
      key.node.kind === 'scalar' && key.node.text !== '<<' && value?.node.kind !== 'alias',
  );
  if (isOwn) heads.set(map.node, head);
  return head;
}

/** Is it told to read something? `input: {}` tells that there is none. */
export function hasInput(values: Values, spec: Spec): boolean {
  return isInput(values, entryOf(spec, 'input')?.value);
}

function isInput(values: Values, value: Placed | undefined): boolean {
  const input = values.resolve(value);
  if (!input) return false;
  switch (input.node.kind) {
    case 'scalar':
      return input.node.type !== 'null' && input.node.text !== '';
    case 'sequence':
      return input.node.items.length > 0;
    case 'map':
      return input.node.entries.length > 0;
    case 'alias':
      return false;
  }
}

export function entryOf(spec: Spec, name: string): Entry | undefined {
  return spec.entries.find((entry) => entry.name === name);
}

/** What an explicit `input` refers to. */
export function inputsOf(values: Values, spec: Spec): InputReference[] {
  const reference = (at: Placed | undefined): InputReference[] => {
    const text = values.text(at);
    return at && text ? [{ text, at }] : [];
  };
  const referred = (value: Placed | undefined): InputReference[] =>
    values.sequence(value) ? values.items(value).flatMap(reference) : reference(value);
  const value = entryOf(spec, 'input')?.value;
  return values.map(value)
    ? values.entries(value).flatMap((entry) => referred(entry.value))
    : referred(value);
}

/** The name Beam gives a composite or a chain. */
function labelOfComposite({ name, type }: Spec): string {
  return name ?? (type === 'chain' ? 'Chain' : 'Composite');
}

/** All transforms below a pipeline, each before those inside it. */
export function* specsIn(spec: Spec): Generator<Spec> {
  for (const child of spec.children) {
    yield child;
    yield* specsIn(child);
  }
}

export function labelOf(spec: Spec, defaultLabel: string | undefined): string {
  const own =
    spec.name ??
    (spec.children.length > 0 || spec.type === 'chain' || spec.type === 'composite'
      ? labelOfComposite(spec)
      : (defaultLabel ?? spec.type ?? ''));
  return [...spec.path, own].join('/');
}
