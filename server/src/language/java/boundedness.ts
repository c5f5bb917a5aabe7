import { child } from '../syntax/tree.js';
import { argumentName } from './arguments.js';
import { BOUNDED_MANAGED, type CataloguedTransform } from './catalogue.js';
import type { Resolver } from './resolver.js';
import type { Transform } from './transforms.js';
import type { Placed } from './unit.js';

/** What a transform does to boundedness, and why, for people. */
export type Verdict =
  | { kind: 'read'; bounded: boolean; reason: string }
  | { kind: 'perElement'; reason: string }
  | { kind: 'plain' }
  | { kind: 'testStream' };

/** What a transform of the catalogue is. */
export function judge(
  transform: Transform,
  entry: CataloguedTransform,
  resolver: Resolver,
): Verdict {
  const { boundedness } = entry;
  const { name } = transform;
  const has = (method: string): boolean =>
    transform.arguments.some((one) => one.name === argumentName(method));
  if (boundedness === 'bounded' || boundedness === 'impulse') {
    return { kind: 'read', bounded: true, reason: `${name} ends when all is read` };
  }
  if (boundedness === 'unbounded') {
    return { kind: 'read', bounded: false, reason: `${name} never ends` };
  }
  if (boundedness === 'perElement') return { kind: 'perElement', reason: `${name} never ends` };
  if (boundedness === 'testStream') return { kind: 'testStream' };
  if (boundedness === 'managed') return judgeManaged(transform, resolver);
  if (boundedness === 'ofSource') return judgeSource(transform, resolver);
  if ('boundedBy' in boundedness) {
    const limit = boundedness.boundedBy.find(has);
    const reason = limit ? `ends by ${limit}` : `no ${boundedness.boundedBy.join(' or ')}`;
    return { kind: 'read', bounded: limit !== undefined, reason };
  }
  if ('unboundedBy' in boundedness) {
    const endless = boundedness.unboundedBy.find(has);
    const reason = endless ? `${endless} never ends` : `${name} ends when all is read`;
    return { kind: 'read', bounded: endless === undefined, reason };
  }
  const endless = boundedness.perElementBy.find(has);
  return endless ? { kind: 'perElement', reason: `${endless} never ends` } : { kind: 'plain' };
}

function judgeManaged(transform: Transform, resolver: Resolver): Verdict {
  const kind = transform.arguments.find(({ name }) => name === 'read')?.values[0];
  const text = kind ? resolver.text(kind) : '';
  const name = /(\w+)"?$/.exec(text)?.[1]?.toLowerCase() ?? 'a managed source';
  return { kind: 'read', bounded: BOUNDED_MANAGED.has(name), reason: `reads ${name}` };
}

/** `Read.from(source)`: as the source is, unless it is limited. */
function judgeSource(transform: Transform, resolver: Resolver): Verdict {
  const limit = transform.arguments.find(({ name }) => /^max(?:NumRecords|ReadTime)$/.test(name));
  if (limit) return { kind: 'read', bounded: true, reason: `ends by ${limit.name}` };
  const source = transform.arguments.find(({ name }) => name === 'from')?.values[0];
  if (!source) return { kind: 'read', bounded: false, reason: 'reads an unknown source' };
  const at = valueOf(source, resolver);
  const found = resolver.names.typeOfNode(child(at.node, 'type'), at.scope);
  const ancestors = found?.own ? resolver.names.ancestors(found.own) : [found?.qualified ?? ''];
  const name = found?.own?.name ?? resolver.text(source);
  for (const ancestor of ancestors) {
    if (/(?:^|\.)UnboundedSource$/.test(ancestor)) {
      return { kind: 'read', bounded: false, reason: `${name} is an unbounded source` };
    }
    if (
      /(?:^|\.)(?:BoundedSource|FileBasedSource|OffsetBasedSource|BlockBasedSource)$/.test(ancestor)
    ) {
      return { kind: 'read', bounded: true, reason: `${name} is a bounded source` };
    }
  }
  if (/\bCountingSource\.upTo\(/.test(name)) {
    return { kind: 'read', bounded: true, reason: 'CountingSource.upTo ends' };
  }
  return { kind: 'read', bounded: false, reason: `not known from this file: ${name}` };
}

/** The value of a name that has one only. */
export function valueOf(placed: Placed, resolver: Resolver): Placed {
  if (placed.node.kind !== 'identifier') return placed;
  const found = resolver.variable(placed.node.text, placed.node, placed.scope);
  const [only, ...more] = found ? resolver.values(found.variable, placed.node, found.scope) : [];
  return only && more.length === 0 ? only.placed : placed;
}
