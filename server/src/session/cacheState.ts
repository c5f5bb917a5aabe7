import path from 'node:path';
import { isRecordable } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { isComplete } from '../recording/recording.js';
import type { RedactionRule } from '../recording/redaction/rules.js';
import { isRedactedEnough } from '../recording/redaction/rules.js';
import type { SourceStatus } from './sourceStatus.js';
import { recordingsOf, sourceStatuses } from './statusOfFile.js';

/** Where the recordings of a user-defined pipeline are: of all pipelines of a file, or of one of them. */
export interface PipelineId {
  /** Folder of the recordings. */
  store: string;
  /** Absolute path of the pipeline file. */
  file: string;
  /** See {@link PipelineSource.pipeline}; all of the file's when absent. */
  pipeline?: string;
}

/** A user-defined pipeline as its author sees it now. */
export interface UserPipeline extends PipelineId {
  /** What analysis finds in the file. */
  sources: PipelineSource[];
}

/**
 * Determines if a background source recording job has to be started: there is a source to record, no job records
 * the file, and of one source there is no recording that is still valid. Unlike Interactive Beam's, it changes nothing.
 * @param enableRecordingReplay false: what is recorded is not replayed, so every run needs a job
 * @param redact what a job would redact: a recording that was made by other rules is not what it would make
 */
export async function isBackgroundCachingJobNeeded(
  userPipeline: UserPipeline,
  {
    enableRecordingReplay = true,
    redact = [],
  }: { enableRecordingReplay?: boolean; redact?: RedactionRule[] } = {},
): Promise<boolean> {
  const { store, file, sources } = userPipeline;
  // A bounded source that was recorded all the same is listed, too.
  const statuses = (await sourceStatuses(store, file, sources)).filter(
    ({ source }) => source && isOfPipeline(source, userPipeline),
  );
  if (statuses.length === 0 && !hasSourceToCache(userPipeline)) return false;
  if (statuses.some(({ state }) => state === 'recording')) return false;
  const isEnough = ({ state, recording }: SourceStatus): boolean =>
    state === 'valid' && (!recording || isRedactedEnough(recording, redact));
  return !enableRecordingReplay || !statuses.every(isEnough);
}

/**
 * True if the recording of a pipeline is done successfully: no job records it, and the last recording of each of its
 * sources was ended by its source or by a limit.
 */
export async function isCacheComplete(pipelineId: PipelineId): Promise<boolean> {
  const latest = new Map<string, Recording>();
  for (const recording of await recordingsOfPipeline(pipelineId)) {
    const { pipeline, label, output } = recording;
    latest.set(JSON.stringify([pipeline, label, output]), recording);
  }
  return latest.size > 0 && [...latest.values()].every(isComplete);
}

/** Determines if a user-defined pipeline contains any source that needs to be recorded. */
export function hasSourceToCache(userPipeline: UserPipeline): boolean {
  return userPipeline.sources.some(
    (source) => isRecordable(source) && isOfPipeline(source, userPipeline),
  );
}

/** Signatures of the sources of files, as they were when last looked at. */
const cachedSourceSignatures = new Map<string, string[]>();

/**
 * Determines if there is any change in the sources that need to be recorded: one was added, deleted or mutated since
 * the last call that updated; before the first one, since the recordings of the store were made.
 * @param updateCachedSourceSignature the present sources are what the next call compares with
 */
export async function isSourceToCacheChanged(
  userPipeline: UserPipeline,
  { updateCachedSourceSignature = true } = {},
): Promise<boolean> {
  const key = keyOf(userPipeline);
  const current = userPipeline.sources
    .filter((source) => isRecordable(source) && isOfPipeline(source, userPipeline))
    .map(({ signature }) => signature.hash);
  const cached = cachedSourceSignatures.get(key) ?? (await recordedSignatures(userPipeline));
  if (updateCachedSourceSignature) cachedSourceSignatures.set(key, current);
  const isIn = (some: string[], all: string[]) => some.every((hash) => all.includes(hash));
  return !isIn(current, cached) || !isIn(cached, current);
}

async function recordedSignatures(userPipeline: UserPipeline): Promise<string[]> {
  return (await sourceStatuses(userPipeline.store, userPipeline.file, userPipeline.sources))
    .filter(({ source, recording }) => isOfPipeline(source ?? recording, userPipeline))
    .flatMap(({ recording }) => recording?.signature?.hash ?? []);
}

/** Recordings of a user-defined pipeline, oldest first. */
export async function recordingsOfPipeline(id: PipelineId): Promise<Recording[]> {
  return (await recordingsOf(id.store, id.file)).filter((recording) => isOfPipeline(recording, id));
}

function isOfPipeline(
  of: Pick<PipelineSource, 'pipeline'> | undefined,
  { pipeline }: PipelineId,
): boolean {
  return pipeline === undefined || of?.pipeline === pipeline;
}

/** Tells one user-defined pipeline from all others. */
export function keyOf({ store, file, pipeline = '' }: PipelineId): string {
  return JSON.stringify([path.resolve(store), file, pipeline]);
}
