import type { SyntaxNode } from '../syntax/tree.js';

const ESCAPES: Record<string, string> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  0: '\0',
};

/** The value of a string, or of a piece of a template. */
export function readString(node: SyntaxNode): string {
  if (node.kind === 'escape_sequence') return unescape(node.text);
  if (node.children.length === 0) return /^["'`]$/.test(node.kind) ? '' : node.text;
  return node.children.map(readString).join('');
}

function unescape(text: string): string {
  const digits = /^\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]+)\})$/i.exec(text);
  const code = parseInt(digits?.[1] ?? digits?.[2] ?? digits?.[3] ?? '', 16);
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  const kind = text.slice(1);
  return /^[\r\n\u2028\u2029]/.test(kind) ? '' : (ESCAPES[kind] ?? kind);
}

/** One spelling for numbers of one value. */
export function writeNumber(text: string): string {
  const value = Number(text.replace(/_/g, ''));
  return Number.isNaN(value) ? text : String(value);
}
