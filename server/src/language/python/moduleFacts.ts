import { factsOf } from './collector.js';
import { noFacts, type Binding, type Facts } from './facts.js';
import type { PlacedStatement } from './statement.js';

/** The facts of all statements as those of one module, with offsets in the file. */
export function moduleFacts(statements: readonly PlacedStatement[]): Facts {
  const facts = noFacts();
  for (const { offset, statement } of statements) {
    const own = factsOf(statement);
    for (const [name, bindings] of own.bindings) {
      const shifted = bindings.map((binding) => shift(binding, offset));
      const before = facts.bindings.get(name);
      if (before) before.push(...shifted);
      else facts.bindings.set(name, shifted);
    }
    for (const site of own.sites) {
      facts.sites.push({
        ...site,
        offset: site.offset + offset,
        statement: { start: site.statement.start + offset, end: site.statement.end + offset },
      });
    }
    facts.appliesTransforms ||= own.appliesTransforms;
    for (const name of own.calls) facts.calls.add(name);
    facts.options.push(...own.options);
    facts.stars.push(...own.stars);
    facts.imports.push(...own.imports);
  }
  return facts;
}

function shift(binding: Binding, offset: number): Binding {
  return {
    ...binding,
    offset: binding.offset + offset,
    guards: binding.guards.map((guard) => ({ ...guard, offset: guard.offset + offset })),
  };
}
