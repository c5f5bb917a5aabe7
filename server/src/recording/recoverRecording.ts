import type { Recording, SegmentFact } from './recording.js';
import { segmentFacts } from './segments.js';
import { isOwned, lockPath, logPath, readRecording, rewriteIndex } from './store.js';

/** Held by a process that renews it; one that was killed is noticed after this many ms. */
const staleLockMs = 10_000;

/**
 * Brings the index of a recording up to its log where they may disagree: when the process that wrote it is gone, or when
 * a file of the log is not as it was left. What the log holds counts. Answers the recording as it is if it is being
 * written, or unchanged. Of several processes that look at the same time, one does the work.
 */
export function recoverRecording(store: string, recording: Recording): Promise<Recording> {
  return recountWhere(needsRecovery, store, recording);
}

/**
 * As {@link recoverRecording}, but the log is read whole though nothing tells that it changed: so a bit that a disk lost
 * is found, and the index says so from then on. A recording that is being written is left alone.
 */
export function verifyRecording(store: string, recording: Recording): Promise<Recording> {
  return recountWhere((_store, present) => Promise.resolve(!isOwned(present)), store, recording);
}

async function recountWhere(
  isNeeded: (store: string, recording: Recording) => Promise<boolean>,
  store: string,
  recording: Recording,
): Promise<Recording> {
  if (!(await isNeeded(store, recording))) return recording;
  // Rarely needed, and the code of protos is large.
  const [{ default: lockfile }, { recount }] = await Promise.all([
    import('proper-lockfile'),
    import('./recount.js'),
  ]);
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
    if (!present || !(await isNeeded(store, present))) return present ?? recording;
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
