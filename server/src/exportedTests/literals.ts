/** What is shown as it is within quotes: nothing that has no width, breaks a line, or turns the direction of the text. */
const unreadable = /[\p{C}\p{Z}]/u;

/** A character as a language escapes it. */
export type Escape = (codePoint: number) => string;

/** Text between double quotes. What cannot be read goes through the escape; `"`, `\` and line ends as all languages do. */
export function quotedText(text: string, escape: Escape, keepsUnicode = true): string {
  let quoted = '';
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (character === '\n') quoted += String.raw`\n`;
    else if (character === '\r') quoted += String.raw`\r`;
    else if (character === '\t') quoted += String.raw`\t`;
    else if (character === ' ') quoted += character;
    else if (unreadable.test(character) || (!keepsUnicode && codePoint > 0x7e)) {
      quoted += escape(codePoint);
    } else quoted += character;
  }
  return `"${quoted}"`;
}

/** Digits of a number in base 16, so many at least. */
export function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Bytes between double quotes, those that are readable ASCII as they are, others as `\xNN`. */
export function quotedBytes(bytes: Uint8Array): string {
  let quoted = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') quoted += `\\${character}`;
    else if (byte >= 0x20 && byte < 0x7f) quoted += character;
    else quoted += `\\x${hex(byte, 2)}`;
  }
  return `"${quoted}"`;
}

/** A text on one line of a comment, in which nothing ends the comment or is an escape to a compiler. */
export function inComment(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('\\', '/')
    .replaceAll('*/', '* /')
    .replaceAll('"""', "'''");
}
