import type { TextPosition, TextRange } from '../source.js';
import { Positions } from './positions.js';

/** A part of an expanded text, and what it stands for in the text as written. */
export interface Piece {
  /** In the expanded text. */
  start: number;
  length: number;
  /** In the text as written: as long as the piece, or the mark that was replaced by it. */
  from: number;
  to: number;
  isCopied: boolean;
}

/** What a part of a text is replaced by: a text, or parts of the text before, in an order of their own. */
export interface Replacement {
  start: number;
  end: number;
  by: readonly (string | { start: number; end: number })[];
}

/** A text of which parts were replaced, that knows where they come from. */
export class MappedText {
  constructor(
    readonly text: string,
    readonly pieces: readonly Piece[] = [
      { start: 0, length: text.length, from: 0, to: text.length, isCopied: true },
    ],
  ) {}

  /** @param replacements in order, none overlapping another */
  replaced(replacements: readonly Replacement[]): MappedText {
    if (replacements.length === 0) return this;
    const pieces: Piece[] = [];
    let text = '';
    const add = (piece: string, { from, to, isCopied }: Omit<Piece, 'start' | 'length'>): void => {
      pieces.push({ start: text.length, length: piece.length, from, to, isCopied });
      text += piece;
    };
    const copy = (start: number, end: number): void => {
      for (const piece of this.pieces) {
        const first = Math.max(start, piece.start);
        const last = Math.min(end, piece.start + piece.length);
        if (first >= last) continue;
        const from = piece.isCopied ? piece.from + first - piece.start : piece.from;
        const to = piece.isCopied ? from + last - first : piece.to;
        add(this.text.slice(first, last), { from, to, isCopied: piece.isCopied });
      }
    };
    let last = 0;
    for (const { start, end, by } of replacements) {
      copy(last, start);
      const { from, to } = this.written(start, end);
      for (const part of by) {
        if (typeof part === 'string') add(part, { from, to, isCopied: false });
        else copy(part.start, part.end);
      }
      last = end;
    }
    copy(last, this.text.length);
    return new MappedText(text, pieces);
  }

  /** What a part stands for in the text as written. */
  written(start: number, end: number): { from: number; to: number } {
    const [first, last] = [
      pieceAt(this.pieces, start),
      pieceAt(this.pieces, Math.max(start, end - 1)),
    ];
    return {
      from: first.isCopied ? first.from + start - first.start : first.from,
      to: last.isCopied ? last.from + end - last.start : last.to,
    };
  }
}

function pieceAt(pieces: readonly Piece[], offset: number): Piece {
  const piece = pieces.findLast(({ start }) => start <= offset);
  return piece ?? { start: 0, length: 0, from: 0, to: 0, isCopied: true };
}

/** Positions in the text as written, offsets in the expanded one: what is included stands where it is included. */
export class ExpandedPositions extends Positions {
  constructor(
    written: string,
    private readonly expanded: MappedText,
  ) {
    super(written);
  }

  override offsetAt(position: TextPosition): number {
    const offset = super.offsetAt(position);
    const { pieces } = this.expanded;
    const piece =
      pieces.find(({ from, to, isCopied }) => isCopied && from <= offset && offset < to) ??
      pieces.findLast(({ from }) => from <= offset);
    if (!piece) return offset;
    return piece.start + (piece.isCopied ? Math.min(offset - piece.from, piece.length) : 0);
  }

  override range(start: number, end: number): TextRange {
    const { from, to } = this.expanded.written(start, end);
    return { start: super.positionAt(from), end: super.positionAt(Math.max(from, to)) };
  }

  override positionAt(offset: number): TextPosition {
    return this.range(offset, offset).start;
  }
}
