import type { Binding } from './facts.js';
import { importedName } from './importedNames.js';
import type { References, Resolver } from './resolver.js';
import type { Argument, Scope } from './scope.js';
import { dottedName } from './syntax.js';

/** A pipeline object: where it is made, and by which of the followed calls. */
export interface PipelineReference {
  /** `run.p` */
  name: string;
  /** Tells pipelines of one name apart, in order of the text. */
  order: string;
}

/** The transforms that made a bounded PCollection, the last one first: thousands may make one another. */
export interface Made {
  /** Canonical text of the transform, written when asked for. */
  write: (references: References) => string;
  before: Made | undefined;
}

/** Canonical texts of transforms, in the order in which they are applied. */
export function madeTexts(made: Made | undefined, references: References): string[] {
  return inOrder(made).map((write) => write(references));
}

function inOrder(made: Made | undefined): Made['write'][] {
  const all: Made['write'][] = [];
  for (let one = made; one; one = one.before) all.push(one.write);
  return all.reverse();
}

/** What an expression that transforms are applied to is known to be. */
export type PValue =
  | { kind: 'pipeline'; pipeline: PipelineReference }
  /** A bounded PCollection. */
  | {
      kind: 'bounded';
      pipeline: PipelineReference;
      /** The transforms that made it. */
      input: Made;
      /** Reports the bounded reads it consists of; called unless something makes them unbounded. */
      report: () => void;
    }
  /** A PCollection whose unbounded source is known already, or one that comes from elsewhere. */
  | { kind: 'other'; pipeline: PipelineReference | undefined };

export const OTHER: PValue = { kind: 'other', pipeline: undefined };

/** Names that pipelines have when nothing else tells what they are. */
export const PIPELINE_NAME = /^(?:p|pipeline|pbegin|root|test_pipeline)$|_pipeline$/;
const PIPELINE_TYPE = /^apache_beam\.(?:\w*Pipeline|PBegin|pvalue\.PBegin)$/;

/** The pipeline that a parameter is, by its annotation or name. */
export function pipelineParameter(name: string, at: Scope): PipelineReference | undefined {
  const parameter = at.definition?.parameters.find((one) => one.name === name);
  const annotation = parameter?.annotation?.children[0] ?? parameter?.annotation;
  const names = annotation && dottedName(annotation);
  const type = names && importedName(names, at.parent ?? at);
  const isPipeline = type === undefined ? PIPELINE_NAME.test(name) : PIPELINE_TYPE.test(type);
  return isPipeline ? { name: joinPath(at.path, name), order: order(at.base) } : undefined;
}

/** Tells calls of one function apart by what they give it. */
export function describeArguments(args: Map<string, Argument>, resolver: Resolver): string {
  const parts = [...args].map(([name, { placed, value }]) => {
    if (value?.kind === 'pipeline') return `${name}=${value.pipeline.name}@${value.pipeline.order}`;
    return `${name}=${placed ? resolver.text(placed) : ''}`;
  });
  return parts.sort().join(',');
}

/** What a tuple or list of PCollections is when a transform is applied to it. */
export function combined(values: (PValue | undefined)[]): PValue | undefined {
  const known = values.filter((value) => value !== undefined);
  const [first] = known;
  if (!first) return undefined;
  const bounded = known.filter((value) => value.kind === 'bounded');
  const [one, ...others] = bounded;
  if (!one || bounded.length < values.length) return { kind: 'other', pipeline: first.pipeline };
  return {
    kind: 'bounded',
    pipeline: one.pipeline,
    input: others
      .flatMap((value) => inOrder(value.input))
      .reduce((before, write): Made => ({ write, before }), one.input),
    report: () => {
      for (const value of bounded) value.report();
    },
  };
}

/** Do two bindings stand in different branches of one statement, so that only one of them takes place? */
export function isAlternative(a: Binding, b: Binding): boolean {
  return a.guards.some((one) =>
    b.guards.some((other) => other.offset === one.offset && other.branch !== one.branch),
  );
}

export function joinPath(path: string, name: string): string {
  return path ? `${path}.${name}` : name;
}

/** Sorts as the places do; calls of one function with different arguments are told apart. */
export function order(offset: number, scope?: Scope): string {
  const place = String(offset).padStart(16, '0');
  const args = scope?.args;
  if (!args) return place;
  const values = [...args].map(([name, { placed }]) => `${name}=${placed?.node.start ?? ''}`);
  return `${place} ${values.join(',')}`;
}
