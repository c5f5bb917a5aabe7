import { formatCount, formatDuration, formatSize } from '../recording/parseLimits.js';
import type { SourceSignature } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import type { RecordingProgress } from '../session/session.js';
import type { SourceStatus } from '../session/sourceStatus.js';

/** The state of a source's recording in words, as lenses and the status bar show it. */
export function statusText({ state, reason, recording }: SourceStatus): string {
  switch (state) {
    case 'none':
      return 'Not recorded';
    case 'recording':
      return 'Recording…';
    case 'valid':
      return recording ? amountText(recording) : 'Recorded';
    case 'stale':
      return `Stale: ${reason ?? 'the source changed'}`;
    case 'damaged':
      return `Damaged: ${reason ?? 'its log is not as it was written'}`;
    case 'removed':
      return 'No longer in the file';
    case 'failed':
      return `Recording failed${reason === undefined ? '' : `: ${firstLine(reason)}`}`;
  }
}

/** A runner's message may be a whole stack trace; the log has it. */
function firstLine(text: string): string {
  const line = text.trim().split('\n', 1)[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** What a recording holds and how long it took: `1,240 elements · 1m`. */
export function amountText({ elements, startedAt, endedAt }: Recording): string {
  const amount = elementsText(elements);
  return endedAt === undefined ? amount : `${amount} · ${formatDuration(endedAt - startedAt)}`;
}

/** `1,240 elements`. */
export function elementsText(elements: number): string {
  return `${formatCount(elements)} ${elements === 1 ? 'element' : 'elements'}`;
}

/**
 * Progress against its limits: `1,240 of 10,000 elements · 1.2 MB of 1 GB · 12s of 1m`. Elements and bytes are
 * limited per recording, so the sums of several stand alone.
 */
export function progressText(
  progress: Pick<RecordingProgress, 'elements' | 'bytes' | 'elapsedMs' | 'limits'>,
  recordings: number,
): string {
  const { elements, bytes, elapsedMs, limits } = progress;
  const isSum = recordings > 1;
  return [
    isSum || !Number.isFinite(limits.maxElements)
      ? elementsText(elements)
      : `${formatCount(elements)} of ${elementsText(limits.maxElements)}`,
    isSum ? formatSize(bytes) : `${formatSize(bytes)} of ${formatSize(limits.maxBytes)}`,
    `${formatDuration(elapsedMs)} of ${formatDuration(limits.durationMs)}`,
  ].join(' · ');
}

/** A source in one line, by its signature: `PeriodicImpulse(fire_interval=0.05)`. */
export function signatureText({ transform, arguments: args }: SourceSignature): string {
  const name = transform.slice(transform.lastIndexOf('.') + 1);
  const text = Object.entries(args).map(([key, value]) => `${key}=${value}`);
  const whole = `${name}(${text.join(', ').replace(/\s+/g, ' ')})`;
  return whole.length > 200 ? `${whole.slice(0, 199)}…` : whole;
}
