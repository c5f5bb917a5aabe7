import type { PipelineSource } from '../source.js';
import { makeSignature } from '../signature.js';
import { DefinitionCollector } from './definitions.js';
import { factsOf, outlineOf } from './collector.js';
import { noFacts, type Binding, type Facts } from './facts.js';
import { PipelineReader } from './pipelines.js';
import { Resolver } from './resolver.js';
import { moduleScope } from './scope.js';
import type { PlacedStatement } from './statement.js';
import type { Read } from './values.js';

/** A source at its offsets in the file. */
export interface FoundSource {
  source: Omit<PipelineSource, 'range' | 'statement'>;
  range: { start: number; end: number };
  statement: { start: number; end: number };
}

/** What a module of these statements reads, in order of the text. A pure function of the statements. */
export function findSources(statements: readonly PlacedStatement[]): FoundSource[] {
  const resolver = new Resolver();
  const outline = statements.flatMap(({ statement }) => outlineOf(statement));
  const module = moduleScope(moduleFacts(statements));
  const reads = new PipelineReader(module, outline, resolver).read();
  const keys = pipelineKeys(reads);
  const found = new Map<string, FoundSource>();
  for (const read of reads) {
    const source = describe(read, keys.get(keyOf(read)) ?? read.pipeline.name, resolver);
    const { start, end } = read.range;
    // A helper that is called twice alike, or a read in a loop, is one entry.
    const identity = `${start}:${end}:${source.pipeline}:${source.signature.hash}`;
    if (!found.has(identity)) {
      found.set(identity, { source, range: read.range, statement: read.statement });
    }
  }
  return [...found.values()].sort(
    (a, b) => a.range.start - b.range.start || b.range.end - a.range.end,
  );
}

function describe(read: Read, pipeline: string, resolver: Resolver): FoundSource['source'] {
  const { transform } = read;
  const collector = new DefinitionCollector(resolver);
  if (transform.own) collector.definition(transform.own);
  const args: Record<string, string> = {};
  // In the order of their names, so that what they refer to is numbered alike however they are written.
  const named = [...transform.arguments()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, placed] of named) args[name] = resolver.text(placed, collector);
  for (const { name, placed } of transform.modifiers) args[name] = resolver.text(placed, collector);
  if (read.input.length > 0) {
    args['input' in args ? '#input' : 'input'] = read.input
      .map((write) => write(collector))
      .join(' | ');
  }
  const label = [...read.within, transform.label].join('/');
  return {
    pipeline,
    label,
    transformName: transform.name,
    bounded: read.bounded,
    boundedReason: read.reason,
    signature: makeSignature({
      sdk: 'python',
      transform: transform.qualified,
      label,
      arguments: args,
      definitions: collector.collected(),
    }),
  };
}

function keyOf(read: Read): string {
  return `${read.pipeline.name}@${read.pipeline.order}`;
}

/** `p` for the first pipeline of a name, `p#2` for the next one in the text. */
function pipelineKeys(reads: readonly Read[]): Map<string, string> {
  const byName = new Map<string, Set<string>>();
  for (const { pipeline } of reads) {
    const orders = byName.get(pipeline.name) ?? new Set();
    byName.set(pipeline.name, orders.add(pipeline.order));
  }
  const keys = new Map<string, string>();
  for (const [name, orders] of byName) {
    [...orders].sort().forEach((order, index) => {
      keys.set(`${name}@${order}`, index === 0 ? name : `${name}#${index + 1}`);
    });
  }
  return keys;
}

/** The facts of all statements as those of one module, with offsets in the file. */
function moduleFacts(statements: readonly PlacedStatement[]): Facts {
  const facts = noFacts();
  for (const { offset, statement } of statements) {
    const own = factsOf(statement);
    for (const [name, bindings] of own.bindings) {
      const shifted = bindings.map((binding) => shift(binding, offset));
      const before = facts.bindings.get(name);
      if (before) before.push(...shifted);
      else facts.bindings.set(name, shifted);
    }
    for (const site of own.sites) {
      facts.sites.push({
        ...site,
        offset: site.offset + offset,
        statement: { start: site.statement.start + offset, end: site.statement.end + offset },
      });
    }
    facts.appliesTransforms ||= own.appliesTransforms;
    for (const name of own.calls) facts.calls.add(name);
    facts.options.push(...own.options);
    facts.stars.push(...own.stars);
  }
  return facts;
}

function shift(binding: Binding, offset: number): Binding {
  return {
    ...binding,
    offset: binding.offset + offset,
    guards: binding.guards.map((guard) => ({ ...guard, offset: guard.offset + offset })),
  };
}
