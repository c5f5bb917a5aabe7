import { child, type SyntaxNode } from '../syntax/tree.js';
import type { Body } from './body.js';

/** A file of Java: what it declares. Made anew after every edit, of nodes that are kept. */
export interface Unit {
  package: string;
  imports: Import[];
  types: JavaType[];
  /** The file that is analysed; others are read through its imports. */
  isMain: boolean;
  /** Absolute; undefined for a text that stands alone. */
  path: string | undefined;
}

export interface Import {
  /** Without `.*`. */
  name: string;
  isStatic: boolean;
  isWildcard: boolean;
}

/** A class, interface, enum or record; of an anonymous class the name is empty. */
export interface JavaType {
  unit: Unit;
  name: string;
  /** With those around it: `Outer.Inner`. */
  path: string;
  /** Its declaration, or for an anonymous class its `new` expression. */
  node: SyntaxNode;
  fields: Field[];
  methods: Method[];
  types: JavaType[];
  outer: JavaType | undefined;
  /** Of a local or anonymous class: the code around it. */
  enclosing: Scope | undefined;
}

/** Something with code in it; offsets of its nodes count from `base` in the file. */
export interface Member {
  type: JavaType;
  node: SyntaxNode;
  base: number;
}

export interface Field extends Member {
  name: string;
  value: SyntaxNode | undefined;
  declaredType: SyntaxNode | undefined;
  isStatic: boolean;
}

export interface Method extends Member {
  kind: 'method' | 'constructor' | 'initializer';
  name: string;
  parameters: SyntaxNode[];
  isStatic: boolean;
  modifiers: SyntaxNode | undefined;
}

/** Where an expression is evaluated. */
export interface Scope {
  type: JavaType;
  /** Undefined in a class's own code outside of any member. */
  member: Method | Field | undefined;
  body: Body | undefined;
  base: number;
  /** What a call gives to the parameters of the member. */
  args: ReadonlyMap<string, Placed> | undefined;
}

/** An expression where it stands. */
export interface Placed {
  node: SyntaxNode;
  scope: Scope;
}

export const TYPE_KINDS = new Set([
  'class_declaration',
  'interface_declaration',
  'enum_declaration',
  'record_declaration',
  'annotation_type_declaration',
]);

export function makeType(
  unit: Unit,
  node: SyntaxNode,
  outer: JavaType | undefined,
  enclosing?: Scope,
): JavaType {
  const name = child(node, 'name')?.text ?? '';
  const around = outer ?? enclosing?.type;
  const own = node.kind === 'object_creation_expression' ? 'anonymous' : name;
  const path = around ? `${around.path}.${own}` : own;
  return { unit, name, path, node, fields: [], methods: [], types: [], outer, enclosing };
}

/** What a member's node says by itself. */
type Declared =
  | Pick<Field, 'name' | 'value' | 'declaredType' | 'isStatic'>[]
  | Pick<Method, 'kind' | 'name' | 'parameters' | 'isStatic' | 'modifiers'>
  | undefined;

/** Kept with the nodes, most of which outlive an edit. */
const known = new WeakMap<SyntaxNode, Declared>();

/** Adds what a member's node declares to `type`. */
export function addMember(type: JavaType, node: SyntaxNode, base: number): void {
  if (TYPE_KINDS.has(node.kind)) {
    type.types.push(typeOf(type.unit, node, base, type));
    return;
  }
  const declared = declaredBy(node);
  if (Array.isArray(declared)) {
    for (const field of declared) type.fields.push({ type, node, base, ...field });
  } else if (declared) type.methods.push({ type, node, base, ...declared });
}

/** What a field's, method's or initialiser's node says by itself; undefined for others. */
export function declaredBy(node: SyntaxNode): Declared {
  let declared = known.get(node);
  if (!declared) {
    declared = readDeclaration(node);
    known.set(node, declared);
  }
  return declared;
}

function readDeclaration(node: SyntaxNode): Declared {
  const modifiers = node.children.find(({ kind }) => kind === 'modifiers');
  const isStatic = modifiers?.children.some(({ kind }) => kind === 'static') ?? false;
  switch (node.kind) {
    case 'field_declaration':
    case 'constant_declaration':
      return node.children
        .filter(({ field }) => field === 'declarator')
        .map((declarator) => ({
          name: child(declarator, 'name')?.text ?? '',
          value: child(declarator, 'value'),
          declaredType: child(node, 'type'),
          isStatic: isStatic || node.kind === 'constant_declaration',
        }));
    case 'method_declaration':
    case 'constructor_declaration':
    case 'compact_constructor_declaration':
      return {
        kind: node.kind === 'method_declaration' ? 'method' : 'constructor',
        name: child(node, 'name')?.text ?? '',
        parameters: parametersOf(node),
        isStatic,
        modifiers,
      };
    case 'static_initializer':
    case 'block':
      return {
        ...{ kind: 'initializer', name: '', parameters: [], modifiers },
        isStatic: node.kind === 'static_initializer',
      };
    default:
      return undefined;
  }
}

/** A type that is one node with all of its members. */
export function typeOf(
  unit: Unit,
  node: SyntaxNode,
  base: number,
  outer: JavaType | undefined,
  enclosing?: Scope,
): JavaType {
  const type = makeType(unit, node, outer, enclosing);
  const body = bodyOf(node);
  for (const member of body?.children ?? []) {
    if (member.kind === 'enum_body_declarations') {
      for (const inner of member.children) addMember(type, inner, base);
    } else addMember(type, member, base);
  }
  return type;
}

/** The braces of a class. */
export function bodyOf(node: SyntaxNode): SyntaxNode | undefined {
  return child(node, 'body') ?? node.children.find(({ kind }) => kind === 'class_body');
}

export function parametersOf(node: SyntaxNode): SyntaxNode[] {
  const list = child(node, 'parameters');
  return (list?.children ?? []).filter(
    ({ kind }) => kind === 'formal_parameter' || kind === 'spread_parameter',
  );
}

export function parameterName(parameter: SyntaxNode): string {
  const name = child(parameter, 'name') ?? child(declaratorOf(parameter), 'name');
  return name?.text ?? parameter.text;
}

function declaratorOf(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.find(({ kind }) => kind === 'variable_declarator');
}

/** `a.b.c` as its names; undefined when the node is anything else. */
export function dottedName(node: SyntaxNode | undefined): string[] | undefined {
  if (!node) return undefined;
  switch (node.kind) {
    case 'identifier':
    case 'type_identifier':
      return [node.text];
    case 'generic_type':
      return dottedName(node.children[0]);
    case 'field_access':
    case 'scoped_identifier': {
      const head = dottedName(child(node, 'object') ?? child(node, 'scope'));
      const name = child(node, 'field') ?? child(node, 'name');
      return head && name && [...head, name.text];
    }
    case 'scoped_type_identifier':
    case 'annotated_type': {
      const names: string[] = [];
      for (const part of node.children) {
        const inner = part.kind.endsWith('annotation') ? [] : dottedName(part);
        if (!inner) return undefined;
        names.push(...inner);
      }
      return names;
    }
    default:
      return undefined;
  }
}

/** Does it carry the annotation, however it is qualified? */
export function isAnnotated(modifiers: SyntaxNode | undefined, name: string): boolean {
  return annotations(modifiers).some((one) => dottedName(child(one, 'name'))?.at(-1) === name);
}

export function annotations(modifiers: SyntaxNode | undefined): SyntaxNode[] {
  return (modifiers?.children ?? []).filter(({ kind }) => kind.endsWith('annotation'));
}
