import { checkLog } from './checkLog.js';
import type { LogContent } from './checkLog.js';
import { writeIndexFile } from './logIndex.js';
import { damageText } from './readFrames.js';
import type { Recording } from './recording.js';
import { segmentFacts } from './segments.js';

/** So many places of damage are named. */
const namedDamages = 5;

/** A recording as its log, read whole, tells of it. Why it ended stays as it is if the log does not say. */
export async function recount(folder: string, recording: Recording): Promise<Recording> {
  const { owner: _gone, minTimestamp: _min, maxTimestamp: _max, damage: _d, ...facts } = recording;
  try {
    const segments = await segmentFacts(folder);
    const content = await checkLog(folder);
    await writeIndexFile(folder, recording.id, content.entries).catch(() => undefined);
    const { minTimestamp, maxTimestamp, watermark } = content;
    const reason = content.end?.reason ?? recording.endReason ?? 'interrupted';
    const message = content.end?.message ?? recording.message;
    const damage = damageOf(content, recording);
    return {
      ...facts,
      elements: content.elements,
      dataBytes: content.dataBytes,
      bytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(minTimestamp !== undefined && { minTimestamp }),
      ...(maxTimestamp !== undefined && { maxTimestamp }),
      ...(watermark !== undefined && { watermark }),
      endedAt: recording.endedAt ?? content.lastArrival ?? recording.startedAt,
      endReason: reason,
      ...(message && { message }),
      segments,
      ...(damage && { damage }),
    };
  } catch (error) {
    const message = `Its log cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return {
      ...facts,
      elements: 0,
      bytes: 0,
      endedAt: recording.endedAt ?? recording.startedAt,
      endReason: 'failed',
      message,
      segments: [],
      damage: [message],
    };
  }
}

/** What is damaged, in words. What a writer that died left unfinished is none: it was never acknowledged. */
function damageOf({ damages, end }: LogContent, recording: Recording): string[] | undefined {
  const { endReason } = recording;
  const wasEnded = endReason !== undefined && !['interrupted', 'write failure'].includes(endReason);
  const real = damages.filter(({ isTail }) => !isTail || wasEnded || end).map(damageText);
  if (wasEnded && !end && real.length === 0) real.push('its end is missing');
  if (real.length === 0) return undefined;
  if (real.length <= namedDamages) return real;
  return [...real.slice(0, namedDamages), `and ${real.length - namedDamages} more places`];
}
