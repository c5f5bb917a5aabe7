import { closest } from './closest.js';
import type { Placed } from './nodes.js';
import type { Report } from './problems.js';
import { PROVIDERS } from './schema/schemas.js';
import type { Values } from './values.js';

const KEYS = ['type', 'transforms', 'config'];

/** What Beam would refuse of the file's own providers. */
export function providerProblems(values: Values, document: Placed, report: Report): void {
  for (const provider of values.items(values.get(document, 'providers'))) {
    const entries = values.entries(provider);
    if (entries.length === 0 || provider.node.kind === 'alias') continue;
    const isInclude = entries.some(({ name }) => name === 'include');
    const keys = isInclude ? ['include'] : KEYS;
    const what = isInclude ? 'an included provider' : 'a provider';
    for (const { name, key } of entries) {
      if (keys.includes(name)) continue;
      const meant = closest(name, keys);
      const hint = meant ? ` Did you mean "${meant}"?` : '';
      report(key, 'error', 'unknown-key', `There is no "${name}" in ${what}.${hint}`);
    }
    const first = entries[0]?.key ?? provider;
    for (const name of keys) {
      if (!entries.some((entry) => entry.name === name))
        report(first, 'error', 'missing-key', `"${name}" is missing in ${what}.`);
    }
    if (!isInclude) checkType(values, provider, report);
  }
}

function checkType(values: Values, provider: Placed, report: Report): void {
  const written = values.get(provider, 'type');
  const type = values.text(written);
  if (!written || type === undefined || values.scalar(written)?.isTemplate) return;
  const keys = PROVIDERS[type];
  if (!keys) {
    const meant = closest(type, Object.keys(PROVIDERS));
    const hint = meant
      ? `Did you mean "${meant}"?`
      : `There are ${Object.keys(PROVIDERS).join(', ')}.`;
    report(
      written,
      'error',
      'unknown-provider',
      `Beam YAML has no provider of type "${type}". ${hint}`,
    );
    return;
  }
  for (const { name, key } of values.entries(values.get(provider, 'config'))) {
    if (keys.includes(name)) continue;
    const meant = closest(name, keys);
    const hint = meant ? ` Did you mean "${meant}"?` : '';
    report(
      key,
      'error',
      'unknown-key',
      `A provider of type "${type}" has no "${name}" in its config.${hint}`,
    );
  }
}
