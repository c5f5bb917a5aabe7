import { closest } from './closest.js';
import type { Report } from './problems.js';
import type { YamlPipeline } from './sources.js';
import { entryOf, inputsOf, type Spec } from './specs.js';

/** What is wrong with names in one composite, chain or pipeline, and with what refers to them. */
export function referenceProblems(pipeline: YamlPipeline, group: Spec, report: Report): void {
  const { values, template } = pipeline;
  // A template may add transforms, and leave out others.
  const isCertain = !template.isTemplate;
  const named = new Map<string, Spec[]>();
  for (const child of group.children) {
    for (const name of new Set([child.name, child.type])) {
      if (name !== undefined) named.set(name, [...(named.get(name) ?? []), child]);
    }
  }
  const given = inputNames(pipeline, group);
  const reads = new Map<Spec, { to: Spec; at: Parameters<Report>[0] }[]>();
  for (const child of group.children) {
    if (child.at.node.kind === 'alias') continue;
    const explicit = entryOf(child, 'input') ?? entryOf(child, 'output');
    if (group.type === 'chain' && child.isChained && explicit) {
      const message = `In a chain, inputs and outputs follow from the order: leave out "${explicit.name}".`;
      report(explicit.key, 'error', 'input-in-chain', message);
      continue;
    }
    for (const { text, at } of inputsOf(values, child)) {
      if (given.has(text) || text === '...' || /\{[{%]/.test(text)) continue;
      const targets = targetsOf(text);
      const [target] = targets;
      if (targets.length > 1 && isCertain) {
        report(
          at,
          'error',
          'ambiguous-input',
          `${targets.length} transforms are called "${text}": give each a "name" of its own.`,
        );
      } else if (target === child) {
        report(at, 'error', 'cyclic-input', `"${text}" reads what it writes itself.`);
      } else if (target) {
        reads.set(child, [...(reads.get(child) ?? []), { to: target, at }]);
      } else if (isCertain && isKnowable(group)) {
        const meant = closest(text, [...named.keys(), ...given]);
        const hint = meant ? ` Did you mean "${meant}"?` : '';
        report(
          at,
          'error',
          'unknown-input',
          `No transform beside this one is called "${text}".${hint}`,
        );
      }
    }
  }
  reportCycles(reads, report);
  if (isCertain) reportDuplicates(group, report);

  function targetsOf(text: string): Spec[] {
    const whole = named.get(text);
    if (whole) return whole;
    // `name.output`
    return named.get(text.slice(0, Math.max(0, text.lastIndexOf('.')))) ?? [];
  }
}

/** Names of a group's own inputs; a group without reads those of what it is in. */
function inputNames(pipeline: YamlPipeline, group: Spec): Set<string> {
  const { values } = pipeline;
  const value = entryOf(group, 'input')?.value;
  if (values.map(value)) return new Set(values.entries(value).map(({ name }) => name));
  if (value) return new Set(['input']);
  return group.parent ? inputNames(pipeline, group.parent) : new Set();
}

/** Are all transforms of the group to be seen? */
function isKnowable(group: Spec): boolean {
  return group.children.every(({ at, type }) => at.node.kind !== 'alias' || type !== undefined);
}

function reportCycles(
  reads: Map<Spec, { to: Spec; at: Parameters<Report>[0] }[]>,
  report: Report,
): void {
  const done = new Set<Spec>();
  for (const start of reads.keys()) {
    const onPath = new Set<Spec>();
    visit(start);

    function visit(spec: Spec): void {
      if (done.has(spec) || onPath.has(spec)) return;
      onPath.add(spec);
      for (const { to, at } of reads.get(spec) ?? []) {
        if (onPath.has(to)) {
          const name = to.name ?? to.type ?? '';
          report(
            at,
            'error',
            'cyclic-input',
            `"${name}" reads, by way of others, what it writes itself.`,
          );
        } else visit(to);
      }
      onPath.delete(spec);
      done.add(spec);
    }
  }
}

function reportDuplicates(group: Spec, report: Report): void {
  const seen = new Set<string>();
  for (const { name, entries, at } of group.children) {
    if (name === undefined || at.node.kind === 'alias') continue;
    const written = entries.find((entry) => entry.name === 'name')?.value;
    if (seen.has(name) && written) {
      report(
        written,
        'warning',
        'duplicate-name',
        `Another transform beside this one is called "${name}": Beam gives this one a number, and inputs cannot refer to either.`,
      );
    }
    seen.add(name);
  }
}
