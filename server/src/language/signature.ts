import { hash as digest } from 'node:crypto';
import type { SourceSignature } from './source.js';

/**
 * Makes a signature of its parts; the order in which members were added makes no difference.
 * @param keyOf what an argument is in the canonical form, where that is not its name
 */
export function makeSignature(
  parts: Pick<SourceSignature, 'sdk' | 'transform' | 'label' | 'arguments' | 'definitions'>,
  keyOf: (name: string) => string = (name) => name,
): SourceSignature {
  const { sdk, transform, label } = parts;
  const args = sorted(parts.arguments);
  const keyed = sorted(Object.fromEntries(args.map(([name, text]) => [keyOf(name), text])));
  const definitions = sorted(parts.definitions);
  const canonical = JSON.stringify([3, sdk, transform, label, keyed, definitions]);
  const hash = digest('sha256', canonical);
  return {
    version: 3,
    hash,
    sdk,
    transform,
    label,
    arguments: Object.fromEntries(args),
    definitions: Object.fromEntries(definitions),
  };
}

/**
 * What became of a source, for people: `topic: "…/a" → "…/b"`, `definition of Tick changed`; several changes are
 * separated by semicolons. Empty when the signatures are equal.
 */
export function explainDifference(recorded: SourceSignature, current: SourceSignature): string {
  if (recorded.hash === current.hash) return '';
  const changes: string[] = [];
  if (recorded.sdk !== current.sdk) changes.push(`SDK: ${recorded.sdk} → ${current.sdk}`);
  if (recorded.transform !== current.transform) {
    changes.push(`transform: ${shortName(recorded.transform)} → ${shortName(current.transform)}`);
  }
  if (recorded.label !== current.label) {
    changes.push(`label: ${recorded.label} → ${current.label}`);
  }
  for (const name of keys(recorded.arguments, current.arguments)) {
    const before = recorded.arguments[name];
    const after = current.arguments[name];
    if (before === after) continue;
    if (before === undefined) changes.push(`${name}: added ${shown(after)}`);
    else if (after === undefined) changes.push(`${name}: removed ${shown(before)}`);
    else changes.push(`${name}: ${contrast(before, after)}`);
  }
  for (const name of keys(recorded.definitions, current.definitions)) {
    const before = recorded.definitions[name];
    const after = current.definitions[name];
    if (before === after) continue;
    if (before === undefined) changes.push(`now refers to ${name}`);
    else if (after === undefined) changes.push(`no longer refers to ${name}`);
    else if (isValue(before) && isValue(after)) changes.push(`${name}: ${contrast(before, after)}`);
    else changes.push(`definition of ${name} changed`);
  }
  return changes.length > 0 ? changes.join('; ') : 'recorded by another version of Beam Rewind';
}

/** How the canonical text of code begins, of all languages; of a nameless class of Java it is a brace. */
const CODE =
  /^(?:@|(?:(?:async )?def|class|func|type|method|interface|enum|record|annotation_type) |\{(?!["}]))/;

/** A constant, or a definition that is data, stands beside the definitions of code as its value. */
function isValue(text: string): boolean {
  return !CODE.test(text);
}

const SHOWN = 60;

function shown(text: string | undefined): string {
  if (text === undefined) return '';
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}

/** Two texts, of long ones the part that differs. */
function contrast(before: string, after: string): string {
  if (before.length <= SHOWN && after.length <= SHOWN) return `${before} → ${after}`;
  let start = 0;
  while (start < Math.min(before.length, after.length) && before[start] === after[start]) start++;
  // Begin at a word, with a little of what is equal.
  const from = Math.max(0, before.slice(0, start).search(/[^\s,/:.=([{"]*.?$/));
  const cut = (text: string): string => `${from > 0 ? '…' : ''}${shown(text.slice(from))}`;
  return `${cut(before)} → ${cut(after)}`;
}

function shortName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf('.') + 1);
}

function keys(a: Record<string, string>, b: Record<string, string>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
}

function sorted(record: Record<string, string>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
