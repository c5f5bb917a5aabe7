import { canonicalName, catalogued } from './qualifiedNames.js';
import { lookUpNames, type Scope } from './scope.js';

/** Qualified name of what is imported under `names`, in its canonical form. */
export function importedName(names: readonly string[], scope: Scope): string | undefined {
  const { found, rest } = lookUpNames(scope, names) ?? {};
  if (!found || !rest) return starredName(names, scope);
  const binding = found.bindings.find((one) => one.kind === 'import');
  if (!binding || found.parameter) return undefined;
  return canonicalName([binding.qualified ?? '', ...rest].join('.'));
}

/** A name that `from apache_beam… import *` brings in. */
export function starredName(names: readonly string[], scope: Scope): string | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    for (const module of at.facts.stars) {
      const qualified = `${module}.${names.join('.')}`;
      if (catalogued(qualified)) return canonicalName(qualified);
      if (/^apache_beam(\.|$)/.test(module) && /^[A-Z]/.test(names[0] ?? '')) {
        return canonicalName(qualified);
      }
    }
  }
  return undefined;
}
