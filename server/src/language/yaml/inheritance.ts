import { sectionsOf, statementsOf, type Section } from './jinja.js';
import type { MappedText, Replacement } from './mappedText.js';

type Part = Replacement['by'][number];

const MAX_DEPTH = 8;

/**
 * A template that extends another one: the other's text, with its own blocks in the places of those. As Jinja does, what it
 * says outside of its blocks is left out, but for the names it sets, imports and defines.
 * @param read the text of the file that an `{% extends %}` names
 */
export function inherited(
  written: MappedText,
  read: (body: string) => string | undefined,
): MappedText {
  const { text } = written;
  const base = baseOf(text, read, 0);
  if (base === undefined) return written;
  const own = new Map(
    sectionsOf(text, 'block').map((section) => [nameOf(section), partsOf(text, section)]),
  );
  const definitions = definitionsOf(text);
  return written.replaced([
    { start: 0, end: text.length, by: [...definitions, ...withBlocks(base, own)] },
  ]);
}

/** The text that a template extends, with what that extends in turn. */
function baseOf(
  text: string,
  read: (body: string) => string | undefined,
  depth: number,
): string | undefined {
  const extended = statementsOf(text).find(({ keyword }) => keyword === 'extends');
  const base = extended && depth < MAX_DEPTH ? read(extended.rest) : undefined;
  const further = base === undefined ? undefined : baseOf(base, read, depth + 1);
  if (base === undefined || further === undefined) return base;
  const own = new Map(
    sectionsOf(base, 'block').map((section) => [
      nameOf(section),
      partsOf(base, section).map((part) =>
        isRange(part) ? base.slice(part.start, part.end) : part,
      ),
    ]),
  );
  const definitions = definitionsOf(base).map(({ start, end }) => base.slice(start, end));
  // Its blocks stay blocks: who extends it may replace them.
  return [...definitions, ...withBlocks(further, own, true)].join('');
}

function isRange(part: Part): part is { start: number; end: number } {
  return typeof part !== 'string';
}

function nameOf({ open }: Section): string {
  return /^\w+/.exec(open.rest)?.[0] ?? '';
}

/** Stands in a block's body for the block of the template that is extended. */
const SUPER = '{{ super() }}';

function partsOf(text: string, { start, end }: Section): Part[] {
  const parts: Part[] = [];
  let last = start;
  for (const match of text.slice(start, end).matchAll(/\{\{[-+]?\s*super\(\)\s*[-+]?\}\}/g)) {
    const at = start + match.index;
    parts.push({ start: last, end: at }, SUPER);
    last = at + match[0].length;
  }
  return [...parts, { start: last, end }];
}

function withBlocks<P extends Part>(
  base: string,
  own: ReadonlyMap<string, P[]>,
  areKept = false,
): (P | string)[] {
  const write = (from: number, to: number, sections: readonly Section[]): (P | string)[] => {
    const parts: (P | string)[] = [];
    let last = from;
    for (const section of sections) {
      const inherits = (): (P | string)[] => write(section.start, section.end, section.inner);
      parts.push(base.slice(last, areKept ? section.open.end : section.open.start));
      for (const part of own.get(nameOf(section)) ?? [SUPER]) {
        if (part === SUPER) parts.push(...inherits());
        else parts.push(part);
      }
      last = areKept ? section.close.start : section.close.end;
    }
    return [...parts, base.slice(last, to)];
  };
  return write(0, base.length, sectionsOf(base, 'block'));
}

/** What a template that extends another one sets, imports and defines outside of its blocks. */
function definitionsOf(text: string): { start: number; end: number }[] {
  const blocks = sectionsOf(text, 'block');
  const macros = sectionsOf(text, 'macro');
  const isIn = (sections: readonly Section[], at: number): boolean =>
    sections.some(({ open, close }) => open.start <= at && at < close.end);
  const single = statementsOf(text).filter(
    ({ keyword, start }) =>
      /^(?:set|import|from)$/.test(keyword) && !isIn(blocks, start) && !isIn(macros, start),
  );
  const whole = macros
    .filter(({ open }) => !isIn(blocks, open.start))
    .map(({ open, close }) => ({ start: open.start, end: close.end }));
  return [...single, ...whole]
    .map(({ start, end }) => ({ start, end }))
    .sort((a, b) => a.start - b.start);
}
