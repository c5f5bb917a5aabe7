import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextPosition } from '../language/source.js';

/** How a client counts characters within a line. Everything inside of the server is UTF-16. */
export type PositionEncoding = 'utf-16' | 'utf-8';

/** The first of the encodings a client offers that is known here; UTF-16 is what every client knows. */
export function chooseEncoding(offered: readonly string[] | undefined): PositionEncoding {
  return (
    offered?.find((one): one is PositionEncoding => one === 'utf-16' || one === 'utf-8') ?? 'utf-16'
  );
}

/** A position as the client counts, in UTF-16. */
export function decodePosition(
  encoding: PositionEncoding,
  document: TextDocument | undefined,
  position: TextPosition,
): TextPosition {
  if (encoding === 'utf-16' || !document) return position;
  const line = lineText(document, position.line);
  let bytes = 0;
  let character = 0;
  for (const point of line) {
    bytes += byteLength(point);
    if (bytes > position.character) break;
    character += point.length;
  }
  return { line: position.line, character };
}

/** A position in UTF-16, as the client counts. */
export function encodePosition(
  encoding: PositionEncoding,
  document: TextDocument | undefined,
  position: TextPosition,
): TextPosition {
  if (encoding === 'utf-16' || !document) return position;
  const before = lineText(document, position.line).slice(0, position.character);
  return { line: position.line, character: Buffer.byteLength(before) };
}

/**
 * An answer with every position in it as the client counts. A position belongs to the document whose `uri` stands
 * beside or above it, else to that of the request.
 */
export function encodeAnswer<T>(
  encoding: PositionEncoding,
  documentOf: (uri: string) => TextDocument | undefined,
  uri: string,
  answer: T,
): T {
  if (encoding === 'utf-16') return answer;
  const document = documentOf(uri);
  const encode = (value: unknown, of: TextDocument | undefined): unknown => {
    if (Array.isArray(value)) return value.map((one) => encode(one, of));
    if (typeof value !== 'object' || value === null) return value;
    const members = value as Record<string, unknown>;
    const { line, character, uri: named } = members;
    if (typeof line === 'number' && typeof character === 'number')
      return encodePosition(encoding, of, { line, character });
    const own = typeof named === 'string' ? documentOf(named) : of;
    return Object.fromEntries(
      Object.entries(members).map(([name, member]) => [
        name,
        // What a client only hands back is not read by it.
        name === 'data' ? member : name === 'changes' ? encodeChanges(member) : encode(member, own),
      ]),
    );
  };
  const encodeChanges = (changes: unknown): unknown =>
    Object.fromEntries(
      Object.entries(changes as Record<string, unknown>).map(([of, edits]) => [
        of,
        encode(edits, documentOf(of)),
      ]),
    );
  return encode(answer, document) as T;
}

function lineText(document: TextDocument, line: number): string {
  return document.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
}

function byteLength(point: string): number {
  const code = point.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}
