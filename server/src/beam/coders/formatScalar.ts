import type { DecimalValue } from './beamValue.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Bytes as text, if they are UTF-8 without control characters other than tabs and line ends. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = utf8.decode(bytes);
    return controlCharacters.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A decimal as digits, or with an exponent where that would be long: `-100.123`, `1E+30`. */
export function formatDecimal({ unscaled, scale }: DecimalValue): string {
  if (scale < 0 || scale > maxDecimalPlaces) return `${unscaled}E${scale < 0 ? '+' : ''}${-scale}`;
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const sign = unscaled < 0n ? '-' : '';
  return `${sign}${whole}${scale > 0 ? `.${digits.slice(-scale)}` : ''}`;
}

const maxDecimalPlaces = 100;

/** Bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
