import {
  isAlias,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  type ParsedNode,
} from 'yaml';
import { typeOfPlain, valueOfPlain, type ScalarType } from './scalars.js';
import { isMasked, unmask } from './template.js';

/**
 * A node of YAML that does not know where it stands: children are placed relative to it, so that what is parsed serves
 * wherever, and as long as, its text stands somewhere.
 */
export type YamlNode = YamlMap | YamlSequence | YamlScalar | YamlAlias;

interface Common {
  /** Characters from the start of the node to its end. */
  width: number;
  anchor?: string;
}

export interface YamlEntry {
  key: Relative;
  /** Absent when nothing is written after the colon. */
  value?: Relative;
}

export interface YamlMap extends Common {
  kind: 'map';
  entries: YamlEntry[];
}

export interface YamlSequence extends Common {
  kind: 'sequence';
  items: Relative[];
}

export interface YamlScalar extends Common {
  kind: 'scalar';
  type: ScalarType;
  /** Its text, without quotes; expressions of a template as they are written. */
  text: string;
  /** Depends on a template: what it will be is not known. */
  isTemplate: boolean;
}

export interface YamlAlias extends Common {
  kind: 'alias';
  name: string;
}

/** A node and where it begins relative to its parent. */
export interface Relative {
  node: YamlNode;
  at: number;
}

/** A node at its offset in the text. */
export interface Placed<T extends YamlNode = YamlNode> {
  node: T;
  start: number;
}

export interface ParsedText {
  /** Relative to the text; absent when it holds nothing but comments. */
  root?: Relative;
  errors: { start: number; end: number }[];
}

/** Parses a piece of YAML that stands alone. */
export function parseYaml(text: string): ParsedText {
  if (isTooDeep(text)) return { errors: [{ start: 0, end: text.length }] };
  try {
    return parse(text);
  } catch (error) {
    // The parser is recursive: nesting that no one writes overflows the stack.
    if (error instanceof RangeError) return { errors: [{ start: 0, end: text.length }] };
    throw error;
  }
}

/** Deeper than people write; what the parser takes for it grows with the square of the depth. */
const MAX_DEPTH = 300;

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === OPEN_BRACKET || code === OPEN_BRACE) depth++;
    else if ((code === CLOSE_BRACKET || code === CLOSE_BRACE) && depth > 0) depth--;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];

function parse(text: string): ParsedText {
  const document = parseDocument(text, {
    schema: 'failsafe',
    strict: false,
    uniqueKeys: false,
    prettyErrors: false,
    stringKeys: false,
    logLevel: 'silent',
  });
  const errors = document.errors.map(({ pos: [start, end] }) => ({ start, end }));
  const contents = document.contents;
  if (!contents) return { errors };
  const root = convert(contents, 0);
  return { ...(root && { root }), errors };
}

function convert(source: ParsedNode, parentStart: number): Relative | undefined {
  const [start] = source.range;
  const at = start - parentStart;
  // A block ends with what is last in it: comments after that belong to nothing.
  const end = isFlow(source) ? source.range[1] : endOfBlock(source);
  const anchor = !isAlias(source) && source.anchor ? { anchor: source.anchor } : {};
  const width = Math.max(0, end - start);
  if (isAlias(source)) return { at, node: { kind: 'alias', name: source.source, width } };
  if (isScalar(source)) return { at, node: { ...scalar(source), width, ...anchor } };
  if (isSeq(source)) {
    const items = source.items.flatMap((item) => {
      const converted = isPair(item) ? undefined : convert(item, start);
      return converted ? [converted] : [];
    });
    return { at, node: { kind: 'sequence', items, width, ...anchor } };
  }
  if (!isMap(source)) return undefined;
  const entries = source.items.flatMap(({ key, value }): YamlEntry[] => {
    const convertedKey = convert(key, start);
    if (!convertedKey) return [];
    const converted = value ? convert(value, start) : undefined;
    return [{ key: convertedKey, ...(converted && { value: converted }) }];
  });
  return { at, node: { kind: 'map', entries, width, ...anchor } };
}

function isFlow(source: ParsedNode): boolean {
  return !(isMap(source) || isSeq(source)) || source.flow === true || source.items.length === 0;
}

function endOfBlock(source: ParsedNode): number {
  let last: ParsedNode = source;
  while (!isFlow(last)) {
    const item: unknown = isMap(last) || isSeq(last) ? last.items.at(-1) : undefined;
    const node = isPair<ParsedNode, ParsedNode | null>(item) ? (item.value ?? item.key) : item;
    if (!isNode(node) || !node.range) break;
    last = node as ParsedNode;
  }
  return last.range[1];
}

function scalar(source: {
  value: unknown;
  type?: string;
  tag?: string;
}): Omit<YamlScalar, 'width'> {
  const masked = typeof source.value === 'string' ? source.value : '';
  const isTemplate = isMasked(masked);
  const text = unmask(masked);
  const isPlain = source.type === 'PLAIN';
  const tagged = /^tag:yaml\.org,2002:(str|int|float|bool|null)$/.exec(source.tag ?? '')?.[1];
  const type =
    tagged !== undefined && tagged !== 'str'
      ? typeOfPlain(text)
      : isPlain && tagged === undefined && !isTemplate
        ? typeOfPlain(text)
        : 'string';
  return { kind: 'scalar', type, text, isTemplate };
}

export function valueOfScalar(scalar: YamlScalar): string | number | boolean | null {
  return valueOfPlain(scalar.text, scalar.type);
}
