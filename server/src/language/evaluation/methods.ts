import { bodyOf, dottedName, type Node } from './node.js';

/** A field of its object that a method sets; certain when nothing is around it, and all of the field is set. */
export interface FieldAssignment {
  name: string;
  value: Node | undefined;
  isCertain: boolean;
}

/** The fields of its object that a method sets, at any depth. */
export function assignments(method: Node): FieldAssignment[] {
  return [...inCode(bodyOf(method)?.children ?? [], true)];
}

function* inCode(nodes: readonly Node[], isCertain: boolean): Generator<FieldAssignment> {
  for (const node of nodes) {
    const [target] = node.kind === 'bind' ? (node.targets ?? []) : [];
    const [name] = target?.field ?? [];
    if (target?.name === 'this' && name !== undefined) {
      const isWhole = target.field?.length === 1 && !target.key && node.text === 'assign';
      yield { name, value: node.children[0], isCertain: isCertain && isWhole };
    }
    const [callee] = node.kind === 'call' ? node.children : [];
    const [root, field, method] = (callee && dottedName(callee)) ?? [];
    // `this.topics.push(…)`
    if (root === 'this' && field !== undefined && method !== undefined) {
      yield { name: field, value: undefined, isCertain: false };
    }
    yield* inCode(node.children, false);
  }
}

function isThis(node: Node | undefined): boolean {
  return node?.kind === 'name' && node.text === 'this';
}

/** Does a method give its object, whatever happens? */
export function returnsThis(method: Node): boolean {
  const statements = bodyOf(method)?.children ?? [];
  return isThis(returned(statements.at(-1))) && !statements.slice(0, -1).some(hasReturn);
}

function returned(node: Node | undefined): Node | undefined {
  return node?.kind === 'return' && node.children.length === 1 ? node.children[0] : undefined;
}

function hasReturn(node: Node): boolean {
  return node.kind === 'return' || (node.kind !== 'function' && node.children.some(hasReturn));
}

/** Does a method do nothing but set fields, and perhaps return its object? */
export function setsOnly(method: Node): boolean {
  const statements = bodyOf(method)?.children ?? [];
  return statements.every((node) => {
    if (isThis(returned(node))) return true;
    const isCall = node.kind === 'call' && (dottedName(node.children[0] ?? node)?.length ?? 0) > 2;
    return (
      isCall || (node.kind === 'bind' && (node.targets ?? []).every(({ name }) => name === 'this'))
    );
  });
}

/** Names of the methods that a class calls on its own objects. */
export function calledOnThis(node: Node, names = new Set<string>()): Set<string> {
  const [callee] = node.kind === 'call' ? node.children : [];
  const path = callee && dottedName(callee);
  if (path?.[0] === 'this' && path.length === 2 && path[1] !== undefined) names.add(path[1]);
  for (const part of node.children) calledOnThis(part, names);
  return names;
}
