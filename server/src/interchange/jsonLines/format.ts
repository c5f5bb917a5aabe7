import type { EndReason, RecordingLimits } from '../../recording/recording.js';

/** Value of `format` in the header line; a reader refuses any other. */
export const formatVersion = 'beam-rewind-jsonl/1';

/** Integers beyond ±2^53 are their digits. */
export type JsonInteger = number | string;

/** First line: whose elements follow, and in which coder. Of a file that is imported, the last four members count. */
export interface HeaderLine {
  kind: 'header';
  pipeline: string;
  label: string;
  uniqueName: string;
  output?: string;
  limits: RecordingLimits;
  /** For people: the coder's URN tree. */
  coder: string;
  recordingId: string;
  /** Processing time, µs since the epoch. */
  startedMicros: number;
  coderId: string;
  /** Payloads are base64. */
  coders: Record<string, { urn: string; payload?: string; components?: string[] }>;
  format: string;
}

export interface ElementLine {
  kind: 'element';
  /** Elements of one number that follow each other arrived in one bundle. */
  bundle: number;
  arrivalMicros: number;
  timestampMillis: JsonInteger;
  /** Absent for an element that no trigger fired. */
  pane?: unknown;
  value?: unknown;
  /** Base64 of the encoded element, where `value` does not say all. */
  bytes?: string;
}

export interface WatermarkLine {
  kind: 'watermark';
  arrivalMicros: number;
  watermarkMillis: JsonInteger;
}

/** Last line. */
export interface EndLine {
  kind: 'end';
  arrivalMicros: number;
  reason: EndReason;
  message?: string;
}

export type JsonLine = HeaderLine | ElementLine | WatermarkLine | EndLine;
