/** What a plain scalar means to PyYAML's SafeLoader, which reads Beam YAML: YAML 1.1, with its own exceptions. */
export type ScalarType = 'string' | 'integer' | 'number' | 'boolean' | 'null' | 'timestamp';

const BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const INTEGER =
  /^(?:[-+]?0b[01_]+|[-+]?0x[\da-fA-F_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][\d_]*)|[-+]?[1-9][\d_]*(?::[0-5]?\d)+)$/;
const NUMBER =
  /^(?:[-+]?\d[\d_]*\.[\d_]*(?:[eE][-+]\d+)?|\.\d[\d_]*(?:[eE][-+]\d+)?|[-+]?\d[\d_]*(?::[0-5]?\d)+\.[\d_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^\d{4}-(?:\d\d-\d\d$|\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$)/;

export function typeOfPlain(text: string): ScalarType {
  if (text === '' || /^(?:~|null|Null|NULL)$/.test(text)) return 'null';
  if (BOOLEAN.test(text)) return 'boolean';
  if (INTEGER.test(text)) return 'integer';
  if (NUMBER.test(text)) return 'number';
  if (TIMESTAMP.test(text)) return 'timestamp';
  return 'string';
}

/** The value of a plain scalar; a timestamp stays text, an integer too large for a number becomes one all the same. */
export function valueOfPlain(text: string, type: ScalarType): string | number | boolean | null {
  switch (type) {
    case 'null':
      return null;
    case 'boolean':
      return /^(?:y|t|on)/i.test(text);
    case 'integer':
    case 'number':
      return numberOf(text.replace(/_/g, ''));
    case 'string':
    case 'timestamp':
      return text;
  }
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '');
  if (digits.includes(':')) {
    return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  if (/^\.inf$/i.test(digits)) return sign * Infinity;
  if (/^\.nan$/i.test(digits)) return NaN;
  // A leading zero is an octal number in YAML 1.1.
  if (/^0[0-7]+$/.test(digits)) return sign * parseInt(digits, 8);
  return sign * Number(digits);
}
