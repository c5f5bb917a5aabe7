import type { SyntaxNode } from '../syntax/tree.js';

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The value of a string literal. Bytes that are no text are kept as they are written. */
export function readGoString(node: SyntaxNode): string {
  const isRaw = node.kind === 'raw_string_literal';
  return node.children
    .map(({ kind, text }) => {
      if (kind === '"' || kind === '`') return '';
      return isRaw ? text.replace(/\r/g, '') : kind === 'escape_sequence' ? unescape(text) : text;
    })
    .join('');
}

function unescape(text: string): string {
  const kind = text[1] ?? '';
  const digits = /^\\[uU]([0-9a-fA-F]+)$/.exec(text)?.[1];
  if (digits !== undefined && parseInt(digits, 16) <= 0x10ffff)
    return String.fromCodePoint(parseInt(digits, 16));
  const byte = /^\\x([0-7][0-9a-fA-F])$/.exec(text)?.[1];
  if (byte !== undefined) return String.fromCharCode(parseInt(byte, 16));
  return ESCAPES[kind] ?? (/^[\\"']$/.test(kind) ? kind : text);
}

/** One spelling for numbers of one value. */
export function writeNumber(text: string): string {
  const plain = text.replace(/_/g, '');
  const octal = /^0([0-7]+)$/.exec(plain)?.[1];
  const value = Number(octal === undefined ? plain : `0o${octal}`);
  if (Number.isSafeInteger(value) && !/[.e]/i.test(/^0x/i.test(plain) ? '' : plain))
    return String(value);
  return Number.isNaN(value)
    ? plain
    : /^0x|^0b|^0o/i.test(plain)
      ? plain.toLowerCase()
      : plain.replace(/(\.\d*?)0+$/, '$1');
}
