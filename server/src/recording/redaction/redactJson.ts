import type { JSONValue } from 'json-p3';
import type { Node } from 'jsonc-parser';
import { getNodeValue, parseTree } from 'jsonc-parser';
import { RedactionError } from './redactionError.js';
import type { CompiledRule } from './rules.js';

/**
 * The text of a JSON document without what a rule's path selects. All else stays as it is written: numbers keep their
 * digits, members their order.
 * @throws RedactionError for text that is not JSON
 */
export function redactJsonText(text: string, { rule, query, pattern }: CompiledRule): string {
  if (!query) return text;
  const document = parsed(text);
  const root = parseTree(text, [], { disallowComments: true });
  if (!root) throw new RedactionError('is not JSON');
  const nodes = [...query.query(document)]
    .flatMap(({ location }) => nodesAt(root, location))
    .sort((a, b) => a.offset - b.offset || b.length - a.length);
  let redacted = '';
  let end = 0;
  for (const node of nodes) {
    // It is within a node that was redacted as a whole.
    if (node.offset < end) continue;
    const value = getNodeValue(node) as JSONValue;
    const replaced = pattern
      ? replacedIn(value, pattern, rule.replacement)
      : blankJson(value, rule.replacement);
    redacted += text.slice(end, node.offset);
    // Numbers that nothing matched keep their digits.
    redacted +=
      replaced === value
        ? text.slice(node.offset, node.offset + node.length)
        : JSON.stringify(replaced);
    end = node.offset + node.length;
  }
  return redacted + text.slice(end);
}

function parsed(text: string): JSONValue {
  try {
    return JSON.parse(text) as JSONValue;
  } catch {
    throw new RedactionError('is not JSON');
  }
}

/** The nodes at a place; a member that is there twice is two. */
function nodesAt(root: Node, location: (string | number)[]): Node[] {
  return location.reduce(
    (nodes, step) =>
      nodes.flatMap(({ type, children = [] }) => {
        if (type === 'array') return children.filter((_, index) => index === step);
        return children.flatMap(({ children: [name, value] = [] }) =>
          value && name?.value === step ? [value] : [],
        );
      }),
    [root],
  );
}

/** A value of the same type without what it said. */
function blankJson(value: JSONValue, replacement: string): JSONValue {
  if (typeof value === 'string') return replacement;
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return value.map((item) => blankJson(item, replacement));
  if (typeof value !== 'object' || value === null) return null;
  return mapped(value, (item) => blankJson(item, replacement));
}

/** A value with all that matches replaced; a number whose digits match is 0. */
function replacedIn(value: JSONValue, pattern: RegExp, replacement: string): JSONValue {
  if (typeof value === 'string') return value.replace(pattern, () => replacement);
  if (typeof value === 'number') return String(value).search(pattern) === -1 ? value : 0;
  if (Array.isArray(value)) return value.map((item) => replacedIn(item, pattern, replacement));
  if (typeof value !== 'object' || value === null) return value;
  return mapped(value, (item) => replacedIn(item, pattern, replacement));
}

function mapped(object: object, change: (value: JSONValue) => JSONValue): JSONValue {
  return Object.fromEntries(
    Object.entries(object).map(([name, value]) => [name, change(value as JSONValue)]),
  );
}
