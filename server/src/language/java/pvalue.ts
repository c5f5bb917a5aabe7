import type { DefinitionCollector } from './definitions.js';
import type { Transform } from './transforms.js';
import type { JavaType } from './unit.js';

/** A pipeline object: where it is made. */
export interface PipelineReference {
  /** `Clicks.main.p` */
  name: string;
  /** Tells pipelines of one name apart, in order of the text. */
  order: string;
}

export type WriteText = (collector: DefinitionCollector) => string;

/** What an expression that transforms are applied to is known to be. */
export type PValue =
  | { kind: 'pipeline'; pipeline: PipelineReference }
  /** A bounded PCollection: with the text of the transforms that made it, and the bounded reads among them. */
  | { kind: 'bounded'; pipeline: PipelineReference; input: WriteText[]; report: () => void }
  /** A PCollection whose unbounded source is known already, or one that comes from elsewhere. */
  | { kind: 'other'; pipeline: PipelineReference | undefined };

/** A root read, where it is applied. */
export interface Read {
  transform: Transform;
  /** Text of the bounded transforms before it, when it is not itself the root. */
  input: WriteText[];
  pipeline: PipelineReference;
  /** Labels of the transforms it is inside of, when it is not applied at the outermost level. */
  within: string[];
  label: string;
  bounded: boolean;
  reason: string;
  isRepeated: boolean;
  /** The class whose code applies it. */
  around: JavaType;
  range: Span;
  statement: Span;
}

/** Offsets in the file. */
export interface Span {
  start: number;
  end: number;
}

/** What a list of PCollections is when a transform is applied to it. */
export function combined(values: readonly (PValue | undefined)[]): PValue | undefined {
  const known = values.filter((value) => value !== undefined);
  const [first] = known;
  if (!first) return undefined;
  const bounded = known.filter((value) => value.kind === 'bounded');
  if (bounded.length < values.length || !bounded[0]) {
    return { kind: 'other', pipeline: first.pipeline };
  }
  return {
    kind: 'bounded',
    pipeline: bounded[0].pipeline,
    input: bounded.flatMap((value) => value.input),
    report: () => {
      for (const value of bounded) value.report();
    },
  };
}

/** Sorts as the places do. */
export function order(offset: number): string {
  return String(offset).padStart(9, '0');
}
