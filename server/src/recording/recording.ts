import type { JsonValue } from '@bufbuild/protobuf';
import type { SourceSignature } from '../language/source.js';
import type { RecordingOwner } from './owner.js';
import type { Redaction } from './redaction/rules.js';

/** Version of `recording.json`; a log has its own. Version 1 was never released. */
export const formatVersion = 2;

/**
 * Why a recording ended. `interrupted`: the process that wrote it is gone and left no end. `write failure`: the log could
 * not be written (a full disk, say); what is in it is whole.
 */
export type EndReason =
  | 'source finished'
  | 'duration limit'
  | 'bytes limit'
  | 'elements limit'
  | 'store limit'
  | 'cancelled'
  | 'failed'
  | 'write failure'
  | 'interrupted';

/** A limit of the recording's own, or of the store it is in. */
export type LimitReason = Extract<EndReason, `${string} limit`>;

/** True for a recording that was ended by a limit. */
export function isLimit(reason: EndReason | undefined): reason is LimitReason {
  return reason?.endsWith(' limit') ?? false;
}

/** Why whoever writes a recording ends it: only one that nobody writes any more is interrupted. */
export type WrittenEndReason = Exclude<EndReason, 'interrupted'>;

/** Limits of one recording; whichever is reached first ends it. */
export interface RecordingLimits {
  /** Milliseconds of processing time. */
  durationMs: number;
  /** Bytes of the log on disk. */
  maxBytes: number;
  maxElements: number;
}

/** Where an imported recording came from. */
export interface ImportOrigin {
  format: 'jsonl' | 'interactive-beam';
  /** Absolute path of the file that was read. */
  file: string;
}

/** One recording of one source: the facts about a log, kept beside it. */
export interface Recording {
  formatVersion: typeof formatVersion;
  id: string;
  /** Absolute path of the pipeline file. */
  file: string;
  /** See {@link PipelineSource.pipeline}. */
  pipeline: string;
  label: string;
  /** Beam's unique name of the transform in the submitted pipeline. */
  uniqueName: string;
  /** Tag of the output, for a source with several unbounded ones: each has its own recording. */
  output?: string;
  /** Absent when the source was not found in the text (made by an imported module, say). */
  signature?: SourceSignature;
  /** The application of the source as it was written, from which an edit can be taken back. */
  sourceText?: string;
  /** Hash of another signature that the author said this recording serves as well. */
  acceptedSignature?: string;
  /** URN tree of the element coder, e.g. `beam:coder:kv:v1<beam:coder:bytes:v1,beam:coder:varint:v1>`. */
  coder: string;
  /** What decodes the elements: Beam's `Coder` messages by id, and the id at which to begin. */
  coders?: { id: string; all: Record<string, JsonValue> };
  limits: RecordingLimits;
  /** Processing time, ms since the epoch; the same for all recordings of one job. */
  startedAt: number;
  endedAt?: number;
  endReason?: EndReason;
  /** The runner's own words, for a failed recording. */
  message?: string;
  elements: number;
  /** Bytes of the log on disk. */
  bytes: number;
  /** Bytes of the elements as a runner carries them, with their timestamps. Absent where no log tells. */
  dataBytes?: number;
  /** Span of event time, ms since the epoch. Absent without elements. */
  minTimestamp?: number;
  maxTimestamp?: number;
  /** The last watermark seen, ms since the epoch. */
  watermark?: number;
  /** Where an imported recording came from. */
  imported?: ImportOrigin;
  /** By which rules its elements were redacted before they were written. */
  redaction?: Redaction;
  /** What the user calls it; unique among the recordings of a source. */
  name?: string;
  /** What the user says of it. */
  note?: string;
  /** Kept by retention until it is unpinned or deleted. */
  pinned?: true;
  /** Process that writes the recording while it runs. */
  owner?: RecordingOwner;
  /** Files of the log when it was last found to be as it was written; to notice that they are not any more. */
  segments?: SegmentFact[];
  /** Where the log is damaged, in words, the first places of many. What is whole is usable; it is never complete. */
  damage?: string[];
}

/** A segment of a log, as the file system tells of it. */
export interface SegmentFact {
  bytes: number;
  /** Last modification, ms since the epoch. */
  modifiedAt: number;
}

/** True for a recording whose elements are in Interactive Beam's coder, not in that of its source. */
export function isFromInteractiveBeam({ imported }: Recording): boolean {
  return imported?.format === 'interactive-beam';
}

/** Done as the author wanted it, and undamaged: the source ended, or a limit was reached. */
export function isComplete(recording: Recording): boolean {
  const { damage, endReason } = recording;
  return !damage && (endReason === 'source finished' || isLimit(endReason));
}
