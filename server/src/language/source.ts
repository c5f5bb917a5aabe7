/** Zero-based line and UTF-16 character, as in the LSP. */
export interface TextPosition {
  line: number;
  character: number;
}

/** Half-open range of text, as in the LSP. */
export interface TextRange {
  start: TextPosition;
  end: TextPosition;
}

/** Beam's SDKs, and Beam YAML. */
export type Sdk = 'python' | 'yaml' | 'java' | 'go' | 'typescript';

/**
 * What a source is, in a form that changes when, and only when, the source does. A pure function of
 * the text: equal signatures mean that a recording of one serves the other.
 */
export interface SourceSignature {
  /** Version of the canonical form; signatures of different versions are never compared by hash. */
  version: 3;
  /** Hex SHA-256 of the canonical form of the other members. */
  hash: string;
  /** The SDK whose API the text uses. */
  sdk: Sdk;
  /** Qualified name, e.g. `apache_beam.transforms.periodicsequence.PeriodicImpulse`. */
  transform: string;
  label: string;
  /** Canonical text of each argument; positional ones under their parameter's name, else `#0`, `#1` … */
  arguments: Record<string, string>;
  /** Normalised text of the user's own definitions the source consists of, by name. */
  definitions: Record<string, string>;
}

/** A root read found in the text of a pipeline file. */
export interface PipelineSource {
  /** Which pipeline of the file it belongs to, e.g. `run.p` or `p`; two pipelines of one name get `p`, `p#2`. */
  pipeline: string;
  /** The label as Beam names the transform: given (`'Clicks' >> …`) or the transform's default. */
  label: string;
  /** Short name of the transform as written, e.g. `PeriodicImpulse`. */
  transformName: string;
  bounded: boolean;
  /** Why it is (un)bounded, for people: "no stop_timestamp". */
  boundedReason: string;
  /** Bounded, and to be recorded all the same: a pattern of the author's names it. */
  recordable?: true;
  /** The transform application: `'Clicks' >> PeriodicImpulse(…)`. */
  range: TextRange;
  /** The statement that contains it; the SDK reports a line of this range. */
  statement: TextRange;
  /** Of a notebook: index of the cell, from zero, that the ranges count from. */
  cell?: number;
  /** Applied in a loop or a comprehension: one entry stands for all that it makes. */
  repeated?: true;
  signature: SourceSignature;
}

/** A transform that a pipeline of the file applies, source or not; for the outline of the file. */
export interface AppliedTransform {
  /** As {@link PipelineSource.pipeline}. */
  pipeline: string;
  label: string;
  transformName: string;
  /** As {@link PipelineSource.cell}. */
  cell?: number;
  /** The application. */
  range: TextRange;
  /** The part of it to reveal: its label, else its name. */
  selectionRange: TextRange;
}

/** What analysis knows of one file. */
export interface PipelineFile {
  sources: PipelineSource[];
  /** Ranges that do not parse; what is known of sources inside or beside them is not to be trusted. */
  syntaxErrors: TextRange[];
}
