import type { EndReason, ImportOrigin, Recording } from '../recording/recording.js';
import type { Redaction } from '../recording/redaction/rules.js';
import type { SourceState, SourceStatus } from '../session/sourceStatus.js';
import { lineOf } from './pipelineFile.js';

/** A source and its recording as every verb writes it with `--json`; docs/cli.md documents it. */
export interface SourceJson {
  pipeline: string;
  label: string;
  state: SourceState;
  reason: string | undefined;
  /** One-based; absent if the source is not in the text. */
  line: number | undefined;
  recording: RecordingJson | undefined;
}

/** Times are ms since the epoch: event time for timestamps, processing time for the rest. */
export interface RecordingJson {
  id: string;
  /** Tag of the output, for a source with several unbounded ones. */
  output: string | undefined;
  elements: number;
  bytes: number;
  minTimestamp: number | undefined;
  maxTimestamp: number | undefined;
  startedAt: number;
  endedAt: number | undefined;
  endReason: EndReason | undefined;
  name: string | undefined;
  note: string | undefined;
  pinned: true | undefined;
  imported: ImportOrigin | undefined;
  /** By which rules it was redacted. */
  redaction: Redaction | undefined;
  /** Where its log is damaged, in words. */
  damage: string[] | undefined;
}

export function sourceJson(status: SourceStatus): SourceJson {
  const { pipeline, label, state, reason, source, recording } = status;
  return {
    pipeline,
    label,
    state,
    reason,
    line: source && lineOf(source.range),
    recording: recording && recordingJson(recording),
  };
}

export function recordingJson(recording: Recording): RecordingJson {
  return {
    id: recording.id,
    output: recording.output,
    elements: recording.elements,
    bytes: recording.bytes,
    minTimestamp: recording.minTimestamp,
    maxTimestamp: recording.maxTimestamp,
    startedAt: recording.startedAt,
    endedAt: recording.endedAt,
    endReason: recording.endReason,
    name: recording.name,
    note: recording.note,
    pinned: recording.pinned,
    imported: recording.imported,
    redaction: recording.redaction,
    damage: recording.damage,
  };
}

/** A document of JSON on one line. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value) + '\n';
}
