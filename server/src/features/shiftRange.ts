import type { TextPosition, TextRange } from '../language/source.js';

/** An edit: the text that replaced a range. */
export interface TextEdit {
  range: TextRange;
  text: string;
}

/** Where a range is after an edit. What is inserted at its start is not part of it; what replaces its inside is. */
export function shiftRange({ start, end }: TextRange, edit: TextEdit): TextRange {
  const newEnd = endOfInsertion(edit);
  return {
    start: isBefore(start, edit.range.start)
      ? start
      : isBefore(start, edit.range.end)
        ? edit.range.start
        : shiftPosition(start, edit.range.end, newEnd),
    end: !isBefore(edit.range.start, end)
      ? end
      : isBefore(end, edit.range.end)
        ? newEnd
        : shiftPosition(end, edit.range.end, newEnd),
  };
}

/** True when two ranges share a position, be it an edge. */
export function touches(a: TextRange, b: TextRange): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

/** True when a position is in a range or at an edge of it. */
export function contains(range: TextRange, position: TextPosition): boolean {
  return touches(range, { start: position, end: position });
}

/** The least range that holds both. */
export function union(a: TextRange, b: TextRange): TextRange {
  return {
    start: isBefore(b.start, a.start) ? b.start : a.start,
    end: isBefore(a.end, b.end) ? b.end : a.end,
  };
}

function isBefore(a: TextPosition, b: TextPosition): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function endOfInsertion({ range, text }: TextEdit): TextPosition {
  const lines = text.split(/\r\n|\r|\n/);
  const last = lines.at(-1) ?? '';
  return {
    line: range.start.line + lines.length - 1,
    character: (lines.length === 1 ? range.start.character : 0) + last.length,
  };
}

function shiftPosition(
  position: TextPosition,
  oldEnd: TextPosition,
  newEnd: TextPosition,
): TextPosition {
  return {
    line: position.line + newEnd.line - oldEnd.line,
    character:
      position.line === oldEnd.line
        ? newEnd.character + position.character - oldEnd.character
        : position.character,
  };
}
