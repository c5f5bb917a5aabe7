const SIMPLE_ESCAPES: Record<string, string> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export interface StringLiteral {
  bytes: boolean;
  value: string;
}

/** What the string literal `text` means; undefined for an f-string or a text that is no literal. */
export function readString(text: string): StringLiteral | undefined {
  const match = /^([a-z]*)("""|'''|"|')([^]*)\2$/i.exec(text);
  if (!match) return undefined;
  const [, prefix = '', , body = ''] = match;
  if (/[ft]/i.test(prefix)) return undefined;
  const bytes = /b/i.test(prefix);
  return { bytes, value: unescape(body, /r/i.test(prefix), bytes) };
}

/** The text between an f-string's replacement fields. */
export function readStringContent(text: string, prefix: string): string {
  const value = unescape(text, /r/i.test(prefix), false);
  return value.replace(/\{\{/g, '{').replace(/\}\}/g, '}');
}

/** A string literal in its one canonical spelling. */
export function writeString({ bytes, value }: StringLiteral): string {
  return `${bytes ? 'b' : ''}${JSON.stringify(value)}`;
}

/** A number in its one canonical spelling: `1_000`, `0x3e8` and `1000` are one. */
export function writeNumber(kind: string, text: string): string {
  const plain = text.replace(/_/g, '').toLowerCase();
  if (plain.endsWith('j')) return plain;
  if (kind === 'integer') {
    try {
      return BigInt(plain.replace(/l$/, '')).toString();
    } catch {
      return plain;
    }
  }
  const value = Number(plain);
  if (!Number.isFinite(value)) return plain;
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(1) : String(value);
}

function unescape(body: string, raw: boolean, bytes: boolean): string {
  const text = body.replace(/\r\n?/g, '\n');
  if (raw || !text.includes('\\')) return text;
  return text.replace(
    /\\(?:\n|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|([0-7]{1,3})|([^]))/gi,
    (all: string, x?: string, u?: string, long?: string, octal?: string, other?: string) => {
      if (all === '\\\n') return '';
      if (x !== undefined && all[1] === 'x') return String.fromCharCode(parseInt(x, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      if (!bytes && u !== undefined && all[1] === 'u') return String.fromCharCode(parseInt(u, 16));
      if (!bytes && long !== undefined && all[1] === 'U') {
        const code = parseInt(long, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : all;
      }
      return (other !== undefined ? SIMPLE_ESCAPES[other] : undefined) ?? all;
    },
  );
}
