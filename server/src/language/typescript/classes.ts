import { make, NO_NODES, type Node } from '../evaluation/node.js';
import { child, type SyntaxNode } from '../syntax/tree.js';
import { readString } from './literals.js';

interface Lower {
  expression: (node: SyntaxNode) => Node;
  func: (node: SyntaxNode) => Node;
}

/** A class: what it extends, its fields as entries, its methods as functions. */
export function lowerClass(node: SyntaxNode, { expression, func }: Lower): Node {
  const members = child(node, 'body')?.children ?? [];
  const heritage = node.children.find(({ kind }) => kind === 'class_heritage');
  const extended = heritage?.children.map((part) => child(part, 'value')).find(Boolean);
  return make('type', node, child(node, 'name')?.text ?? '', [
    ...(extended ? [make('other', extended, 'extends', [expression(extended)])] : []),
    ...members.flatMap((member): Node[] => {
      const isStatic = member.children.some(({ kind }) => kind === 'static');
      if (member.kind === 'method_definition') return [{ ...func(member), isStatic }];
      if (member.kind === 'class_static_block') return [expression(member)];
      if (!member.kind.endsWith('field_definition')) return [];
      const value = child(member, 'value');
      const name = child(member, 'name') ?? child(member, 'property');
      const values = value ? [expression(value)] : NO_NODES;
      return [{ ...make('entry', member, name?.text ?? '', values), isStatic }];
    }),
  ]);
}

/** An enum: its members as entries, those without a value counted as the language does. */
export function lowerEnum(node: SyntaxNode, { expression }: Pick<Lower, 'expression'>): Node {
  let next = 0;
  const entries = (child(node, 'body')?.children ?? []).flatMap((member): Node[] => {
    const key = member.kind === 'enum_assignment' ? child(member, 'name') : member;
    const value = child(member, 'value');
    if (!key || !/^(?:property_identifier|string)$/.test(key.kind)) return [];
    const lowered = value ? expression(value) : make('constant', member, String(next));
    next = Number(lowered.text) + 1;
    const text = key.kind === 'string' ? readString(key) : key.text;
    return [{ ...make('entry', member, text, [lowered]), isStatic: true }];
  });
  return make('type', node, child(node, 'name')?.text ?? '', entries);
}
