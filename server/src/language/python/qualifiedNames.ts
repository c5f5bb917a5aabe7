import { TRANSFORMS, type CataloguedTransform } from './catalogue.js';

const byName = new Map<string, CataloguedTransform>();
for (const transform of TRANSFORMS) {
  for (const name of [transform.name, ...(transform.aliases ?? [])]) byName.set(name, transform);
}

/** The entry of a qualified name, whichever of its import names it is. */
export function catalogued(qualifiedName: string): CataloguedTransform | undefined {
  return byName.get(qualifiedName);
}

/**
 * One name for what Beam exports under several: `apache_beam.Map` and `apache_beam.transforms.core.Map`.
 * Beam's classes are told apart by their own names, modules are left out.
 */
export function canonicalName(qualifiedName: string): string {
  let name = canonical.get(qualifiedName);
  if (name === undefined) {
    name = findCanonicalName(qualifiedName);
    // Names come from the text as it is typed, so there is no end to them.
    if (canonical.size > 10_000) canonical.clear();
    canonical.set(qualifiedName, name);
  }
  return name;
}

const canonical = new Map<string, string>();

function findCanonicalName(qualifiedName: string): string {
  const entry = byName.get(qualifiedName);
  if (entry) return entry.name;
  if (!qualifiedName.startsWith('apache_beam.')) return qualifiedName;
  if (qualifiedName.endsWith('.MAX_TIMESTAMP')) return 'apache_beam.utils.timestamp.MAX_TIMESTAMP';
  const parts = qualifiedName.split('.');
  const first = parts.findIndex((part) => /^[A-Z]/.test(part));
  if (first < 0) return qualifiedName;
  const outer = byName.get(parts.slice(0, first + 1).join('.'));
  return [outer?.name ?? `apache_beam.${parts[first] ?? ''}`, ...parts.slice(first + 1)].join('.');
}
