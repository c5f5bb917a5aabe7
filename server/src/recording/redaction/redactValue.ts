import type { BeamValue, PythonObjectValue, RowValue } from '../../beam/coders/beamValue.js';
import type { KindedValue } from '../../beam/coders/expectValue.js';
import { isKinded } from '../../beam/coders/expectValue.js';
import { redactJsonText } from './redactJson.js';
import { RedactionError } from './redactionError.js';
import type { CompiledRule } from './rules.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

type Change = (value: BeamValue) => BeamValue;

/**
 * An element without what a rule selects. Texts become the replacement, numbers 0, booleans false, lists and maps
 * empty, rows rows of these: the element keeps its type.
 * @throws RedactionError for what the rule cannot be applied to: it is never left as it is
 */
export function redactValue(value: BeamValue, compiled: CompiledRule): BeamValue {
  const { rule, steps, query, pattern } = compiled;
  const change: Change = query
    ? (selected) => changeText(selected, (text) => redactJsonText(text, compiled))
    : pattern
      ? (selected) => replaceMatches(selected, pattern, rule.replacement)
      : (selected) => blank(selected, rule.replacement);
  return changeField(value, steps, change);
}

/** Changes the field at the end of some steps. */
function changeField(value: BeamValue, steps: string[], change: Change): BeamValue {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  if (value === null) return null;
  const within: Change = (inner) => changeField(inner, rest, change);
  const each: Change = (item) => changeField(item, steps, change);
  if (Array.isArray(value)) return value.map(each);
  if (!isKinded(value)) throw new RedactionError(`has no field "${step}": it is no row`);
  if (value.kind === 'row') return changeRow(value, step, within);
  if (value.kind === 'python object') return changeObject(value, step, within);
  if (value.kind === 'tuple' || value.kind === 'set') {
    return { ...value, items: value.items.map(each) };
  }
  if (value.kind === 'map') {
    const entries = value.entries.map(([key, entry]): [BeamValue, BeamValue] => [
      key,
      key === step ? within(entry) : entry,
    ]);
    return { ...value, entries };
  }
  if (value.kind === 'kv') {
    if (step === 'key') return { ...value, key: within(value.key) };
    if (step === 'value') return { ...value, value: within(value.value) };
    throw new RedactionError(`has no field "${step}": it is a pair, of key and value`);
  }
  throw new RedactionError(`has a ${value.kind} where the rule needs the field "${step}"`);
}

function changeRow(row: RowValue, step: string, within: Change): BeamValue {
  if (!row.fields.some(([name]) => name === step)) {
    const names = row.fields.map(([name]) => name).join(', ');
    throw new RedactionError(`has no field "${step}"; its fields: ${names}`);
  }
  const fields = row.fields.map(([name, field]): [string, BeamValue] => [
    name,
    name === step ? within(field) : field,
  ]);
  return { ...row, fields };
}

function changeObject(object: PythonObjectValue, step: string, within: Change): BeamValue {
  const index = object.names?.indexOf(step) ?? -1;
  if (index === -1)
    throw new RedactionError(`is a Python object whose field "${step}" is not known`);
  return { ...object, items: object.items.map((item, at) => (at === index ? within(item) : item)) };
}

/** Changes a text, or bytes that are one. */
function changeText(value: BeamValue, change: (text: string) => string): BeamValue {
  if (value === null) return null;
  if (typeof value === 'string') return change(value);
  if (value instanceof Uint8Array) {
    const text = textOf(value);
    const changed = change(text);
    return changed === text ? value : Buffer.from(changed);
  }
  throw new RedactionError('is no JSON text, which the rule has a path for');
}

function textOf(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RedactionError('has bytes that are no UTF-8 text');
  }
}

/** Replaces what matches in all texts of a value, names of its maps included; integers whose digits match become 0. */
function replaceMatches(value: BeamValue, pattern: RegExp, replacement: string): BeamValue {
  const replace: Change = (inner) => replaceMatches(inner, pattern, replacement);
  if (typeof value === 'bigint') return String(value).search(pattern) === -1 ? value : 0n;
  if (typeof value === 'number') return String(value).search(pattern) === -1 ? value : 0;
  if (typeof value === 'string' || value instanceof Uint8Array) {
    return changeText(value, (text) => text.replace(pattern, () => replacement));
  }
  if (Array.isArray(value)) return value.map(replace);
  if (!isKinded(value)) return value;
  return changeParts(value, replace);
}

/** What stands in place of a value of the same type. */
function blank(value: BeamValue, replacement: string): BeamValue {
  const blankPart: Change = (part) => blank(part, replacement);
  if (value === null) return null;
  if (typeof value === 'string') return replacement;
  if (value instanceof Uint8Array) return Buffer.from(replacement);
  if (typeof value === 'bigint') return 0n;
  if (typeof value === 'number') return 0;
  if (typeof value === 'boolean') return false;
  if (Array.isArray(value)) return [];
  if (value.kind === 'set') return { ...value, items: [] };
  if (value.kind === 'map') return { ...value, entries: [] };
  if (value.kind === 'timestamp') return { ...value, units: 0n };
  if (value.kind === 'date') return { ...value, days: 0n };
  if (value.kind === 'decimal') return { ...value, unscaled: 0n };
  return changeParts(value, blankPart);
}

/** Changes what a value consists of. */
function changeParts(value: KindedValue, change: Change): BeamValue {
  switch (value.kind) {
    case 'kv':
      return { ...value, key: change(value.key), value: change(value.value) };
    case 'tuple':
    case 'set':
      return { ...value, items: value.items.map(change) };
    case 'map':
      return {
        ...value,
        entries: value.entries.map(([key, entry]) => [change(key), change(entry)]),
      };
    case 'row':
      return { ...value, fields: value.fields.map(([name, field]) => [name, change(field)]) };
    case 'sharded key':
      return { ...value, key: change(value.key) };
    case 'windowed value':
      return { ...value, value: change(value.value) };
    case 'timer':
      return { ...value, userKey: change(value.userKey) };
    case 'python object':
      if (value.form === 'proto') break;
      return { ...value, items: value.items.map(change) };
    case 'timestamp':
    case 'date':
    case 'decimal':
    case 'pane':
    case 'global window':
    case 'interval window':
      return value;
    case 'pickle':
      // Beam's own times are pickles in Python, and can be read.
      if (value.timestamp) return value;
      break;
    case 'custom window':
    case 'state-backed':
    case 'opaque':
      break;
  }
  throw new RedactionError(`has a ${wordFor(value.kind)}, which only its SDK can look into`);
}

function wordFor(kind: KindedValue['kind']): string {
  if (kind === 'opaque') return 'part of a coder of its own';
  return kind === 'python object' ? 'protobuf message' : kind;
}
