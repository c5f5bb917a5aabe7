const ESCAPES: Record<string, string> = {
  n: '\n',
  t: '\t',
  b: '\b',
  r: '\r',
  f: '\f',
  s: ' ',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/** The value of a string literal or text block. */
export function readString(literal: string): string {
  if (literal.startsWith('"""')) return unescape(stripIndent(literal.slice(3, -3)));
  return unescape(literal.slice(1, -1));
}

export function writeString(value: string): string {
  return JSON.stringify(value);
}

/** A number in one spelling: decimal, without separators and suffixes of its type. */
export function writeNumber(literal: string): string {
  const text = literal.replace(/_/g, '').toLowerCase();
  const digits = /^0[xb]/.test(text) ? text.replace(/l$/, '') : text.replace(/[lfd]$/, '');
  if (/^(?:0x[\da-f]+|0b[01]+|[1-9]\d*|0)$/.test(digits)) return BigInt(digits).toString();
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`).toString();
  const value = Number(digits);
  return Number.isFinite(value) ? String(value) : digits;
}

/** A character as the number that it is would lose what was meant: it is written as a character. */
export function writeCharacter(literal: string): string {
  return `'${JSON.stringify(unescape(literal.slice(1, -1))).slice(1, -1)}'`;
}

function unescape(text: string): string {
  return text.replace(
    /\\(?:u+([\da-fA-F]{4})|([0-3]?[0-7]{1,2})|(\r\n|[\s\S]))/g,
    (_, unicode?: string, octal?: string, one?: string) => {
      if (unicode !== undefined) return String.fromCharCode(parseInt(unicode, 16));
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      if (one === '\n' || one === '\r\n' || one === '\r') return '';
      return ESCAPES[one ?? ''] ?? one ?? '';
    },
  );
}

/** As the Java Language Specification 3.10.6 has it. */
function stripIndent(raw: string): string {
  const lines = raw.replace(/\r\n?/g, '\n').split('\n').slice(1);
  const last = lines.length - 1;
  let indent = Infinity;
  lines.forEach((line, index) => {
    if (line.trim() !== '' || index === last) {
      indent = Math.min(indent, /^\s*/.exec(line)?.[0].length ?? 0);
    }
  });
  return lines.map((line) => line.slice(Math.min(indent, line.length)).trimEnd()).join('\n');
}

/** `String.format` of what is known: its literal parts, and the positions of arguments between them. */
export function readFormat(format: string): (string | number)[] | undefined {
  const parts: (string | number)[] = [];
  let next = 0;
  let from = 0;
  for (const match of format.matchAll(/%(?:(\d+)\$)?([a-zA-Z%]|[-#+ 0,(.\d])/g)) {
    parts.push(format.slice(from, match.index));
    from = match.index + match[0].length;
    const [, position, conversion] = match;
    if (conversion === '%') parts.push('%');
    else if (conversion === 'n') parts.push('\n');
    else if (conversion === 's' || conversion === 'd') {
      parts.push(position === undefined ? next++ : Number(position) - 1);
    } else return undefined;
  }
  parts.push(format.slice(from));
  return parts;
}
