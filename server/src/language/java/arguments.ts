import { child, type SyntaxNode } from '../syntax/tree.js';
import type { Placed, Scope } from './unit.js';

/** An argument, or the arguments of a builder's method, in order. */
export interface TransformArgument {
  name: string;
  values: Placed[];
}

/** The values of a switch, by its arrows or `yield`s. */
export function switchValues(node: SyntaxNode): SyntaxNode[] {
  const values: SyntaxNode[] = [];
  const collect = (part: SyntaxNode): void => {
    if (part.kind === 'yield_statement') {
      const value = part.children.find(({ kind }) => kind !== 'yield');
      if (value) values.push(value);
    } else part.children.forEach(collect);
  };
  for (const rule of child(node, 'body')?.children ?? []) {
    const arrow = rule.kind === 'switch_rule' ? rule.children.at(-1) : undefined;
    const only = arrow?.kind === 'expression_statement' ? arrow.children[0] : undefined;
    if (only) values.push(only);
    else collect(rule);
  }
  return values;
}

export function positional(list: readonly SyntaxNode[], scope: Scope): TransformArgument[] {
  return list.map((node, index) => ({ name: `#${index}`, values: [{ node, scope }] }));
}

/** Calls of a builder: `withTopic("x")` is the argument `topic`. */
export function builderArguments(calls: readonly SyntaxNode[], scope: Scope): TransformArgument[] {
  return calls.flatMap((call) => {
    const method = child(call, 'name')?.text ?? '';
    if (method === 'build' || method === 'builder') return [];
    const list = child(call, 'arguments')?.children ?? [];
    return [{ name: argumentName(method), values: list.map((node) => ({ node, scope })) }];
  });
}

export function argumentName(method: string): string {
  const name = /^(?:with|set)([A-Z]\w*)$/.exec(method)?.[1];
  return name ? name.charAt(0).toLowerCase() + name.slice(1) : method;
}

/** One argument for each name: those of a method that is called again get a number, in order. */
export function merged(list: readonly TransformArgument[]): TransformArgument[] {
  const counts = new Map<string, number>();
  return list.map((one) => {
    const base = one.name.replace(/#\d+$/, '') || one.name;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return count === 1 ? { ...one, name: base } : { ...one, name: `${base}#${count}` };
  });
}
