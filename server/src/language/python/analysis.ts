import type { AppliedTransform, PipelineSource } from '../source.js';
import { makeSignature } from '../signature.js';
import { DefinitionCollector } from './definitions.js';
import { ImportedModules } from './importedModules.js';
import { ModuleFacts } from './moduleFacts.js';
import type { ModuleFiles } from './modules.js';
import { PipelineReader } from './pipelines.js';
import { madeTexts, type PipelineReference } from './pvalue.js';
import { Resolver } from './resolver.js';
import type { Relevance } from './relevance.js';
import { constructorParameters, type Scope } from './scope.js';
import type { PlacedStatement } from './statement.js';
import type { Applied, Offsets, Read } from './values.js';

/** A source at its offsets in the file. */
export interface FoundSource {
  source: Omit<PipelineSource, 'range' | 'statement'>;
  range: Offsets;
  statement: Offsets;
}

/**
 * What a module reads, a pure function of its statements and the files. It is found again only when an edit touches
 * what was asked for to find it.
 */
export class ModuleAnalysis {
  private readonly facts = new ModuleFacts();
  private relevance: Relevance | undefined;

  /** @param files where imports are looked for */
  constructor(private readonly files: ModuleFiles | undefined) {}

  /** Exchanges statements; all others may have moved. */
  replace(removed: readonly PlacedStatement[], added: readonly PlacedStatement[]): void {
    this.facts.replace(removed, added);
    const { relevance } = this;
    if (!relevance) return;
    const isConcerned = (one: PlacedStatement): boolean =>
      this.facts.isAsked(one) || relevance.isConcernedBy(one);
    if (removed.some(isConcerned) || added.some(isConcerned)) this.forget();
  }

  /** Another file changed. */
  forget(): void {
    this.relevance = undefined;
  }

  /** Are the sources those that {@link sources} gave last, be it at other places? */
  get isKnown(): boolean {
    return this.relevance !== undefined;
  }

  /** The sources, in order of the text. */
  sources(): FoundSource[] {
    this.facts.forgetAsked();
    const { open } = new ImportedModules(this.facts, this.files);
    this.relevance = open.module.relevance;
    const resolver = new Resolver(this.files?.args);
    return describeAll(new PipelineReader(open, resolver).read(), resolver);
  }

  /** What the pipelines apply, in order of the text. */
  transforms(): FoundTransform[] {
    const { open } = new ImportedModules(this.facts, this.files);
    return outlineOf(new PipelineReader(open, new Resolver(this.files?.args)).outline());
  }
}

function describeAll(reads: readonly Read[], resolver: Resolver): FoundSource[] {
  const keys = pipelineKeys(reads);
  const found = new Map<string, FoundSource>();
  for (const read of reads) {
    const source = describe(read, keys.get(keyOf(read)) ?? read.pipeline.name, resolver);
    const { start, end } = read.range;
    // A function that is called twice alike, or a read in a loop, is one entry.
    const identity = `${start}:${end}:${source.pipeline}:${source.signature.hash}`;
    const known = found.get(identity);
    if (!known) {
      found.set(identity, { source, range: read.range, statement: read.statement });
    } else if (source.repeated) {
      known.source.repeated = true;
    }
  }
  return [...found.values()].sort(
    (a, b) => a.range.start - b.range.start || b.range.end - a.range.end,
  );
}

/** A transform at its offsets in the file. */
export interface FoundTransform {
  transform: Omit<AppliedTransform, 'range' | 'selectionRange'>;
  range: Offsets;
  selection: Offsets;
}

function outlineOf(applied: readonly Applied[]): FoundTransform[] {
  const keys = pipelineKeys(applied);
  const found = new Map<string, FoundTransform>();
  for (const one of applied) {
    const { label, transformName, range, selection } = one;
    const pipeline = keys.get(keyOf(one)) ?? one.pipeline.name;
    const identity = `${range.start}:${range.end}:${pipeline}:${label}`;
    if (!found.has(identity)) {
      found.set(identity, { transform: { pipeline, label, transformName }, range, selection });
    }
  }
  return [...found.values()].sort((a, b) => a.range.start - b.range.start);
}

function describe(read: Read, pipeline: string, resolver: Resolver): FoundSource['source'] {
  const { transform } = read;
  resolver.at = read.at;
  const collector = new DefinitionCollector(resolver);
  if (transform.own) collector.definition(transform.own);
  const args: Record<string, string> = {};
  // In the order of their names, so that what they refer to is numbered alike however they are written.
  const named = [...transform.arguments()].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, placed] of named) args[name] = resolver.text(placed, collector);
  for (const { name, placed } of transform.modifiers) args[name] = resolver.text(placed, collector);
  if (read.input) {
    args['input' in args ? '#input' : 'input'] = madeTexts(read.input, collector).join(' | ');
  }
  if (transform.effects.length > 0) {
    const name = 'changes' in args ? '#changes' : 'changes';
    args[name] = resolver.effectTexts(transform.effects, collector).join(', ');
  }
  const label = [...read.within, transform.label].join('/');
  const formal = transform.own ? formalNames(transform.own) : [];
  return {
    pipeline,
    label,
    transformName: transform.name,
    bounded: read.bounded,
    boundedReason: read.reason,
    ...(read.repeated && { repeated: true }),
    signature: makeSignature(
      {
        sdk: 'python',
        transform: transform.qualified,
        label,
        arguments: args,
        definitions: collector.collected(args),
      },
      (name) => (formal.includes(name) ? `#${formal.indexOf(name)}` : name),
    ),
  };
}

/** Parameters of a transform of the user's own, in their order: what they are called is no part of a signature. */
function formalNames(own: Scope): string[] {
  const parameters =
    own.kind === 'class' ? constructorParameters(own) : own.definition?.parameters.slice(1);
  return parameters?.map(({ name }) => name) ?? [];
}

function keyOf({ pipeline }: { pipeline: PipelineReference }): string {
  return `${pipeline.name}@${pipeline.order}`;
}

/** `p` for the first pipeline of a name, `p#2` for the next one in the text. */
function pipelineKeys(reads: readonly { pipeline: PipelineReference }[]): Map<string, string> {
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
