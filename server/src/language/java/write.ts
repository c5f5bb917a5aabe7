import { child, type SyntaxNode } from '../syntax/tree.js';
import { bodyFacts } from './body.js';
import { readFormat, readString, writeCharacter, writeNumber, writeString } from './literals.js';
import { bodyOf, parameterName, TYPE_KINDS, typeOf, type JavaType, type Scope } from './unit.js';
import { NameWriter, ofObject } from './writeNames.js';

/** Part of a text that is put together: what is known, or the canonical text of what is not. */
export type TextPart = { known: string } | { text: string };

type Write = (writer: Writer, node: SyntaxNode) => string;

/**
 * Writes syntax in a canonical form: one spelling for whatever means the same. Formatting, parentheses, comments,
 * modifiers, annotations, types of declarations and type arguments leave no trace; local variables are numbered.
 */
export class Writer extends NameWriter {
  protected at(scope: Scope): Writer {
    return new Writer(this.resolver, scope, this.references, this.owner);
  }

  expression(node: SyntaxNode): string {
    const write = WRITE[node.kind];
    if (write) return write(this, node);
    if (node.children.length === 0) return node.text;
    const parts = node.children.map((part) => this.part(part)).filter(Boolean);
    return /statement|clause$|^switch|^catch|^resource|^yield/.test(node.kind)
      ? parts.join(' ')
      : `(${parts.join(' ')})`;
  }

  all(nodes: readonly SyntaxNode[] | undefined): string[] {
    return (nodes ?? []).map((node) => this.expression(node)).filter(Boolean);
  }

  arguments(node: SyntaxNode): string {
    return this.all(child(node, 'arguments')?.children).join(', ');
  }

  /** A statement that may stand alone or in braces. */
  private part(node: SyntaxNode): string {
    const isBody =
      node.field === 'body' || node.field === 'consequence' || node.field === 'alternative';
    const text = this.expression(node);
    return isBody && node.kind !== 'block' && /statement|declaration/.test(node.kind)
      ? `{${text}}`
      : text;
  }

  /** What a string is put together of; undefined if it is none. */
  parts(node: SyntaxNode): TextPart[] | undefined {
    switch (node.kind) {
      case 'string_literal':
        return [{ known: readString(node.text) }];
      case 'parenthesized_expression':
        return node.children[0] && this.parts(node.children[0]);
      case 'binary_expression':
        return child(node, 'operator')?.text === '+' ? this.sum(node) : undefined;
      case 'method_invocation':
        return this.option(node) === undefined
          ? (this.formatted(node) ?? this.followed(node, (writer, value) => writer.parts(value)))
          : undefined;
      case 'identifier':
      case 'field_access':
        return this.followedName(node, (writer, value) => writer.parts(value));
      default:
        return undefined;
    }
  }

  private sum(node: SyntaxNode): TextPart[] | undefined {
    const operands: SyntaxNode[] = [];
    let left: SyntaxNode | undefined = node;
    while (left?.kind === 'binary_expression' && child(left, 'operator')?.text === '+') {
      const right = child(left, 'right');
      if (right) operands.unshift(right);
      left = child(left, 'left');
    }
    if (left) operands.unshift(left);
    const parts = operands.map((operand) => this.parts(operand));
    const first = parts.findIndex((part) => part !== undefined);
    if (first < 0) return undefined;
    return operands.flatMap((operand, index) => parts[index] ?? [this.operand(operand)]);
  }

  /** An operand of a string that is none itself. */
  private operand(node: SyntaxNode): TextPart {
    const text = this.expression(node);
    return /^(?:-?\d+(?:\.\d+)?|true|false)$/.test(text) ? { known: text } : { text };
  }

  /** `String.format("…", …)`, `"…".formatted(…)` */
  private formatted(node: SyntaxNode): TextPart[] | undefined {
    const name = child(node, 'name')?.text;
    const object = child(node, 'object');
    const list = child(node, 'arguments')?.children ?? [];
    const isFormat = name === 'format' && object?.text === 'String';
    const [format, values] =
      name === 'formatted' && object ? [object, list] : isFormat ? [list[0], list.slice(1)] : [];
    const known = format && this.parts(format);
    if (!known || !values || !known.every((part) => 'known' in part)) return undefined;
    const pieces = readFormat(known.map((part) => part.known).join(''));
    return pieces?.flatMap((piece): TextPart[] => {
      if (typeof piece === 'string') return [{ known: piece }];
      const value = values[piece];
      return value ? (this.parts(value) ?? [this.operand(value)]) : [{ text: 'null' }];
    });
  }

