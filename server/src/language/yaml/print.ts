import { valueOfScalar, type Placed, type YamlScalar } from './nodes.js';
import type { Values } from './values.js';

/** Keys whose text is code: comments and indentation of it leave no trace. */
const CODE = new Set(['callable', 'constructor', 'expression', 'query', 'source']);

/** Writes a value in one spelling for whatever means the same: order of keys, style, quotes and anchors leave no trace. */
export function printValue(
  values: Values,
  placed: Placed | undefined,
  key = '',
  depth = 0,
): string {
  const resolved = values.resolve(placed);
  if (!resolved || depth > 64) return 'null';
  switch (resolved.node.kind) {
    case 'scalar':
      return printScalar(resolved.node, key);
    case 'sequence':
      return `[${values
        .items(resolved)
        .map((item) => printValue(values, item, key, depth + 1))
        .join(', ')}]`;
    case 'map': {
      const entries = values
        .entries(resolved)
        .map(
          ({ name, value }) =>
            `${JSON.stringify(name)}: ${printValue(values, value, name, depth + 1)}`,
        );
      return `{${entries.sort().join(', ')}}`;
    }
    case 'alias':
      return `*${resolved.node.name}`;
  }
}

function printScalar(scalar: YamlScalar, key: string): string {
  if (scalar.type === 'timestamp') return scalar.text;
  const value = valueOfScalar(scalar);
  if (typeof value === 'string') return JSON.stringify(CODE.has(key) ? printCode(value) : value);
  if (typeof value !== 'number') return String(value);
  // Beyond what a number holds the digits themselves are the value.
  if (scalar.type === 'integer' && !Number.isSafeInteger(value)) return scalar.text;
  return scalar.type === 'number' && Number.isInteger(value) ? `${value}.0` : String(value);
}

/** Code without lines that are blank or a comment, and without the indentation all of it has. */
export function printCode(code: string): string {
  const isSafe = !/"""|'''|\\$/m.test(code);
  const lines = code.split('\n').map((line) => line.trimEnd());
  const kept = isSafe
    ? lines.filter((line) => line !== '' && !/^\s*(?:#|--\s|\/\/)/.test(line))
    : lines;
  const indents = kept.filter(Boolean).map((line) => line.search(/\S/));
  const common = Math.min(...indents, 1000);
  return kept
    .map((line) => line.slice(common))
    .join('\n')
    .trim();
}
