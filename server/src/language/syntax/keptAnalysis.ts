/** A place in a piece of a text: it moves as the piece does. */
export interface Anchored<Piece> {
  piece: Piece;
  /** From the beginning of the piece. */
  start: number;
  end: number;
}

/**
 * What was found in a text that consists of pieces, of which it read only some, and of all others but a summary: as long
 * as only those others are exchanged, for ones with the same summary, it would be found again.
 */
export interface KeptAnalysis<Piece, Found> {
  /** In order of the text. */
  pieces: readonly Piece[];
  /** Those that were read. */
  isRead: (piece: Piece) => boolean;
  found: Found;
}

/** Would the analysis of these pieces find what was found before? Costs what differs. */
export function isAsBefore<Piece>(
  { pieces: before, isRead }: KeptAnalysis<Piece, unknown>,
  pieces: readonly Piece[],
  summaryOf: (piece: Piece) => string,
): boolean {
  if (before.length !== pieces.length) return false;
  return pieces.every((piece, index) => {
    const old = before[index];
    if (old === piece) return true;
    return old !== undefined && !isRead(old) && summaryOf(old) === summaryOf(piece);
  });
}
