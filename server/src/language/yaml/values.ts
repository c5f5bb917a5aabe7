import {
  valueOfScalar,
  type Placed,
  type Relative,
  type YamlMap,
  type YamlScalar,
  type YamlSequence,
} from './nodes.js';

/** An entry of a mapping whose value is what an alias or a merge key stands for. */
export interface Entry {
  name: string;
  key: Placed;
  /** Absent when nothing is written after the colon. */
  value: Placed | undefined;
}

const MAX_DEPTH = 64;

/** Reads the nodes of one document, with its anchors. */
export class Values {
  private anchors: Map<string, Placed[]> | undefined;
  /** Aliases in aliases multiply: what remains until no more are followed. */
  private aliases = 20_000;

  constructor(private readonly document: Placed) {}

  /** What an alias stands for; the node itself when it is none. Undefined when there is no such anchor. */
  resolve(placed: Placed | undefined, depth = 0): Placed | undefined {
    if (placed?.node.kind !== 'alias') return placed;
    if (depth > MAX_DEPTH || --this.aliases < 0) return undefined;
    if (!this.anchors) {
      this.anchors = new Map();
      collectAnchors(this.anchors, this.document, 0);
    }
    const { name } = placed.node;
    // The last one before the alias.
    const target = this.anchors.get(name)?.findLast(({ start }) => start < placed.start);
    return this.resolve(target, depth + 1);
  }

  map(placed: Placed | undefined): Placed<YamlMap> | undefined {
    const resolved = this.resolve(placed);
    return resolved?.node.kind === 'map'
      ? { node: resolved.node, start: resolved.start }
      : undefined;
  }

  sequence(placed: Placed | undefined): Placed<YamlSequence> | undefined {
    const resolved = this.resolve(placed);
    return resolved?.node.kind === 'sequence'
      ? { node: resolved.node, start: resolved.start }
      : undefined;
  }

  scalar(placed: Placed | undefined): YamlScalar | undefined {
    const resolved = this.resolve(placed);
    return resolved?.node.kind === 'scalar' ? resolved.node : undefined;
  }

  /** The text of a scalar that is not null. */
  text(placed: Placed | undefined): string | undefined {
    const scalar = this.scalar(placed);
    return scalar && scalar.type !== 'null' ? scalar.text : undefined;
  }

  items(placed: Placed | undefined): Placed[] {
    const sequence = this.sequence(placed);
    return sequence?.node.items.map(({ node, at }) => ({ node, start: sequence.start + at })) ?? [];
  }

  /** Entries of a mapping, merge keys expanded; of two with one name the last, as PyYAML has it. */
  entries(placed: Placed | undefined, depth = 0): Entry[] {
    const map = this.map(placed);
    if (!map || depth > MAX_DEPTH) return [];
    const own = new Map<string, Entry>();
    const merged = new Map<string, Entry>();
    for (const { key, value } of map.node.entries) {
      const placedKey = { node: key.node, start: map.start + key.at };
      const placedValue = value && { node: value.node, start: map.start + value.at };
      const name = this.text(placedKey) ?? '';
      if (name === '<<') {
        const sources = this.sequence(placedValue) ? this.items(placedValue) : [placedValue];
        for (const source of sources)
          for (const entry of this.entries(source, depth + 1))
            if (!merged.has(entry.name)) merged.set(entry.name, entry);
      } else {
        own.delete(name);
        own.set(name, { name, key: placedKey, value: placedValue });
      }
    }
    for (const [name, entry] of merged) if (!own.has(name)) own.set(name, entry);
    return [...own.values()];
  }

  get(placed: Placed | undefined, name: string): Placed | undefined {
    return this.entries(placed).find((entry) => entry.name === name)?.value;
  }

  /** The value as JSON has it. A template's is its text. */
  plain(placed: Placed | undefined, depth = 0): unknown {
    const resolved = this.resolve(placed);
    if (!resolved || depth > MAX_DEPTH) return null;
    switch (resolved.node.kind) {
      case 'scalar':
        return valueOfScalar(resolved.node);
      case 'sequence':
        return this.items(resolved).map((item) => this.plain(item, depth + 1));
      case 'map':
        return Object.fromEntries(
          this.entries(resolved).map(({ name, value }) => [name, this.plain(value, depth + 1)]),
        );
      case 'alias':
        return null;
    }
  }
}

function collectAnchors(anchors: Map<string, Placed[]>, placed: Placed, depth: number): void {
  const { node, start } = placed;
  if (node.anchor) anchors.set(node.anchor, [...(anchors.get(node.anchor) ?? []), placed]);
  if (depth > MAX_DEPTH) return;
  const child = ({ node: inner, at }: Relative): void => {
    collectAnchors(anchors, { node: inner, start: start + at }, depth + 1);
  };
  if (node.kind === 'sequence') node.items.forEach(child);
  else if (node.kind === 'map') {
    for (const { key, value } of node.entries) {
      child(key);
      if (value) child(value);
    }
  }
}
