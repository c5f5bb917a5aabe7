import lockfile from 'proper-lockfile';
import { checkLog } from './checkLog.js';
import type { LogContent } from './checkLog.js';
import { segmentFacts, writeIndexFile } from './logIndex.js';
import { damageText } from './readFrames.js';
import type { Recording, SegmentFact } from './recording.js';
import { isOwned, lockPath, logPath, readRecording, rewriteIndex } from './store.js';

/** So many places of damage are named. */
const namedDamages = 5;
/** Held by a process that renews it; one that was killed is noticed after this many ms. */
const staleLockMs = 10_000;

/**
 * Brings the index of a recording up to its log where they may disagree: when the process that wrote it is gone, or when
 * a file of the log is not as it was left. What the log holds counts. Answers the recording as it is if it is being
 * written, or unchanged. Of several processes that look at the same time, one does the work.
 */
export async function recoverRecording(store: string, recording: Recording): Promise<Recording> {
  if (!(await needsRecovery(store, recording))) return recording;
  const { id } = recording;
  let unlock: () => Promise<void>;
  try {
    unlock = await lockfile.lock(logPath(store, id), {
      lockfilePath: lockPath(store, id),
      realpath: false,
      stale: staleLockMs,
      retries: { forever: true, minTimeout: 20, maxTimeout: 500 },
      onCompromised: () => undefined,
    });
  } catch {
    // A store that cannot be written, or a recording that was deleted meanwhile.
    return recount(logPath(store, id), recording);
  }
  try {
    const present = await readRecording(store, id);
    if (!present || !(await needsRecovery(store, present))) return present ?? recording;
    const result = await recount(logPath(store, id), present);
    await rewriteIndex(store, result);
    return result;
  } finally {
    await unlock().catch(() => undefined);
  }
}

async function needsRecovery(store: string, recording: Recording): Promise<boolean> {
  if (isOwned(recording)) return false;
  if (recording.endedAt === undefined) return true;
  const present = await segmentFacts(logPath(store, recording.id)).catch(() => []);
  return !isSame(present, recording.segments ?? []);
}

function isSame(present: SegmentFact[], known: SegmentFact[]): boolean {
  return (
    present.length === known.length &&
    present.every(({ bytes, modifiedAt }, index) => {
      const before = known[index];
      return bytes === before?.bytes && modifiedAt === before.modifiedAt;
    })
  );
}

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
