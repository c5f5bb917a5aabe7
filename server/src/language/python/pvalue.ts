import type { References } from './resolver.js';

/** A pipeline object: where it is made, and by which of the followed calls. */
export interface PipelineReference {
  /** `run.p` */
  name: string;
  /** Tells pipelines of one name apart, in order of the text. */
  order: string;
}

/** What an expression that transforms are applied to is known to be. */
export type PValue =
  | { kind: 'pipeline'; pipeline: PipelineReference }
  /** A bounded PCollection. */
  | {
      kind: 'bounded';
      pipeline: PipelineReference;
      /** Canonical text of the transforms that made it, written when asked for. */
      input: ((references: References) => string)[];
      /** Reports the bounded reads it consists of; called unless something makes them unbounded. */
      report: () => void;
    }
  /** A PCollection whose unbounded source is known already, or one that comes from elsewhere. */
  | { kind: 'other'; pipeline: PipelineReference | undefined };

export const OTHER: PValue = { kind: 'other', pipeline: undefined };
