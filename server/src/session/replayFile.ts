import path from 'node:path';
import { JobState_Enum as State } from '../beam/proto/beam/job_pb.js';
import { analyzeText } from '../language/language.js';
import { markRecordable } from '../language/recordable.js';
import { lastError } from './lastError.js';
import { planReplay } from './planReplay.js';
import { runProgram } from './runProgram.js';
import { namedRecordings, storedRecordings } from './recordings.js';
import type { ReplayOptions, ReplayOutcome } from './session.js';
import type { SourceStatus } from './sourceStatus.js';
import { isReplayable } from './sourceStatus.js';
import { sourceStatuses } from './statusOfFile.js';
import { isReadable } from './usable.js';

/**
 * Replays a file: runs the program, and each pipeline it submits reads its recordings instead of its
 * sources. The program's output passes through.
 */
export async function replayFile(options: ReplayOptions): Promise<ReplayOutcome> {
  const file = path.resolve(options.file);
  const analysis = await analyzeText(file, options.text, options.args);
  const sources = markRecordable(analysis.sources, options.recordableSources ?? []);
  const refusal = options.recordings?.length
    ? await unknownName(options.store, file, options.recordings)
    : refusalOf(await sourceStatuses(options.store, file, sources));
  if (refusal) return { kind: 'failed', message: refusal };

  let planFailure: string | undefined;
  let replayed = 0;
  try {
    const run = await runProgram({ ...options, file }, async (pipeline, _job, workers, runner) => {
      try {
        const plan = await planReplay({ ...options, file }, sources, pipeline, workers, runner);
        replayed += plan.replays;
        return plan;
      } catch (error) {
        planFailure = error instanceof Error ? error.message : String(error);
        throw error;
      }
    });
    if (options.signal.aborted) return { kind: 'cancelled' };
    if (planFailure) return { kind: 'failed', message: planFailure };
    const failed = run.jobs.find(({ job }) => job.state === State.FAILED);
    if (failed) {
      return { kind: 'failed', message: failed.job.messages.at(-1)?.messageText ?? lastError(run) };
    }
    if (run.exitCode === 0 && replayed === 0) {
      const message = 'The program ended without running a pipeline that has a recorded source.';
      return { kind: 'failed', message };
    }
    return { kind: 'replayed', exitCode: run.exitCode ?? 1 };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** Why the recordings that the user named cannot be replayed. */
async function unknownName(
  store: string,
  file: string,
  names: string[],
): Promise<string | undefined> {
  const recordings = (await storedRecordings(store, file)).filter(isReadable);
  const unknown = names.find((name) => namedRecordings(recordings, name).length === 0);
  if (unknown === undefined) return undefined;
  const known = recordings.map(({ id, name }) => name ?? id).join(', ');
  return `There is no recording "${unknown}" with elements of this file. There are: ${known || 'none'}.`;
}

/** What to do instead, when nothing of the file can be replayed. */
function refusalOf(statuses: SourceStatus[]): string | undefined {
  const usable = statuses.filter(({ state }) => state !== 'removed');
  if (usable.some(isReplayable)) return undefined;
  const stale = usable.find(({ state }) => state === 'stale');
  if (stale) {
    return `The recording of "${stale.label}" is stale (${stale.reason ?? ''}). Record its sources again.`;
  }
  const failed = usable.find(({ state, recording }) => state === 'failed' && recording?.elements);
  if (failed?.recording) {
    const { id, name, elements } = failed.recording;
    return `The recording of "${failed.label}" failed after ${elements} elements (${failed.reason ?? ''}). Record its sources again, or replay what there is by its name: ${name ?? id}.`;
  }
  return 'Nothing is recorded for this file. Record its sources first.';
}
