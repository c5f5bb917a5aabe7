import { makeSignature } from '../language/signature.js';
import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { isUsable } from './usable.js';

/** The recordings of each source, and of none. */
export interface OwnedRecordings {
  /** Of a source, oldest first. */
  of(source: PipelineSource): Recording[];
  /** Recordings of a source that is equal but for its label, if there is no doubt which; offered, not taken. */
  renamed(source: PipelineSource): Recording[];
  /** Recordings whose source is not in the text, neither as it was nor under another name. */
  orphans: Recording[];
}

/**
 * Finds out which recording is of which source: by pipeline and label. A recording whose pipeline and label the text has
 * no more belongs to the one source of the same signature (its pipeline variable was renamed); two that could be meant
 * are not guessed between.
 */
export function ownRecordings(recordings: Recording[], sources: PipelineSource[]): OwnedRecordings {
  // Looked up by name: this runs at every edit, and sources times recordings would be felt.
  const recordingsByName = byName(recordings);
  const sourcesByName = byName(sources);
  const direct = new Map(
    sources.map((source) => {
      const namesakes = sourcesByName.get(nameOf(source)) ?? [];
      const named = recordingsByName.get(nameOf(source)) ?? [];
      return [source, named.filter((recording) => belongsTo(recording, source, namesakes))];
    }),
  );
  const strays = recordings.filter((recording) => !sourcesByName.has(nameOf(recording)));
  const free = sources.filter((source) => !direct.get(source)?.some(isUsable));
  const moved = match(free, strays, isOfSignature);
  const movedAlong = (source: PipelineSource) => ofOneName(strays, moved.get(source));
  const left = strays.filter(
    (stray) => ![...moved.keys()].some((to) => movedAlong(to).includes(stray)),
  );
  const stillFree = free.filter((source) => !moved.has(source) && !direct.get(source)?.length);
  const renamed = match(stillFree, left, isRenamed);
  return {
    of: (source) =>
      [...movedAlong(source), ...(direct.get(source) ?? [])].sort(
        (a, b) => a.startedAt - b.startedAt,
      ),
    renamed: (source) => renamed.get(source) ?? [],
    orphans: left.filter(
      (stray) => ![...renamed.values()].some((own) => ofOneName(left, own).includes(stray)),
    ),
  };
}

/** All recordings of the name that some have: also those of what the source was before. */
export function ofOneName(recordings: Recording[], some: Recording[] = []): Recording[] {
  return recordings.filter(({ pipeline, label }) =>
    some.some((one) => one.pipeline === pipeline && one.label === label),
  );
}

function byName<T extends { pipeline: string; label: string }>(items: T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(nameOf(item));
    if (group) group.push(item);
    else groups.set(nameOf(item), [item]);
  }
  return groups;
}

function nameOf({ pipeline, label }: { pipeline: string; label: string }): string {
  return `${pipeline}\n${label}`;
}

/**
 * Sources of one label, in the branches of an `if`, are told apart by their signatures: what was
 * recorded of one says nothing of the other.
 */
function belongsTo(
  recording: Recording,
  source: PipelineSource,
  namesakes: PipelineSource[],
): boolean {
  const { hash } = recording.signature ?? {};
  const ofOneOfThem = namesakes.some(({ signature }) => signature.hash === hash);
  return !ofOneOfThem || source.signature.hash === hash;
}

/** Sources with the recordings that fit them, where one source and recordings of one name fit each other and no others. */
function match(
  sources: PipelineSource[],
  strays: Recording[],
  fits: (recording: Recording, source: PipelineSource) => boolean,
): Map<PipelineSource, Recording[]> {
  const matches = new Map<PipelineSource, Recording[]>();
  for (const source of sources) {
    const fitting = strays.filter((stray) => isUsable(stray) && fits(stray, source));
    const [first] = fitting;
    if (!first) continue;
    const isOneName = fitting.every(
      ({ pipeline, label }) => pipeline === first.pipeline && label === first.label,
    );
    const isOneSource = sources.filter((other) => fits(first, other)).length === 1;
    if (isOneName && isOneSource) matches.set(source, fitting);
  }
  return matches;
}

function isOfSignature({ signature }: Recording, source: PipelineSource): boolean {
  return signature?.hash === source.signature.hash;
}

function isRenamed({ signature }: Recording, source: PipelineSource): boolean {
  if (signature?.version !== source.signature.version) return false;
  return makeSignature({ ...signature, label: source.label }).hash === source.signature.hash;
}
