import { classNamed, instanceEntries, instanceOf, staticEntries } from './instances.js';
import type { Node } from './node.js';
import { withoutZero, type Placed, type Resolver } from './resolver.js';
import type { Binding, Scope, Variable } from './scope.js';
import type { References } from './writer.js';

/** What a field of a struct or an object is. */
export interface Entry {
  /** When it is one expression. */
  placed: Placed | undefined;
  text(references: References): string;
}

const MAX_DEPTH = 12;
let depth = 0;

/** The fields of a literal struct or object, with what is set in it later; undefined when not all are known. */
export function recordEntries(placed: Placed, resolver: Resolver): Map<string, Entry> | undefined {
  if (depth > MAX_DEPTH) return undefined;
  depth++;
  try {
    return ofLiteral(placed, resolver) ?? ofVariable(placed, resolver);
  } finally {
    depth--;
  }
}

function ofLiteral(placed: Placed, resolver: Resolver): Map<string, Entry> | undefined {
  const { node, scope, env } = dereferenced(resolver.reduce(placed));
  if (node.kind === 'other' && node.text === 'zero') return new Map();
  const reduced = { node, scope, env };
  if (node.kind === 'name' || node.kind === 'member' || node.kind === 'type') {
    const type = classNamed(reduced, resolver);
    if (type) return staticEntries(type, resolver);
  }
  if (node.kind === 'name' || node.kind === 'call') {
    const instance = instanceOf(reduced, resolver);
    return instance && instanceEntries(reduced, instance, resolver);
  }
  if (node.kind !== 'record') return undefined;
  const entries = new Map<string, Entry>();
  for (const part of node.children) {
    const [value] = part.children;
    if (part.kind === 'entry' && value) {
      entries.set(part.text, entry({ node: value, scope, env }, resolver));
    } else if (part.kind === 'spread' && value) {
      const inner = recordEntries({ node: value, scope, env }, resolver);
      if (!inner) return undefined;
      for (const [name, one] of inner) entries.set(name, one);
    } else return undefined;
  }
  return entries;
}

/** A variable that is a literal at first, of which fields are set. */
function ofVariable(
  { node, scope, env }: Placed,
  resolver: Resolver,
): Map<string, Entry> | undefined {
  const inner = node.kind === 'operation' && node.text === '&' ? node.children[0] : node;
  if (inner?.kind !== 'name') return undefined;
  const entity = resolver.entity([inner.text], scope, inner.start);
  if (entity?.kind !== 'variable') return undefined;
  const { variable } = entity;
  const bindings = resolver.changes.reaching(variable, scope, inner.start);
  const fields = bindings.filter(({ field }) => field.length > 0);
  const wholes = withoutZero(bindings).filter(({ field }) => field.length === 0);
  const [whole] = wholes;
  const base =
    variable.kind === 'parameter' ? resolver.argumentOf(variable, env) : valueOf(whole, env);
  if (!base || wholes.length > 1) return undefined;
  // Without fields it has been followed already, but for a name whose value is no literal.
  const entries = fields.length > 0 ? recordEntries(base, resolver) : undefined;
  if (!entries) return undefined;
  for (const binding of fields) {
    const value = valueOf(binding, env);
    const name = value && nameOf(binding, value, resolver);
    if (value && binding.how === 'change') {
      changedBy(value, entries, resolver);
      continue;
    }
    if (!value || name === undefined) return undefined;
    const before = entries.get(name);
    const after = entry(value, resolver);
    const isCertain = hasRun(binding, variable, scope, inner.start);
    entries.set(name, isCertain ? after : conditional(before, after, binding, resolver, value));
  }
  return entries;
}

/** After a call that may change any of them, no field is known to be what it was. */
function changedBy(call: Placed, entries: Map<string, Entry>, resolver: Resolver): void {
  for (const [name, before] of entries) {
    entries.set(name, { placed: undefined, text: (references) => before.text(references) });
  }
  const count = [...entries.keys()].filter((name) => name.startsWith(CHANGED)).length;
  entries.set(count === 0 ? CHANGED : `${CHANGED}#${count + 1}`, {
    placed: undefined,
    text: (references) => resolver.text(call, references),
  });
}

/** Under this name stands what changed a record, beside its fields. */
const CHANGED = 'changed by';

/** Has a binding run when the variable is used, whatever else did? */
function hasRun({ scope, offset, guards }: Binding, of: Variable, use: Scope, at: number): boolean {
  if (guards.some(({ branch }) => branch >= 0)) return false;
  if (scope.owner === use.owner) return true;
  // Code of the function, or the file, that a function inside of it is written after.
  const isBefore = scope.facts.place.offset + offset <= use.facts.place.offset + at;
  return scope.owner === of.scope.owner && isBefore;
}

function valueOf(binding: Binding | undefined, env: Placed['env']): Placed | undefined {
  if (!binding?.value || binding.path.length > 0) return undefined;
  return { node: binding.value, scope: binding.scope, env };
}

/** The field that a binding sets, if it sets just one. */
function nameOf(
  { field, key, how }: Binding,
  value: Placed,
  resolver: Resolver,
): string | undefined {
  if (field.length > 1 || how !== 'assign') return undefined;
  return key ? resolver.string({ ...value, node: key }) : field[0];
}

function entry(placed: Placed, resolver: Resolver): Entry {
  return { placed, text: (references) => resolver.text(placed, references) };
}

function conditional(
  before: Entry | undefined,
  after: Entry,
  { guards }: Binding,
  resolver: Resolver,
  { scope, env }: Placed,
): Entry {
  return {
    placed: undefined,
    text: (references) => {
      const conditions = guards.map(({ condition, branch }) => {
        const text = condition && resolver.text({ node: condition, scope, env }, references);
        return `${branch > 0 ? 'not ' : ''}${text ?? 'branch'}: `;
      });
      const first = before ? `${before.text(references)}; ` : '';
      return `either(${first}${conditions.join('')}${after.text(references)})`;
    },
  };
}

/** Of `&T{…}` the literal. */
export function dereferenced(placed: Placed): Placed {
  const { node } = placed;
  const inner: Node | undefined = node.children[0];
  return node.kind === 'operation' && node.text === '&' && inner
    ? { ...placed, node: inner }
    : placed;
}