  string(node: SyntaxNode): string | undefined {
    const parts = this.parts(node);
    return parts && writeParts(parts);
  }

  lambda(node: SyntaxNode): string {
    const parameters = child(node, 'parameters');
    const body = child(node, 'body');
    if (!parameters || !body) return node.text;
    const list = parameters.kind === 'identifier' ? [parameters] : parameters.children;
    const names = list.map((one) => (one.kind === 'identifier' ? one.text : parameterName(one)));
    return this.within([...names, ...declaredIn(body)], () => {
      const head = names.map((name) => this.local(name)).join(', ');
      // `{ return x; }` is `x`.
      const [only, ...rest] = body.kind === 'block' ? body.children : [];
      const value = only?.kind === 'return_statement' && rest.length === 0 ? only : undefined;
      const result = value?.children.find(({ kind }) => kind !== 'return');
      return `((${head}) -> ${this.expression(result ?? body)})`;
    });
  }

  /** The members of a class, whatever their order. */
  members(node: SyntaxNode): string {
    const members = bodyOf(node)?.children ?? [];
    return `{${this.sorted(members)}}`;
  }

  sorted(members: readonly SyntaxNode[]): string {
    return members
      .map((member) => this.afresh(() => this.expression(member)))
      .filter(Boolean)
      .sort()
      .join('; ');
  }

  member(node: SyntaxNode): string {
    const { variables } = bodyFacts(node);
    return this.within([...variables.keys()], () => {
      const list = child(node, 'parameters')?.children ?? [];
      const body = child(node, 'body') ?? node.children.find(({ kind }) => kind === 'block');
      return `${child(node, 'name')?.text ?? ''}(${this.all(list).join(', ')}) ${body ? this.expression(body) : ''}`;
    });
  }

  /** A class of the user's: its members may be nodes of their own. */
  typeText(type: JavaType): string {
    const { node } = type;
    if (node.kind === 'object_creation_expression') return this.anonymous(node).trim();
    if (node.kind === 'enum_declaration') return this.declaration(node);
    const all = [...type.fields, ...type.methods];
    for (const one of all) this.resolver.names.noted(one);
    const members = new Set(all.map((member) => member.node));
    const texts = [...members].map((member) => this.afresh(() => this.expression(member)));
    const nested = type.types.map((one) => this.typeText(one));
    return `${this.head(node)} {${[...texts, ...nested].filter(Boolean).sort().join('; ')}}`;
  }

  declaration(node: SyntaxNode): string {
    return `${this.head(node)} ${this.members(node)}`;
  }

  private head(node: SyntaxNode): string {
    const kind = node.kind.replace('_declaration', '');
    const bases = node.children.filter((part) =>
      /^(?:superclass|super_interfaces|extends_interfaces)$/.test(part.kind),
    );
    const list = child(node, 'parameters');
    const head = list ? `(${list.children.map(parameterName).join(', ')})` : '';
    return `${kind} ${child(node, 'name')?.text ?? ''}${head} ${this.all(bases).join(' ')}`.trim();
  }

  anonymous(node: SyntaxNode): string {
    if (!bodyOf(node)) return '';
    const type = typeOf(this.scope.type.unit, node, this.scope.base, undefined, this.scope);
    return ` ${this.inClass(type, (writer) => writer.members(node))}`;
  }

  private inClass(type: JavaType, write: (writer: Writer) => string): string {
    const scope: Scope = { type, member: undefined, body: undefined, base: 0, args: undefined };
    const writer = new Writer(this.resolver, scope, this.references, this.owner ?? type);
    writer.adopt(this);
    return write(writer);
  }
}

export function writeParts(parts: readonly TextPart[]): string {
  const merged: TextPart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if ('known' in part && last && 'known' in last) {
      merged[merged.length - 1] = { known: last.known + part.known };
    } else merged.push(part);
  }
  const written = merged
    .filter((part) => !('known' in part) || part.known !== '' || merged.length === 1)
    .map((part) => ('known' in part ? writeString(part.known) : part.text));
  return written.length === 1 ? (written[0] ?? '') : `(${written.join(' + ')})`;
}

