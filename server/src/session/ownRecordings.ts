import type { PipelineSource } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import type { RecordingGroups } from './recordingGroups.js';
import { groupBy, nameOf, RecordingGroup, unlabelledHash } from './recordingGroups.js';

/** The recordings of each source, and of none. */
export interface OwnedRecordings {
  /** Of a source. */
  of(source: PipelineSource): RecordingGroup | undefined;
  /** Recordings of a source that is equal but for its label, if there is no doubt which; offered, not taken. */
  renamed(source: PipelineSource): Recording[];
  /** Recordings whose source is not in the text, neither as it was nor under another name. */
  orphans: RecordingGroup[];
}

/**
 * Finds out which recording is of which source: by pipeline and label. A recording whose pipeline and label the text has
 * no more belongs to the one source of the same signature (its pipeline variable was renamed); two that could be meant
 * are not guessed between. This runs at every edit: it looks up names and signatures, and walks over no recordings.
 */
export function ownRecordings(
  groups: RecordingGroups,
  sources: readonly PipelineSource[],
): OwnedRecordings {
  const sourcesByName = groupBy(sources, nameOf);
  const direct = new Map(
    sources.map((source) => {
      const own = groups.named(nameOf(source));
      return [source, own && ofNamesake(own, source, sourcesByName.get(nameOf(source)) ?? [])];
    }),
  );
  const strays = new Set([...groups.names].filter((name) => !sourcesByName.has(name)));
  const free = sources.filter((source) => !direct.get(source)?.usable.length);
  const moved = match(
    free,
    ({ signature }) => signature.hash,
    ({ signature }) => groups.ofSignature(signature).keys(),
    strays,
  );
  for (const name of moved.values()) strays.delete(name);
  const stillFree = free.filter((source) => !moved.has(source) && !direct.get(source));
  const renamed = match(
    strays.size === 0 ? [] : stillFree,
    ({ signature }) => unlabelledHash(signature),
    ({ signature }) => groups.ofUnlabelled(signature).keys(),
    strays,
  );
  for (const name of renamed.values()) strays.delete(name);
  return {
    of(source) {
      const from = moved.get(source);
      return from === undefined ? direct.get(source) : groups.merged(from, nameOf(source));
    },
    renamed(source) {
      const from = renamed.get(source);
      return from === undefined ? [] : (groups.ofUnlabelled(source.signature).get(from) ?? []);
    },
    orphans: [...strays].flatMap((name) => groups.named(name) ?? []),
  };
}

/** All recordings of the name that some have: also those of what the source was before. */
export function ofOneName(recordings: Recording[], some: Recording[] = []): Recording[] {
  const names = new Set(some.map(nameOf));
  return recordings.filter((recording) => names.has(nameOf(recording)));
}

/**
 * Sources of one label, in the branches of an `if`, are told apart by their signatures: what was
 * recorded of one says nothing of the other.
 */
function ofNamesake(
  own: RecordingGroup,
  { signature: { hash } }: PipelineSource,
  namesakes: readonly PipelineSource[],
): RecordingGroup | undefined {
  const others = new Set(namesakes.map(({ signature }) => signature.hash));
  others.delete(hash);
  if (others.size === 0) return own;
  const left = own.recordings.filter(({ signature }) => !others.has(signature?.hash ?? ''));
  return left.length > 0 ? new RecordingGroup(left) : undefined;
}

/**
 * Sources with the name of the recordings that fit them, where one source and one name fit each other and no others.
 * @param keyOf equal for sources that the same recordings fit
 * @param namesFor names of recordings that fit a source
 */
function match(
  sources: readonly PipelineSource[],
  keyOf: (source: PipelineSource) => string,
  namesFor: (source: PipelineSource) => Iterable<string>,
  strays: ReadonlySet<string>,
): Map<PipelineSource, string> {
  const matches = new Map<PipelineSource, string>();
  for (const [source, ...others] of groupBy(sources, keyOf).values()) {
    if (!source || others.length > 0) continue;
    const [name, ...more] = [...namesFor(source)].filter((one) => strays.has(one));
    if (name !== undefined && more.length === 0) matches.set(source, name);
  }
  return matches;
}
