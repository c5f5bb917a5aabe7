import { child, sourceOf, type SyntaxNode } from '../syntax/tree.js';
import { bodyFacts } from './body.js';
import { changesIn } from './changes.js';
import { rootCall } from './calls.js';
import { declaredBy, dottedName, TYPE_KINDS } from './unit.js';
import type { ParsedMember } from './unitReader.js';

const kept = new WeakMap<ParsedMember, string>();

/**
 * What a member declares, calls, assigns and changes, as a text that is equal when all that is: whoever does not read
 * its code knows nothing else of it.
 */
export function summaryOf(member: ParsedMember): string {
  let summary = kept.get(member);
  if (summary === undefined) {
    const { kind, next, nodes } = member;
    summary = JSON.stringify([kind, next, nodes.map(summaryOfNode)]);
    kept.set(member, summary);
  }
  return summary;
}

/** Is what a member is known by more than its summary, whoever asks? */
export function isReadByAll({ kind, nodes }: ParsedMember): boolean {
  return (
    kind !== 'member' ||
    nodes.some(
      (node) =>
        TYPE_KINDS.has(node.kind) ||
        /^(?:import|package)_declaration$/.test(node.kind) ||
        (declaredBy(node) !== undefined && bodyFacts(node).types.length > 0),
    )
  );
}

function summaryOfNode(node: SyntaxNode): unknown {
  const declared = TYPE_KINDS.has(node.kind) ? undefined : declaredBy(node);
  if (!declared) return node.kind;
  const { calls, applies, sites, assignments, types } = bodyFacts(node);
  const onTypes = sites
    .filter(({ isOnType }) => isOnType)
    .map((site) => {
      const object = dottedName(child(rootCall(site.node), 'object')) ?? [];
      return [...object, site.callee, site.applies].join('.');
    });
  const head = Array.isArray(declared)
    ? declared.map(({ name, isStatic }) => [name, isStatic])
    : [
        ...[declared.kind, declared.name, declared.isStatic],
        declared.parameters.map(({ kind }) => kind),
        declared.modifiers && sourceOf(declared.modifiers),
      ];
  return [
    ...[node.kind, head, applies, types.length],
    [...calls].sort(),
    [...new Set(onTypes)].sort(),
    [...assignments.keys()].sort(),
    [...changesIn(node).keys()].sort(),
  ];
}
