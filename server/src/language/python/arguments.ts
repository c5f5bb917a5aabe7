import type { Parameter } from './facts.js';
import type { Argument, Placed, Scope } from './scope.js';
import { child, type Node } from './syntax.js';

/** An argument of a call under its parameter's name; `#0`, `#1` … when that is not known. */
export type NamedArguments = Map<string, Placed>;

/**
 * Arguments of a call by parameter, so that positional and keyword arguments are equal. Literal `**{…}` and
 * `*[…]` are taken apart (`reduce` finds the literal behind a name); any other is `**` or `*`.
 */
export function nameArguments(
  list: Node | undefined,
  scope: Scope,
  parameters: readonly Parameter[] | readonly string[] | undefined,
  reduce: (placed: Placed) => Placed,
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
      if (!addLiteral(reduce({ node: inner, scope }), named))
        named.set('**', { node: inner, scope });
    } else if (argument.kind === 'list_splat' && inner) {
      const literal = reduce({ node: inner, scope });
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

function addLiteral({ node, scope }: Placed, named: NamedArguments): boolean {
  if (node.kind === 'dictionary') {
    const pairs: [string, Node][] = [];
    for (const pair of node.children) {
      const key = child(pair, 'key');
      const value = child(pair, 'value');
      const name = key?.kind === 'string' ? /^['"](\w+)['"]$/.exec(key.text)?.[1] : undefined;
      if (name === undefined || !value) return false;
      pairs.push([name, value]);
    }
    for (const [name, value] of pairs) named.set(name, { node: value, scope });
    return true;
  }
  const list = node.kind === 'call' ? child(node, 'arguments') : undefined;
  if (!list || child(node, 'function')?.text !== 'dict') return false;
  if (!list.children.every((part) => part.kind === 'keyword_argument')) return false;
  for (const [name, placed] of nameArguments(list, scope, undefined, (same) => same)) {
    named.set(name, placed);
  }
  return true;
}

/** The arguments as what the parameters of the called function are bound to. */
export function bindArguments(named: NamedArguments): Map<string, Argument> {
  return new Map([...named].map(([name, placed]) => [name, { placed }]));
}
