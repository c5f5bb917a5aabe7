import type { Parameter } from './facts.js';
import type { Argument, Placed, Scope } from './scope.js';
import { child, type Node } from './syntax.js';

/** An argument of a call under its parameter's name; `#0`, `#1` … when that is not known. */
export type NamedArguments = Map<string, Placed>;

/** What expansion of arguments needs of {@link Reducer}. */
export interface Expand {
  reduce(placed: Placed): Placed;
  /** Entries of a dictionary whose keys are all known, by their canonical texts. */
  dictionary(placed: Placed): ReadonlyMap<string, Placed> | undefined;
}

/** Takes arguments as they are written. */
export const AS_WRITTEN: Expand = { reduce: (same) => same, dictionary: () => undefined };

/**
 * Arguments of a call by parameter, so that positional and keyword arguments are equal. `**` of a dictionary that is known
 * and `*[…]` are taken apart; any other is `**` or `*`.
 */
export function nameArguments(
  list: Node | undefined,
  scope: Scope,
  parameters: readonly Parameter[] | readonly string[] | undefined,
  expand: Expand,
): NamedArguments {
  const named: NamedArguments = new Map();
  const names = (parameters ?? []).map((one) => (typeof one === 'string' ? one : one.name));
  const positional = (parameters ?? [])
    .filter((one) => typeof one === 'string' || one.kind === 'plain')
    .map((one) => (typeof one === 'string' ? one : one.name));
  const rest = names.length > positional.length ? restName(parameters) : undefined;
  let position = 0;
  const addPositional = (placed: Placed): void => {
    const name =
      positional[position] ?? `${rest ?? ''}#${position - (rest ? positional.length : 0)}`;
    named.set(name, placed);
    position++;
  };
  if (list?.kind === 'generator_expression') addPositional({ node: list, scope });
  for (const argument of list?.kind === 'argument_list' ? list.children : []) {
    const [inner] = argument.children.filter((part) => part.kind !== '*' && part.kind !== '**');
    if (argument.kind === 'keyword_argument') {
      const name = child(argument, 'name')?.text;
      const node = child(argument, 'value');
      if (name !== undefined && node) named.set(name, { node, scope });
    } else if (argument.kind === 'dictionary_splat' && inner) {
      if (!addEntries(expand.dictionary({ node: inner, scope }), named))
        named.set('**', { node: inner, scope });
    } else if (argument.kind === 'list_splat' && inner) {
      const literal = expand.reduce({ node: inner, scope });
      if (literal.node.kind === 'list' || literal.node.kind === 'tuple') {
        for (const node of literal.node.children) addPositional({ node, scope: literal.scope });
      } else named.set('*', { node: inner, scope });
    } else if (argument.kind !== 'ERROR' && argument.kind !== 'comment') {
      addPositional({ node: argument, scope });
    }
  }
  return named;
}

function restName(parameters: readonly Parameter[] | readonly string[] | undefined): string {
  for (const one of parameters ?? []) {
    if (typeof one !== 'string' && one.kind === '*') return one.name;
  }
  return '';
}

function addEntries(
  entries: ReadonlyMap<string, Placed> | undefined,
  named: NamedArguments,
): boolean {
  const names = [...(entries ?? [])].map(([key]) => /^"(\w+)"$/.exec(key)?.[1]);
  if (!entries || names.includes(undefined)) return false;
  for (const [key, placed] of entries) named.set(key.slice(1, -1), placed);
  return true;
}

/** The arguments as what the parameters of the called function are bound to. */
export function bindArguments(named: NamedArguments): Map<string, Argument> {
  return new Map([...named].map(([name, placed]) => [name, { placed }]));
}
