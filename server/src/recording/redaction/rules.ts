import { hash as digest } from 'node:crypto';
import type { JSONPathQuery } from 'json-p3';
import { jsonpath } from 'json-p3';
import { isNamed } from '../../language/recordable.js';

/**
 * What is kept out of the recordings of some sources. Each member that is given narrows what the one before it
 * selects: a field of the element, nodes of the JSON text that it holds, what a pattern matches in that.
 */
export interface RedactionRule {
  /** A label, in which `*` stands for anything. */
  source: string;
  /** Names of fields, separated by dots: of rows, of dicts, `key` and `value` of pairs. Lists are looked into. */
  field?: string;
  /** A JSONPath (RFC 9535). */
  path?: string;
  /** A regular expression of JavaScript, with the flag `u`. */
  pattern?: string;
  /** What stands in place of a text. */
  replacement: string;
}

/** A rule that is ready to be applied. */
export interface CompiledRule {
  rule: RedactionRule;
  steps: string[];
  query: JSONPathQuery | undefined;
  pattern: RegExp | undefined;
}

const defaultReplacement = '[redacted]';
const members = ['source', 'field', 'path', 'pattern', 'replacement'];

/**
 * Reads rules, as they stand in a setting or a file.
 * @throws Error that says which rule is wrong, and how
 */
export function parseRedactionRules(json: unknown): RedactionRule[] {
  if (!Array.isArray(json)) throw new Error('The rules of redaction are not a list.');
  return json.map((rule: unknown, index) => {
    try {
      return parseRule(rule);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`Rule ${index + 1} of redaction: ${reason}`);
    }
  });
}

function parseRule(json: unknown): RedactionRule {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error('it is no object.');
  }
  const given = json as Record<string, unknown>;
  for (const [name, value] of Object.entries(given)) {
    if (!members.includes(name)) throw new Error(`"${name}" is none of ${members.join(', ')}.`);
    if (typeof value !== 'string') throw new Error(`"${name}" is no text.`);
    if (value === '' && name !== 'replacement') throw new Error(`"${name}" is empty.`);
  }
  const {
    source = '*',
    replacement = defaultReplacement,
    ...where
  } = given as Partial<RedactionRule>;
  if (Object.keys(where).length === 0) throw new Error('it needs a field, a path or a pattern.');
  const rule = { source, ...where, replacement };
  compileRule(rule);
  return rule;
}

/** @throws Error for a path or a pattern that is none */
export function compileRule(rule: RedactionRule): CompiledRule {
  const { field, path, pattern } = rule;
  return {
    rule,
    steps: field?.split('.') ?? [],
    query: path === undefined ? undefined : jsonpath.compile(path),
    pattern: pattern === undefined ? undefined : new RegExp(pattern, 'gu'),
  };
}

/** The rules for a source. */
export function rulesFor(rules: RedactionRule[], label: string): RedactionRule[] {
  return rules.filter(({ source }) => isNamed([label], [source]));
}

/** What a recording says of the rules it was made by. A pattern may itself be what has to stay secret. */
export interface Redaction {
  rules: number;
  /** Hex, changes with any of the rules. */
  hash: string;
}

/** True for a recording that was made by the rules there are now for its source, or if there is none. */
export function isRedactedEnough(
  { label, redaction }: { label: string; redaction?: Redaction },
  rules: RedactionRule[],
): boolean {
  const now = redactionOf(rules, label);
  return !now || now.hash === redaction?.hash;
}

/** Undefined where no rule applies. */
export function redactionOf(rules: RedactionRule[], label: string): Redaction | undefined {
  const own = rulesFor(rules, label).map(
    ({ source: _source, field, path, pattern, replacement }) => [field, path, pattern, replacement],
  );
  if (own.length === 0) return undefined;
  return { rules: own.length, hash: digest('sha256', JSON.stringify(own)).slice(0, 16) };
}
