import { factsOf } from './collector.js';
import type { Binding, Facts } from './facts.js';
import type { Statement } from './statement.js';

/** A function or class in a statement, at any depth. */
export interface Outline {
  name: string;
  appliesTransforms: boolean;
  /** {@link calleeKeys} of what it calls. */
  callees: ReadonlySet<string>;
}

/** What a statement of a module has in it that may matter to the module's pipelines. */
export interface Share {
  /** Its definitions, outermost first. */
  outline: readonly Outline[];
  /** Does any of them apply transforms? */
  appliesTransforms: boolean;
  /** {@link calleeKeys} of what its definitions call. */
  callees: ReadonlySet<string>;
  /** {@link calleeKeys} of its own sites, those outside of definitions. */
  sites: ReadonlySet<string>;
  /** Names of all that is called in it. */
  calls: ReadonlySet<string>;
  /** Imports in it, at any depth. */
  imports: readonly Binding[];
}

/** What a statement is asked for by: its text alone says it, so that it is kept with it. */
export function shareOf(statement: Statement): Share {
  return (statement.share ??= makeShare(factsOf(statement)));
}

/** Keys of a call in indexes: of `a.b` itself and `.b`, since some `b` of the file may be meant. Of a pipe the empty text. */
export function calleeKeys(callee: string | undefined): string[] {
  if (callee === undefined) return [''];
  const dot = callee.lastIndexOf('.');
  return dot < 0 ? [callee] : [callee, callee.slice(dot)];
}

function makeShare(facts: Facts): Share {
  const outline: Outline[] = [];
  const calls = new Set(facts.calls);
  const callees = new Set<string>();
  const imports = [...facts.imports];
  let appliesTransforms = false;
  for (const { name, body } of definitions(facts)) {
    const own = new Set<string>();
    for (const call of body.calls) {
      calls.add(call);
      for (const key of calleeKeys(call)) own.add(key);
    }
    for (const key of own) callees.add(key);
    imports.push(...body.imports);
    appliesTransforms ||= body.appliesTransforms;
    outline.push({ name, appliesTransforms: body.appliesTransforms, callees: own });
  }
  const sites = new Set(facts.sites.flatMap(({ callee }) => calleeKeys(callee)));
  return { outline, appliesTransforms, callees, sites, calls, imports };
}

function* definitions(facts: Facts): Generator<{ name: string; body: Facts }> {
  for (const bindings of facts.bindings.values()) {
    for (const { definition } of bindings) {
      if (!definition) continue;
      yield definition;
      yield* definitions(definition.body);
    }
  }
}
