import type { Segment } from '../syntax/segments.js';
import type { SyntaxNode, TreeReader } from '../syntax/tree.js';
import { child } from '../syntax/tree.js';
import {
  addMember,
  dottedName,
  makeType,
  TYPE_KINDS,
  typeOf,
  type JavaType,
  type Unit,
} from './unit.js';

/** A member's text, parsed by itself. */
export interface ParsedMember {
  /** A class whose members follow; the `}` that ends it; anything else. */
  kind: 'header' | 'end' | 'member';
  nodes: readonly SyntaxNode[];
  errors: { start: number; end: number }[];
  /** The context of the member after it, which tells its kind. */
  next: string;
  /** What the offsets of the nodes count from, seen from the beginning of the text. */
  shift: number;
}

const PREFIX = 'class $ {';

/** Nothing but white space and comments before a `}`. */
const CLOSING = /^(?:\s|\/\/[^\n\r]*[\n\r]|\/\*[^]*?\*\/)*\}$/;

/** What is known of a member, which is parsed if need be. */
export function parsedMember(
  segments: readonly Segment<ParsedMember>[],
  index: number,
  textOf: (segment: Segment<ParsedMember>) => string,
  reader: TreeReader,
): ParsedMember {
  const segment = segments[index];
  if (!segment) throw new RangeError(`There is no segment ${index}.`);
  const { context, parsed } = segment;
  const follower = segments[index + 1];
  // The last one of a text that is not complete closes nothing.
  const closes = follower !== undefined || CLOSING.test(textOf(segment));
  const next = closes ? (follower?.context ?? '') : context;
  if (parsed?.next === next) return parsed;
  segment.parsed = parseMember(textOf(segment), context, next, reader);
  return segment.parsed;
}

function parseMember(
  text: string,
  context: string,
  next: string,
  reader: TreeReader,
): ParsedMember {
  const clip = (errors: ParsedMember['errors'], shift: number): ParsedMember['errors'] =>
    errors.map(({ start, end }) => ({
      start: Math.min(Math.max(0, start + shift), text.length),
      end: Math.min(Math.max(0, end + shift), text.length),
    }));
  if (next.length < context.length) return { kind: 'end', next, nodes: [], errors: [], shift: 0 };
  const isHeader = next.length > context.length;
  const isNested = context !== '';
  const code = isHeader ? `${text}}` : text;
  const tree = reader.read(isNested ? `${PREFIX}${code}}` : code);
  const shift = isNested ? -PREFIX.length : 0;
  const [wrapper] = tree.root.children;
  const body =
    isNested && wrapper?.kind === 'class_declaration' ? child(wrapper, 'body') : undefined;
  const nodes = body?.children ?? tree.root.children;
  return {
    kind: isHeader ? 'header' : 'member',
    next,
    nodes,
    errors: clip(tree.errors, shift),
    shift,
  };
}

/** Puts a file together of its members. */
export function readUnit(
  segments: readonly Segment<ParsedMember>[],
  parse: (index: number) => ParsedMember,
  path: string | undefined,
  isMain: boolean,
): Unit {
  const unit: Unit = { package: '', imports: [], types: [], isMain, path };
  const open: JavaType[] = [];
  segments.forEach((segment, index) => {
    const parsed = parse(index);
    const base = segment.offset + parsed.shift;
    const outer = open.at(-1);
    if (parsed.kind === 'end') {
      const depth = parsed.next.split(',').filter(Boolean).length;
      open.length = Math.min(open.length, depth);
      return;
    }
    for (const node of parsed.nodes) {
      if (parsed.kind === 'header' && TYPE_KINDS.has(node.kind)) {
        const type = makeType(unit, node, outer);
        (outer?.types ?? unit.types).push(type);
        open.push(type);
      } else if (outer) addMember(outer, node, base);
      else topLevel(unit, node, base);
    }
    const depth = parsed.next.split(',').filter(Boolean).length;
    // A header that does not parse: its members are those of a class without a name.
    while (parsed.kind === 'header' && open.length < depth) {
      const type = makeType(unit, { ...NO_CLASS, start: 0 }, open.at(-1));
      (open.at(-1)?.types ?? unit.types).push(type);
      open.push(type);
    }
  });
  return unit;
}

const NO_CLASS: SyntaxNode = {
  ...{ kind: 'class_declaration', field: '', start: 0, end: 0, children: [], text: '' },
};

function topLevel(unit: Unit, node: SyntaxNode, base: number): void {
  switch (node.kind) {
    case 'package_declaration':
      unit.package = (dottedName(node.children.at(-1)) ?? []).join('.');
      break;
    case 'import_declaration': {
      const name = node.children.find(({ kind }) => kind.includes('identifier'));
      unit.imports.push({
        name: (dottedName(name) ?? []).join('.'),
        isStatic: node.children.some(({ kind }) => kind === 'static'),
        isWildcard: node.children.some(({ kind }) => kind === 'asterisk'),
      });
      break;
    }
    default:
      if (TYPE_KINDS.has(node.kind)) unit.types.push(typeOf(unit, node, base, undefined));
  }
}
