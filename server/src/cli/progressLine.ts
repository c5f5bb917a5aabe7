import cliTruncate from 'cli-truncate';
import stringWidth from 'string-width';
import {
  formatCount,
  formatDuration,
  formatSize,
  hasElementsLimit,
} from '../recording/parseLimits.js';
import type { RecordingProgress } from '../session/session.js';
import type { Paint } from './terminal.js';

const narrowestBar = 10;
const widestBar = 40;

/** The line that is redrawn while recording, narrower than `width` columns. */
export function progressLine(progress: RecordingProgress, width: number, paint: Paint): string {
  const fraction = progressFraction(progress);
  const percent = `${Math.floor(fraction * 100)}%`.padStart(4);
  // The last column stays free: a terminal may begin a new line once it is written.
  const room = width - 1;
  // The bar's width depends on the terminal alone: it does not jump when the amounts grow.
  const barWidth = Math.min(widestBar, Math.floor(room / 3));
  for (const amounts of [amountsOfLimits(progress), amountsAlone(progress)]) {
    const text = `${percent}  ${amounts.join('  ')}`;
    if (barWidth >= narrowestBar && barWidth + 1 + stringWidth(text) <= room)
      return `${progressBar(fraction, barWidth, paint)} ${text}`;
  }
  return cliTruncate(`${percent.trimStart()}  ${amountsAlone(progress).join('  ')}`, room);
}

/** The same for a file or a pipe. */
export function progressText(progress: RecordingProgress): string {
  return `recording: ${amountsOfLimits(progress).join(', ')}`;
}

/** How near the nearest limit is, 0 to 1. The limits of elements and bytes are those of each source. */
export function progressFraction({ elapsedMs, limits, sources }: RecordingProgress): number {
  const fractions = sources.flatMap(({ elements, bytes }) => [
    elements / limits.maxElements,
    bytes / limits.maxBytes,
  ]);
  return Math.min(1, Math.max(elapsedMs / limits.durationMs, ...fractions));
}

function progressBar(fraction: number, width: number, paint: Paint): string {
  const done = Math.floor(fraction * width);
  return paint('cyan', '━'.repeat(done)) + paint('dim', '╌'.repeat(width - done));
}

function amountsOfLimits({ elements, bytes, elapsedMs, limits, sources }: RecordingProgress) {
  const times = sources.length > 1 ? `${sources.length} × ` : '';
  return [
    hasElementsLimit(limits)
      ? `${formatCount(elements)} of ${times}${formatCount(limits.maxElements)} elements`
      : elementsText(elements),
    `${formatSize(bytes)} of ${times}${formatSize(limits.maxBytes)}`,
    `${elapsedText(elapsedMs)} of ${formatDuration(limits.durationMs)}`,
  ];
}

function amountsAlone({ elements, bytes, elapsedMs }: RecordingProgress): string[] {
  return [elementsText(elements), formatSize(bytes), elapsedText(elapsedMs)];
}

function elementsText(elements: number): string {
  return `${formatCount(elements)} ${elements === 1 ? 'element' : 'elements'}`;
}

/** Whole seconds: tenths would only flicker. */
function elapsedText(elapsedMs: number): string {
  return elapsedMs < 1000 ? '0s' : formatDuration(Math.floor(elapsedMs / 1000) * 1000);
}
