import { Validator, type Schema } from '@cfworker/json-schema';

/** Where a value does not agree with its schema. */
export interface Disagreement {
  /** Keys and indices from the value to the place. */
  path: string[];
  kind: 'unknown key' | 'missing key' | 'value';
  /** The key that is missing. */
  key?: string;
  /** What is expected, for people: `a string`, `one of …`. */
  expected?: string;
}

const validators = new WeakMap<Schema, Validator>();

export function checkValue(schema: Schema, value: unknown): Disagreement[] {
  let validator = validators.get(schema);
  if (!validator) {
    validator = new Validator(schema, '7', false);
    validators.set(schema, validator);
  }
  const found: Disagreement[] = [];
  for (const { keyword, instanceLocation, keywordLocation, error } of validator.validate(value)
    .errors) {
    const path = instanceLocation.split('/').slice(1).map(unescape);
    const place = schemaAt(schema, keywordLocation);
    if (keyword === 'false') found.push({ path, kind: 'unknown key' });
    else if (keyword === 'required') {
      const key = /property "(.*)"\.$/.exec(error)?.[1];
      if (key !== undefined) found.push({ path, kind: 'missing key', key });
    } else if (keyword === 'type') {
      found.push({ path, kind: 'value', expected: namesOf(place) });
    } else if (keyword === 'enum' || keyword === 'const') {
      const values = Array.isArray(place) ? place : [place];
      found.push({ path, kind: 'value', expected: `one of ${values.map(String).join(', ')}` });
    }
  }
  return found;
}

function unescape(part: string): string {
  return decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~');
}

/** The value of a keyword in a schema. */
function schemaAt(schema: Schema, location: string): unknown {
  let at: unknown = schema;
  for (const part of location.split('/').slice(1)) {
    at =
      at !== null && typeof at === 'object'
        ? (at as Record<string, unknown>)[unescape(part)]
        : undefined;
  }
  return at;
}

const NAMES: Record<string, string> = {
  string: 'a string',
  integer: 'an integer',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

export function namesOf(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => NAMES[String(one)] ?? String(one)).join(' or ');
}
