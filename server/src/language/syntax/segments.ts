import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextChange } from '../language.js';
import type { TextRange } from '../source.js';

/**
 * Finds where the top-level declarations of a text begin, by its tokens alone.
 *
 * Starts at `from`, outside of everything, and calls `boundary` wherever a declaration begins after it; ends when
 * that returns true. What it finds after a boundary depends on nothing before it but what the boundary's `context`
 * says (e.g. which classes are open), which is empty at the beginning of a text. True when the text ends
 * outside of every bracket, string and comment. `recovers`: for a text that does not; then declarations are
 * told by the beginning of a line, and what is left open ends with its line.
 */
export type Layout = (
  text: string,
  from: number,
  recovers: boolean,
  boundary: (offset: number, context?: string) => boolean,
  context: string,
) => boolean;

/** A piece of a text that is parsed by itself. */
export interface Segment<Parsed> {
  /** Of its first character in the text; changes as the text before it does. */
  offset: number;
  length: number;
  /** What the layout knew where it begins. */
  context: string;
  /** Made when it is asked for, kept for as long as the segment's text is the same. */
  parsed: Parsed | undefined;
}

/**
 * A text in pieces, of which an edit touches few. As each piece is parsed from nothing, what is known of a text
 * does not depend on the edits that led to it, and a broken declaration cannot take its neighbours with it.
 */
export class SegmentedText<Parsed> {
  private document: TextDocument;
  private isRecovering = false;
  segments: Segment<Parsed>[] = [];

  constructor(
    text: string,
    private readonly layout: Layout,
  ) {
    this.document = TextDocument.create('', '', 0, text);
    this.layOut(0, 0, 0);
  }

  text(): string {
    return this.document.getText();
  }

  /** Applies changes as the LSP sends them; false when they change nothing. */
  edit(changes: readonly TextChange[]): boolean {
    let isChanged = false;
    for (const change of changes) {
      const { range, text } = change;
      if (!range) {
        isChanged = this.update(text) || isChanged;
        continue;
      }
      const a = this.document.offsetAt(range.start);
      const b = this.document.offsetAt(range.end);
      const start = Math.min(a, b);
      const removed = Math.max(a, b) - start;
      if (removed === 0 && text === '') continue;
      this.document = TextDocument.update(this.document, [{ range, text }], 0);
      this.splice(start, removed, text.length);
      isChanged = true;
    }
    return isChanged;
  }

  /** Replaces the text, of which only what differs is laid out again; false when nothing does. */
  update(text: string): boolean {
    const before = this.text();
    if (before === text) return false;
    const limit = Math.min(before.length, text.length);
    let start = 0;
    while (start < limit && before.charCodeAt(start) === text.charCodeAt(start)) start++;
    let end = 0;
    while (
      end < limit - start &&
      before.charCodeAt(before.length - 1 - end) === text.charCodeAt(text.length - 1 - end)
    ) {
      end++;
    }
    this.document = TextDocument.update(this.document, [{ text }], 0);
    this.splice(start, before.length - end - start, text.length - end - start);
    return true;
  }

  range({ start, end }: { start: number; end: number }): TextRange {
    return { start: this.document.positionAt(start), end: this.document.positionAt(end) };
  }

  /** The text of a segment. */
  textOf({ offset, length }: Segment<Parsed>): string {
    return this.text().slice(offset, offset + length);
  }

  private splice(start: number, removed: number, inserted: number): void {
    if (this.isRecovering) {
      this.layOut(start, removed, inserted);
      return;
    }
    const text = this.text();
    const delta = inserted - removed;
    // What begins after the edit, or at it, may now continue what is before it.
    const first = Math.max(0, this.indexAt(start) - 1);
    const from = this.segments[first]?.offset ?? 0;
    const olds = new Map<number, number>();
    for (let index = first + 1; index < this.segments.length; index++) {
      const { offset } = this.segments[index] ?? { offset: 0 };
      if (offset >= start + removed) olds.set(offset + delta, index);
    }
    const known = this.segments[first]?.context ?? '';
    const starts: Start[] = [{ offset: from, context: known }];
    let rest = this.segments.length;
    const boundary = (offset: number, context = ''): boolean => {
      const old = offset >= start + inserted ? olds.get(offset) : undefined;
      const isAsBefore = old !== undefined && this.segments[old]?.context === context;
      if (isAsBefore) rest = old;
      else starts.push({ offset, context });
      return isAsBefore;
    };
    const isWhole = this.layout(text, from, false, boundary, known);
    if (!isWhole) {
      this.layOut(start, removed, inserted);
      return;
    }
    for (let index = rest; index < this.segments.length; index++) {
      const segment = this.segments[index];
      if (segment) segment.offset += delta;
    }
    const end = this.segments[rest]?.offset ?? text.length;
    const added = cut<Parsed>(starts, end);
    const [before, again] = [this.segments[first], added[0]];
    // It was laid out again for what may follow it, and may be what it was.
    const isSame = before && again && before.offset + before.length <= start;
    if (isSame && before.length === again.length) again.parsed = before.parsed;
    this.segments.splice(first, rest - first, ...added);
  }

  /** Lays out all of the text; segments beside the edit are kept. */
  private layOut(start: number, removed: number, inserted: number): void {
    const text = this.text();
    let starts: Start[] = [{ offset: 0, context: '' }];
    const collect = (offset: number, context = ''): boolean => {
      starts.push({ offset, context });
      return false;
    };
    this.isRecovering = !this.layout(text, 0, false, collect, '');
    if (this.isRecovering) {
      starts = [{ offset: 0, context: '' }];
      this.layout(text, 0, true, collect, '');
    }
    const olds = new Map(this.segments.map((segment) => [segment.offset, segment]));
    const delta = inserted - removed;
    this.segments = cut<Parsed>(starts, text.length).map((segment) => {
      const { offset, length, context } = segment;
      const isBefore = offset + length <= start;
      const isAfter = offset >= start + inserted;
      const old = isBefore ? olds.get(offset) : isAfter ? olds.get(offset - delta) : undefined;
      if (old?.length !== length || old.context !== context) return segment;
      // Not before all is compared: offsets are the keys.
      return { ...segment, parsed: old.parsed };
    });
  }

  /** Index of the segment that contains `offset`. */
  indexAt(offset: number): number {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle]?.offset ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

type Start = Pick<Segment<unknown>, 'offset' | 'context'>;

function cut<Parsed>(starts: readonly Start[], end: number): Segment<Parsed>[] {
  return starts.map(({ offset, context }, index) => ({
    offset,
    length: (starts[index + 1]?.offset ?? end) - offset,
    context,
    parsed: undefined,
  }));
}
