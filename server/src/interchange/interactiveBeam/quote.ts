// Interactive Beam's SafeFastPrimitivesCoder (runners/interactive/cache_manager.py): the bytes of FastPrimitivesCoder, percent-quoted
// as Python's urllib.parse.quote does.

const percent = 0x25;
/** How each byte is written: letters, digits and `_.-~/` stand for themselves. */
const quotedBytes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return /[\w.~/-]/.test(character)
    ? Buffer.from(character)
    : Buffer.from(`%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
});

/** Bytes as ASCII. */
export function quote(bytes: Uint8Array): Buffer {
  let length = 0;
  for (const byte of bytes) length += quotedBytes[byte]?.length ?? 0;
  const quoted = Buffer.allocUnsafe(length);
  let at = 0;
  for (const byte of bytes) {
    const written = quotedBytes[byte];
    if (!written) continue;
    if (written.length === 1) quoted[at] = byte;
    else quoted.set(written, at);
    at += written.length;
  }
  return quoted;
}

/** The counterpart of {@link quote}; undefined for what is not percent-quoted. */
export function unquote(quoted: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.allocUnsafe(quoted.length);
  let length = 0;
  for (let at = 0; at < quoted.length; at++) {
    const byte = quoted[at] ?? 0;
    if (byte !== percent) {
      bytes[length++] = byte;
      continue;
    }
    const [high, low] = [digit(quoted[at + 1]), digit(quoted[at + 2])];
    if (high === undefined || low === undefined) return undefined;
    bytes[length++] = high * 16 + low;
    at += 2;
  }
  return bytes.subarray(0, length);
}

function digit(byte: number | undefined): number | undefined {
  const value = byte === undefined ? NaN : parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? undefined : value;
}
