import { makeSignature } from '../signature.js';
import type { PipelineSource } from '../source.js';
import type { SyntaxNode } from '../syntax/tree.js';
import { DefinitionCollector } from './definitions.js';
import type { Workspace } from './names.js';
import { PipelineReader, type Application } from './pipelines.js';
import type { PipelineReference, Read, Span } from './pvalue.js';
import { Resolver } from './resolver.js';
import { TransformReader } from './transforms.js';
import type { Unit } from './unit.js';

/** A source at its offsets in the file. */
export interface FoundSource {
  source: Omit<PipelineSource, 'range' | 'statement'>;
  range: Span;
  statement: Span;
}

export interface Findings {
  sources: FoundSource[];
  /** With the key of the pipeline. */
  applications: (Application & { key: string })[];
  /** Nodes of members of which more than a summary was asked for. */
  read: ReadonlySet<SyntaxNode>;
}

/** What a file reads and applies, in order of the text. A pure function of the file, and of those it refers to. */
export function findSources(
  unit: Unit,
  workspace: Workspace,
  options: ReadonlyMap<string, string>,
): Findings {
  const resolver = new Resolver(workspace, options);
  const reader = new PipelineReader(unit, resolver);
  const reads = reader.read();
  const pipelines = [...reads, ...reader.applications].map(({ pipeline }) => pipeline);
  const keys = pipelineKeys(pipelines);
  const keyOf = (pipeline: PipelineReference): string =>
    keys.get(`${pipeline.name}@${pipeline.order}`) ?? pipeline.name;
  const found = new Map<string, FoundSource>();
  for (const read of reads) {
    const source = describe(read, keyOf(read.pipeline), resolver);
    const { range, statement } = read;
    // A function that is called twice alike is one entry.
    const identity = `${range.start}:${range.end}:${source.pipeline}:${source.signature.hash}`;
    if (!found.has(identity)) found.set(identity, { source, range, statement });
  }
  const applications = new Map(
    reader.applications.map((one) => {
      const key = keyOf(one.pipeline);
      return [`${one.range.start}:${one.label}:${one.name}:${key}`, { ...one, key }];
    }),
  );
  const inOrder = (a: { range: Span }, b: { range: Span }): number =>
    a.range.start - b.range.start || b.range.end - a.range.end;
  return {
    sources: [...found.values()].sort(inOrder),
    applications: [...applications.values()].sort(inOrder),
    read: resolver.names.read,
  };
}

function describe(read: Read, pipeline: string, resolver: Resolver): FoundSource['source'] {
  const { transform } = read;
  const transforms = new TransformReader(resolver);
  const collector = new DefinitionCollector(resolver, read.around);
  if (transform.own) collector.own(transform.own);
  const args: Record<string, string> = {};
  const inOrder = [...transform.arguments].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const argument of inOrder) {
    args[argument.name] = transforms.argumentText(argument, collector);
  }
  if (read.input.length > 0) {
    args['#input'] = read.input.map((write) => write(collector)).join(' | ');
  }
  const label = [...read.within, read.label].join('/');
  return {
    pipeline,
    label,
    transformName: transform.name,
    bounded: read.bounded,
    boundedReason: read.reason,
    ...(read.isRepeated && { repeated: true as const }),
    signature: makeSignature({
      sdk: 'java',
      transform: transform.qualified,
      label,
      arguments: args,
      definitions: collector.collected(),
    }),
  };
}

/** `p` for the first pipeline of a name, `p#2` for the next one in the text. */
function pipelineKeys(pipelines: readonly PipelineReference[]): Map<string, string> {
  const byName = new Map<string, Set<string>>();
  for (const { name, order } of pipelines) {
    byName.set(name, (byName.get(name) ?? new Set()).add(order));
  }
  const keys = new Map<string, string>();
  for (const [name, orders] of byName) {
    [...orders].sort().forEach((order, index) => {
      keys.set(`${name}@${order}`, index === 0 ? name : `${name}#${index + 1}`);
    });
  }
  return keys;
}
