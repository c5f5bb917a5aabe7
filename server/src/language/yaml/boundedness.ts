import { ENDLESS, TRANSFORMS, type CataloguedTransform } from '../python/catalogue.js';
import { READ_BY_TYPE, type YamlBoundedness } from './catalogue.js';
import type { Placed } from './nodes.js';
import type { ProvidedTransform, Providers } from './providers.js';
import { entryOf, hasInput, readPipeline, specsIn, type Spec } from './specs.js';
import type { Values } from './values.js';

/** What a read is: whether it ends and why, for people. */
export interface Verdict {
  bounded: boolean;
  reason: string;
  /** The label that Beam gives it when it has no name, if that is not its type. */
  label?: string;
}

const PYTHON = new Map(
  TRANSFORMS.flatMap((entry) =>
    [entry.name, ...(entry.aliases ?? [])].map((name) => [name, entry]),
  ),
);
const MAX_DEPTH = 8;

/** What a transform without input reads; undefined when it is no source. */
export function judge(
  values: Values,
  spec: Spec,
  providers: Providers,
  depth = 0,
): Verdict | undefined {
  const { type } = spec;
  if (type === undefined || !spec.isRoot || spec.children.length > 0) return undefined;
  const config = entryOf(spec, 'config')?.value;
  const provided = providers.transforms.get(type);
  if (provided) return judgeProvided(values, spec, provided, providers, depth);
  const read = READ_BY_TYPE.get(type);
  if (read) {
    const verdict = judgeRead(type, read.boundedness, (key) => values.get(config, key), values);
    return { ...verdict, ...(read.label !== undefined && { label: read.label }) };
  }
  if (type === 'PyTransform') {
    const constructor = values.text(values.get(config, 'constructor'));
    if (constructor === undefined) return undefined;
    const verdict = judgeConstructor(
      constructor.trim(),
      (name, index) => {
        const positional = values.items(values.get(config, 'args'))[index];
        return values.get(values.get(config, 'kwargs'), name) ?? positional;
      },
      values,
    );
    return verdict && { ...verdict, label: constructor };
  }
  // A type of a provider that could not be read.
  if (providers.areIncomplete && type.startsWith('Read')) {
    return { bounded: false, reason: `not known from this file: ${type}` };
  }
  return undefined;
}

function judgeRead(
  type: string,
  boundedness: YamlBoundedness,
  get: (key: string) => Placed | undefined,
  values: Values,
): Verdict {
  if (boundedness === 'bounded') return { bounded: true, reason: `${type} ends when all is read` };
  if (boundedness === 'unbounded') return { bounded: false, reason: `${type} never ends` };
  if ('unboundedIf' in boundedness) {
    const { unboundedIf } = boundedness;
    const given = values.plain(get(unboundedIf));
    return given === null || given === undefined || given === false
      ? { bounded: true, reason: `ends without ${unboundedIf}` }
      : { bounded: false, reason: `goes on by ${unboundedIf}` };
  }
  return endsBy(boundedness.boundedBy, get, values);
}

function endsBy(keys: string[], get: (key: string) => Placed | undefined, values: Values): Verdict {
  const by = keys.find((key) => {
    const given = values.plain(get(key));
    return (
      given !== null && given !== undefined && !(typeof given === 'string' && ENDLESS.has(given))
    );
  });
  return by === undefined
    ? { bounded: false, reason: `no ${keys.join(' or ')}` }
    : { bounded: true, reason: `ends by ${by}` };
}

function judgeProvided(
  values: Values,
  spec: Spec,
  provided: ProvidedTransform,
  providers: Providers,
  depth: number,
): Verdict | undefined {
  const type = spec.type ?? '';
  if (provided.body)
    return depth < MAX_DEPTH ? judgeBody(type, provided.body, providers, depth) : undefined;
  const config = entryOf(spec, 'config')?.value;
  if (provided.constructorText !== undefined) {
    const verdict = judgeConstructor(
      provided.constructorText,
      (name) => {
        const key =
          Object.entries(provided.renamed ?? {}).find(([, to]) => to === name)?.[0] ?? name;
        return values.get(config, key);
      },
      values,
    );
    // Beam wants an input for what is not called a read, unless it is told that there is none.
    return verdict ?? (isMeantAsRoot(spec) ? unknown(type, provided.constructorText) : undefined);
  }
  return isMeantAsRoot(spec) ? unknown(type, type) : undefined;
}

function unknown(type: string, definition: string): Verdict {
  const name = /^[\w.]+$/.test(definition) ? definition : type;
  return { bounded: false, reason: `not known from this file: ${name}` };
}

function isMeantAsRoot(spec: Spec): boolean {
  if (spec.type?.startsWith('Read')) return true;
  if (entryOf(spec, 'input')) return true;
  const { parent } = spec;
  return parent !== undefined && entryOf(parent, 'source')?.value?.start === spec.at.start;
}

/** A Python transform by its qualified name, or by code in which one stands. */
function judgeConstructor(
  text: string,
  argument: (name: string, index: number) => Placed | undefined,
  values: Values,
): Verdict | undefined {
  const named = PYTHON.get(text);
  if (named) {
    const label =
      typeof named.label === 'string' ? named.label : (named.name.split('.').at(-1) ?? '');
    const verdict = judgePython(
      named,
      (name) => {
        return argument(name, named.parameters.trim().split(/\s+/).indexOf(name));
      },
      values,
    );
    return verdict && { ...verdict, label };
  }
  if (/^[\w.]+$/.test(text)) return undefined;
  const inCode = TRANSFORMS.find(({ name, boundedness }) => {
    const short = name.split('.').at(-1) ?? '';
    return (
      boundedness !== 'bounded' &&
      boundedness !== 'testStream' &&
      new RegExp(`\\b${short}\\b`).test(text)
    );
  });
  const short = inCode?.name.split('.').at(-1);
  return short === undefined ? undefined : { bounded: false, reason: `its code reads ${short}` };
}

function judgePython(
  { name, boundedness }: CataloguedTransform,
  get: (key: string) => Placed | undefined,
  values: Values,
): Verdict | undefined {
  const short = name.split('.').at(-1) ?? '';
  if (boundedness === 'bounded' || boundedness === 'unbounded') {
    return judgeRead(short, boundedness, get, values);
  }
  if (typeof boundedness === 'object') return endsBy(boundedness.boundedBy, get, values);
  return undefined;
}

/** A transform defined in YAML is what its body reads. */
function judgeBody(
  type: string,
  body: NonNullable<ProvidedTransform['body']>,
  providers: Providers,
  depth: number,
): Verdict | undefined {
  const spec = readPipeline(body.values, body.value);
  if (!spec) return undefined;
  const isFed = body.requiresInputs && spec.type === 'chain' && !entryOf(spec, 'input');
  const isLeaf = spec.children.length === 0;
  if (isLeaf) spec.isRoot = !hasInput(body.values, spec);
  const roots = isLeaf
    ? [spec]
    : [...specsIn(spec)].filter((one) => one.isRoot && !(isFed && one === spec.children[0]));
  const verdicts = roots.flatMap((root) => judge(body.values, root, providers, depth + 1) ?? []);
  const endless = verdicts.find(({ bounded }) => !bounded);
  if (endless) return { bounded: false, reason: `its body reads without end: ${endless.reason}` };
  return verdicts.length > 0 ? { bounded: true, reason: `all that ${type} reads ends` } : undefined;
}
