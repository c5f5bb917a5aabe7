import { ENDLESS, type CataloguedTransform } from './catalogue.js';
import {
  externalKind,
  isBoundedExternal,
  isBoundedManaged,
  managedSource,
} from './crossLanguage.js';
import { importedName } from './importedNames.js';
import type { Resolver } from './resolver.js';
import { child, dottedName } from './syntax.js';
import type { Transform, TransformReader } from './transforms.js';

/** What a transform does to boundedness, and why, for people. */
export type Verdict =
  /** Reads by itself. */
  | { kind: 'read'; bounded: boolean; reason: string }
  /** Makes any input unbounded. */
  | { kind: 'perElement'; reason: string }
  /** As its input is. */
  | { kind: 'plain' }
  /** A test stream: neither a source nor anything after it. */
  | { kind: 'testStream' };

/** The verdict on a transform of the catalogue. */
export function judge(
  transform: Transform,
  entry: CataloguedTransform,
  resolver: Resolver,
  transforms: TransformReader,
): Verdict {
  const { boundedness } = entry;
  const argument = (name: string): string | undefined => {
    const placed = transform.arguments().get(name);
    return placed && resolver.text(placed);
  };
  switch (boundedness) {
    case 'bounded':
      return { kind: 'read', bounded: true, reason: `${transform.name} ends when all is read` };
    case 'unbounded':
      return { kind: 'read', bounded: false, reason: `${transform.name} never ends` };
    case 'perElement':
      return { kind: 'perElement', reason: `${transform.name} never ends` };
    case 'testStream':
      return { kind: 'testStream' };
    case 'managed': {
      const source = managedSource(argument('source'));
      const reason = `reads ${source ?? 'a managed source'}`;
      return { kind: 'read', bounded: isBoundedManaged(source), reason };
    }
    case 'external': {
      const [first = ''] = entry.parameters.trim().split(/\s+/);
      const name = externalKind(argument(first));
      const bounded = name === undefined ? undefined : isBoundedExternal(name);
      const reason =
        bounded === undefined
          ? `not known from this file: ${name ?? transform.name}`
          : `${name} ${bounded ? 'ends when all is read' : 'never ends'}`;
      return { kind: 'read', bounded: bounded ?? false, reason };
    }
    case 'ofSource':
      return judgeSource(transform, resolver, transforms);
    default:
      return judgeArguments(boundedness.boundedBy, argument);
  }
}

function judgeArguments(
  names: readonly string[],
  argument: (name: string) => string | undefined,
): Verdict {
  for (const name of names) {
    const text = argument(name);
    if (text === undefined || ENDLESS.has(text)) continue;
    const option = /^(--\S+)(?: \((.*)\))?$/.exec(text);
    const isUnset = option && !/(?:^|, )default (?!None)/.test(option[2] ?? '');
    const isNone = text.endsWith(' = None>');
    if (isUnset || isNone) {
      const reason = `${name} is ${option?.[1] ?? text}, None by default`;
      return { kind: 'read', bounded: false, reason };
    }
    // Beam calls it unbounded all the same; but whoever gives it an end means it to end.
    const aside = name === 'stop_timestamp' ? ', though Beam calls it unbounded' : '';
    return { kind: 'read', bounded: true, reason: `ends by ${name}${aside}` };
  }
  return { kind: 'read', bounded: false, reason: `no ${names.join(' or ')}` };
}

/** `beam.io.Read(source)`: as the source is. */
function judgeSource(
  transform: Transform,
  resolver: Resolver,
  transforms: TransformReader,
): Verdict {
  const placed = transform.arguments().get('source');
  if (!placed) return { kind: 'read', bounded: false, reason: 'reads an unknown source' };
  const made = resolver.reduce(placed);
  const instance = made.node.kind === 'call' ? resolver.classCalled(made) : undefined;
  const base = instance && transforms.importedBase(instance.type);
  const name = instance?.type.definition?.name ?? resolver.text(placed);
  if (base !== undefined && /\b(?:Un)?boundedSource$|FileBasedSource$/i.test(base)) {
    const bounded = !/\bUnboundedSource$/.test(base);
    const reason = `${name} is ${bounded ? 'a bounded' : 'an unbounded'} source`;
    return { kind: 'read', bounded, reason };
  }
  const callee = made.node.kind === 'call' ? child(made.node, 'function') : undefined;
  const names = callee && dottedName(callee);
  const imported = names && importedName(names, made.scope);
  if (imported?.startsWith('apache_beam.') && /(?<!Unbounded\w*)Source$/.test(imported)) {
    const reason = `${names?.at(-1) ?? ''} is a bounded source`;
    return { kind: 'read', bounded: true, reason };
  }
  const [inner] = transforms.read(placed);
  if (inner?.behaviour.kind === 'catalogued') {
    return judge(inner, inner.behaviour.entry, resolver, transforms);
  }
  return { kind: 'read', bounded: false, reason: `not known from this file: ${name}` };
}
