import { layOut, type KeyAndValue, type Layout, type Piece } from './layout.js';
import {
  parseYaml,
  type ParsedText,
  type Placed,
  type YamlEntry,
  type YamlMap,
  type YamlSequence,
} from './nodes.js';

/** The documents of a text as trees, from pieces that are parsed once for each text they have had. */
export interface YamlTree {
  documents: Placed[];
  errors: { start: number; end: number }[];
}

/** Parses texts that follow one another, keeping what stays the same. */
export class TreeReader {
  private parsed = new Map<string, ParsedText>();

  /** @param text free of templates, with no line break but LF and CRLF */
  read(text: string): YamlTree {
    const before = this.parsed;
    const kept = new Map<string, ParsedText>();
    const parse = (source: string): ParsedText => {
      const parsed = kept.get(source) ?? before.get(source) ?? parseYaml(source);
      kept.set(source, parsed);
      return parsed;
    };
    const tree: YamlTree = { documents: [], errors: [] };
    for (const layout of layOut(text)) {
      const document = assemble(layout, parse, tree.errors);
      if (document) tree.documents.push(document);
    }
    this.parsed = kept;
    return tree;
  }
}

type Parse = (text: string) => ParsedText;
type Errors = YamlTree['errors'];

function assemble(layout: Layout, parse: Parse, errors: Errors): Placed | undefined {
  switch (layout.kind) {
    case 'piece':
      return place(layout, parse, errors);
    case 'items': {
      const { start } = layout;
      const node: YamlSequence = { kind: 'sequence', items: [], width: 0 };
      for (const part of layout.parts) {
        const parsed = place(part, parse, errors);
        if (!parsed) continue;
        if (parsed.node.kind === 'sequence') {
          const base = parsed.start - start;
          for (const item of parsed.node.items)
            node.items.push({ node: item.node, at: base + item.at });
        }
        node.width = endOf(parsed) - start;
      }
      return { node, start };
    }
    case 'entries': {
      const { start } = layout;
      const node: YamlMap = { kind: 'map', entries: [], width: 0 };
      for (const part of layout.parts) {
        const end = part.kind === 'piece' ? addPiece(part) : addKeyAndValue(part);
        node.width = Math.max(node.width, end - start);
      }
      return { node, start };

      function addPiece(part: Piece): number {
        const parsed = place(part, parse, errors);
        if (!parsed) return start;
        if (parsed.node.kind === 'map') {
          const base = parsed.start - start;
          for (const entry of parsed.node.entries) node.entries.push(moved(entry, base));
        }
        return endOf(parsed);
      }

      function addKeyAndValue(part: KeyAndValue): number {
        const key = place(part.key, parse, errors);
        if (key?.node.kind !== 'map') return start;
        const [entry] = key.node.entries;
        if (!entry) return start;
        const value = assemble(part.value, parse, errors);
        const written = moved({ key: entry.key }, key.start - start);
        node.entries.push(
          value ? { ...written, value: { node: value.node, at: value.start - start } } : written,
        );
        return value ? endOf(value) : endOf(key);
      }
    }
  }
}

function place({ start, text }: Piece, parse: Parse, errors: Errors): Placed | undefined {
  const { root, errors: found } = parse(text);
  for (const error of found) errors.push({ start: start + error.start, end: start + error.end });
  return root && { node: root.node, start: start + root.at };
}

function moved({ key, value }: YamlEntry, by: number): YamlEntry {
  return {
    key: { node: key.node, at: key.at + by },
    ...(value && { value: { node: value.node, at: value.at + by } }),
  };
}

/** Offset behind a node. */
export function endOf({ node, start }: Placed): number {
  return start + node.width;
}