/** Names that a piece of code declares, in lambdas inside of it, too. */
function declaredIn(node: SyntaxNode, names: string[] = []): string[] {
  if (TYPE_KINDS.has(node.kind) || node.kind === 'class_body') return names;
  if (node.kind === 'variable_declarator' || node.kind === 'catch_formal_parameter') {
    names.push(child(node, 'name')?.text ?? '');
  } else if (node.kind === 'enhanced_for_statement' || node.kind === 'resource') {
    names.push(child(node, 'name')?.text ?? '');
  }
  for (const part of node.children) declaredIn(part, names);
  return names;
}

const number: Write = (_, node) => writeNumber(node.text);
const nothing: Write = () => '';
const inner: Write = (w, node) => w.all(node.children).join(' ');
const named: Write = (w, node) => w.local(parameterName(node));
const member: Write = (w, node) => w.member(node);
const declaration: Write = (w, node) => w.declaration(node);
const named1: Write = (w, node) =>
  w.name(node) ??
  `${w.all(node.children.slice(0, -1)).join('.')}.${node.children.at(-1)?.text ?? ''}`;
const variable: Write = (w, node) => {
  const value = child(node, 'value');
  const name = w.local(child(node, 'name')?.text ?? '');
  return value ? `${name} = ${w.expression(value)}` : name;
};
const declarators: Write = (w, node) =>
  w.all(node.children.filter(({ field }) => field === 'declarator')).join(', ');

const WRITE: Record<string, Write> = {
  identifier: named1,
  type_identifier: named1,
  scoped_type_identifier: named1,
  scoped_identifier: named1,
  field_access: named1,
  generic_type: (w, node) => (node.children[0] ? w.expression(node.children[0]) : ''),
  type_arguments: nothing,
  type_parameters: nothing,
  modifiers: nothing,
  throws: nothing,
  marker_annotation: nothing,
  annotation: nothing,
  parenthesized_expression: inner,
  string_literal: (w, node) => w.string(node) ?? node.text,
  character_literal: (_, node) => writeCharacter(node.text),
  decimal_integer_literal: number,
  hex_integer_literal: number,
  octal_integer_literal: number,
  binary_integer_literal: number,
  decimal_floating_point_literal: number,
  binary_expression: (w, node) => w.string(node) ?? `(${w.all(node.children).join(' ')})`,
  method_invocation: (w, node) => w.invocation(node),
  object_creation_expression: (w, node) => {
    const type = child(node, 'type');
    return `new ${type ? w.expression(type) : ''}(${w.arguments(node)})${w.anonymous(node)}`;
  },
  explicit_constructor_invocation: (w, node) =>
    `${node.children[0]?.text ?? ''}(${w.arguments(node)})`,
  lambda_expression: (w, node) => w.lambda(node),
  method_reference: (w, node) => w.methodReference(node),
  class_literal: (w, node) => `${w.all(node.children.slice(0, 1)).join('')}.class`,
  cast_expression: (w, node) => {
    const type = child(node, 'type');
    const value = child(node, 'value');
    return `((${type ? w.expression(type) : ''}) ${value ? w.expression(value) : ''})`;
  },
  array_access: (w, node) => {
    const [array, index] = w.all(node.children);
    return ofObject(array ?? '', `[${index ?? ''}]`);
  },
  array_initializer: (w, node) => `{${w.all(node.children).join(', ')}}`,
  block: (w, node) => `{${w.all(node.children).join('; ')}}`,
  constructor_body: (w, node) => `{${w.all(node.children).join('; ')}}`,
  expression_statement: inner,
  local_variable_declaration: declarators,
  field_declaration: declarators,
  constant_declaration: declarators,
  variable_declarator: variable,
  resource: variable,
  formal_parameter: named,
  spread_parameter: named,
  catch_formal_parameter: (w, node) =>
    `${w.all(node.children.filter(({ kind }) => kind === 'catch_type')).join('')} ${w.local(child(node, 'name')?.text ?? '')}`,
  method_declaration: member,
  constructor_declaration: member,
  compact_constructor_declaration: member,
  static_initializer: member,
  class_declaration: declaration,
  interface_declaration: declaration,
  enum_declaration: declaration,
  record_declaration: declaration,
  superclass: inner,
  super_interfaces: inner,
  extends_interfaces: inner,
  type_list: (w, node) => w.all(node.children).sort().join(', '),
  enum_constant: (w, node) => {
    const list = child(node, 'arguments');
    return `${child(node, 'name')?.text ?? ''}${list ? `(${w.arguments(node)})` : ''}${w.anonymous(node)}`;
  },
  enum_body_declarations: (w, node) => w.sorted(node.children),
};
