import { makeSignature } from '../language/signature.js';
import type { SourceSignature } from '../language/source.js';
import type { Recording } from '../recording/recording.js';
import { isUsable } from './usable.js';

/** What a recording and its source have in common, unless one of them was renamed. */
export interface Named {
  pipeline: string;
  label: string;
}

/** The key of a pipeline and a label. */
export function nameOf({ pipeline, label }: Named): string {
  return `${pipeline}\n${label}`;
}

/** The recordings of one pipeline and label, with what an edit asks of them. Oldest first. */
export class RecordingGroup {
  readonly usable: readonly Recording[];
  /** Those of which something is worth telling though no source is theirs; whether one has an owner changes by itself. */
  readonly notable: readonly Recording[];
  /** Of each signature, the usable recording that stands for it. */
  private readonly bestByHash = new Map<string, Recording>();
  private readonly acceptedByHash = new Map<string, Recording>();
  private readonly damagedByHash = new Map<string, Recording>();

  constructor(readonly recordings: readonly Recording[]) {
    this.usable = recordings.filter(isUsable);
    this.notable = recordings.filter((one) => isUsable(one) || one.endedAt === undefined);
    for (const recording of this.usable) {
      const { signature, acceptedSignature } = recording;
      if (acceptedSignature !== undefined) this.acceptedByHash.set(acceptedSignature, recording);
      if (!signature) continue;
      const best = this.bestByHash.get(signature.hash);
      if (!best || isCutOff(best) || !isCutOff(recording))
        this.bestByHash.set(signature.hash, recording);
    }
    for (const recording of recordings) {
      const { damage, elements, signature } = recording;
      if (damage && elements > 0 && signature) this.damagedByHash.set(signature.hash, recording);
    }
  }

  get latest(): Recording | undefined {
    return this.recordings.at(-1);
  }

  /**
   * The recording that stands for a source of a signature: of those of that signature, one that was not cut off, then
   * the latest.
   */
  best(hash: string): Recording | undefined {
    return this.bestByHash.get(hash) ?? this.acceptedByHash.get(hash) ?? this.usable.at(-1);
  }

  /** The latest recording of a signature that would be usable but for its log. */
  damaged(hash: string): Recording | undefined {
    return this.damagedByHash.get(hash);
  }
}

/** Rather one that was not cut off, then the latest. */
export function bestOf(recordings: readonly Recording[]): Recording | undefined {
  return recordings.findLast((one) => !isCutOff(one)) ?? recordings.at(-1);
}

function isCutOff({ endReason }: Recording): boolean {
  return endReason === 'interrupted';
}

/** The recordings of a file, grouped when they are read: an edit looks up its own, however many there are. */
export class RecordingGroups {
  private readonly byName: ReadonlyMap<string, RecordingGroup>;
  private readonly mergedByNames = new Map<string, RecordingGroup>();
  private hashes: Index | undefined;
  private unlabelled: Index | undefined;

  /** @param recordings oldest first */
  constructor(recordings: readonly Recording[]) {
    this.byName = new Map(
      [...groupBy(recordings, nameOf)].map(([name, own]) => [name, new RecordingGroup(own)]),
    );
  }

  get names(): Iterable<string> {
    return this.byName.keys();
  }

  named(name: string): RecordingGroup | undefined {
    return this.byName.get(name);
  }

  /** The recordings of two names, as if they had one. */
  merged(name: string, other: string): RecordingGroup | undefined {
    const [one, two] = [this.byName.get(name), this.byName.get(other)];
    if (!one || !two) return one ?? two;
    const key = `${name}\n${other}`;
    const known = this.mergedByNames.get(key);
    if (known) return known;
    const both = [...one.recordings, ...two.recordings];
    const merged = new RecordingGroup(both.sort((a, b) => a.startedAt - b.startedAt));
    this.mergedByNames.set(key, merged);
    return merged;
  }

  /** Usable recordings of a signature, by their names. */
  ofSignature({ hash }: SourceSignature): ReadonlyMap<string, Recording[]> {
    this.hashes ??= this.index((signature) => signature.hash);
    return this.hashes.get(hash) ?? new Map();
  }

  /** Usable recordings of a signature that may differ in the label, by their names. */
  ofUnlabelled(signature: SourceSignature): ReadonlyMap<string, Recording[]> {
    this.unlabelled ??= this.index(unlabelledHash);
    return this.unlabelled.get(unlabelledHash(signature)) ?? new Map();
  }

  private index(keyOf: (signature: SourceSignature) => string): Index {
    const index = new Map<string, Map<string, Recording[]>>();
    for (const [name, { usable }] of this.byName) {
      const own = groupBy(usable, ({ signature }) => signature && keyOf(signature));
      for (const [key, recordings] of own) {
        const names = index.get(key) ?? new Map<string, Recording[]>();
        index.set(key, names.set(name, recordings));
      }
    }
    return index;
  }
}

/** By key, then by name. */
type Index = ReadonlyMap<string, ReadonlyMap<string, Recording[]>>;

/** Equal for signatures that differ in nothing but the label. */
export function unlabelledHash(signature: SourceSignature): string {
  return `${signature.version} ${makeSignature({ ...signature, label: '' }).hash}`;
}

/** Items that have a key, by it, in their order. */
export function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string | undefined,
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
