import {
  make,
  NO_NODES,
  type Import,
  type Node,
  type Parameter,
  type Target,
} from '../evaluation/node.js';
import { child, sourceOf, type SyntaxNode } from '../syntax/tree.js';
import { readGoString, writeNumber } from './literals.js';

/** Kinds that are only tokens: what they say is in the kind of their parent. */
const SILENT = new Set([
  'func',
  'var',
  'const',
  'type',
  'return',
  'if',
  'else',
  'for',
  'range',
  ':',
  ':=',
  '=',
  '"',
  '`',
  'struct',
  'import',
  'package',
  '\n',
]);

/** Go's syntax in the form that is evaluated. */
export function lowerGo(root: SyntaxNode): Node {
  return make('block', root, '', root.children.flatMap(statement));
}

function statements(node: SyntaxNode | undefined): Node[] {
  return (node?.children ?? []).flatMap((part) =>
    part.kind === 'statement_list' ? part.children.flatMap(statement) : statement(part),
  );
}

function block(node: SyntaxNode | undefined, at: SyntaxNode): Node {
  return make('block', node ?? at, '', statements(node));
}

/** A statement may be several: `var ( … )`. */
function statement(node: SyntaxNode): Node[] {
  switch (node.kind) {
    case 'package_clause': {
      // No name can be this keyword, so the module may know its package by it.
      const module = node.children.at(-1)?.text ?? '';
      const own = { name: 'package', module, imported: '*' };
      return [{ ...make('import', node, ''), imports: [own] }];
    }
    case 'import_declaration':
      return [imports(node)];
    case 'function_declaration':
    case 'method_declaration':
      return [func(node)];
    case 'type_declaration':
      return node.children.filter(({ kind }) => /^type_(?:spec|alias)$/.test(kind)).map(type);
    case 'const_declaration':
    case 'var_declaration':
      return specs(node);
    case 'short_var_declaration':
      return [assignment(node, 'declare')];
    case 'assignment_statement': {
      const operator = child(node, 'operator')?.text ?? '=';
      return [assignment(node, operator === '=' ? 'assign' : operator)];
    }
    case 'inc_statement':
    case 'dec_statement': {
      const [operand] = node.children;
      const targets = operand ? [target(operand, 0)] : [];
      const one = make('constant', node, '1');
      const operator = node.kind === 'inc_statement' ? '+=' : '-=';
      return [{ ...make('bind', node, operator, [one]), targets }];
    }
    case 'expression_statement':
      return node.children.flatMap((part) => flagBinding(part) ?? [expression(part)]);
    case 'if_statement': {
      const consequence = block(child(node, 'consequence'), node);
      const alternative = child(node, 'alternative');
      const otherwise = alternative
        ? [
            {
              ...make(
                'block',
                alternative,
                '',
                alternative.kind === 'block' ? statements(alternative) : statement(alternative),
              ),
            },
          ]
        : [];
      const condition = child(node, 'condition');
      const branch = make('branch', node, '', [
        condition ? expression(condition) : make('constant', node, ''),
        consequence,
        ...otherwise,
      ]);
      const first = child(node, 'initializer');
      return first ? [make('block', node, '', [...statement(first), branch])] : [branch];
    }
    case 'for_statement':
      return [loop(node)];
    case 'return_statement':
      return [make('return', node, '', node.children.filter(spoken).flatMap(expressions))];
    case 'block':
      return [block(node, node)];
    default:
      return SILENT.has(node.kind) ? [] : [expression(node)];
  }
}

function loop(node: SyntaxNode): Node {
  const parts: Node[] = [];
  for (const part of node.children) {
    if (part.kind === 'range_clause') {
      const left = child(part, 'left');
      const right = child(part, 'right');
      const targets = (left?.children ?? []).map((one, index) => ({
        ...target(one, 0),
        path: index === 0 ? ['#key'] : [],
      }));
      const values = right ? [expression(right)] : [];
      parts.push({ ...make('bind', part, 'each', values), targets });
    } else if (part.kind === 'for_clause') {
      for (const inner of part.children) parts.push(...statement(inner));
    } else if (part.kind === 'block') parts.push(block(part, node));
    else if (spoken(part)) parts.push(expression(part));
  }
  return make('loop', node, 'for', parts);
}

function imports(node: SyntaxNode): Node {
  const found: Import[] = [];
  const visit = (part: SyntaxNode): void => {
    if (part.kind !== 'import_spec') {
      part.children.forEach(visit);
      return;
    }
    const path = child(part, 'path');
    const module = path ? readGoString(path) : '';
    const alias = child(part, 'name');
    // A major version is no name: `sdks/v2` is `sdks`.
    const last =
      module
        .replace(/\/v\d+$/, '')
        .split('/')
        .at(-1) ?? '';
    const name = alias?.kind === 'dot' ? '.' : (alias?.text ?? last.replace(/^go-|\.v\d+$/g, ''));
    found.push({ name, module, imported: '*' });
  };
  visit(node);
  return { ...make('import', node, ''), imports: found };
}

function func(node: SyntaxNode): Node {
  const receiver = child(node, 'receiver');
  const name = child(node, 'name')?.text ?? '';
  const own = receiver ? parameters(receiver) : [];
  const body = child(node, 'body');
  const result = child(node, 'result');
  const fn: Node = {
    ...make('function', node, name, [block(body, node)]),
    parameters: [...own, ...parameters(child(node, 'parameters'))],
    type: result && expression(result),
  };
  return receiver ? { ...fn, receiver: receiverType(receiver) } : fn;
}

function receiverType(receiver: SyntaxNode): string {
  return /^\W*(?:\w+ )?\W*(\w+)/.exec(typeText(receiver))?.[1] ?? '';
}

function typeText(receiver: SyntaxNode): string {
  let node: SyntaxNode | undefined = child(receiver.children[0], 'type');
  while (node && node.kind !== 'type_identifier')
    node = child(node, 'type') ?? node.children.at(-1);
  return node?.text ?? '';
}

function parameters(list: SyntaxNode | undefined): Parameter[] {
  return (list?.children ?? []).flatMap((part) => {
    const isRest = part.kind === 'variadic_parameter_declaration';
    if (part.kind !== 'parameter_declaration' && !isRest) return [];
    const typeNode = child(part, 'type');
    const type = typeNode && expression(typeNode);
    const names = part.children.filter(({ field, kind }) => field === 'name' && kind !== ',');
    const all = names.length > 0 ? names.map(({ text }) => text) : [''];
    return all.map((name) => ({ name, type, ...(isRest && { isRest }) }));
  });
}

function type(node: SyntaxNode): Node {
  const name = child(node, 'name')?.text ?? '';
  return make(
    'type',
    node,
    name,
    node.children
      .filter(({ field }) => field !== 'name')
      .filter(spoken)
      .map(expression),
  );
}

/** `var a, b T = x, y`, in parentheses any number of them. */
function specs(node: SyntaxNode): Node[] {
  return node.children.flatMap((part) => {
    if (part.kind === 'var_spec_list') return specs(part);
    if (part.kind !== 'var_spec' && part.kind !== 'const_spec') return [];
    const names = part.children.filter(({ field, kind }) => field === 'name' && kind !== ',');
    const value = child(part, 'value');
    const typeNode = child(part, 'type');
    const values = value
      ? expressions(value)
      : typeNode
        ? [make('other', part, 'zero', [expression(typeNode)])]
        : [];
    const isOne = values.length === 1 && names.length > 1;
    const targets = names.map((name, index) => ({
      ...target(name, isOne ? 0 : index),
      ...(isOne && value && { path: [index] }),
    }));
    const bind: Node = { ...make('bind', part, 'declare', values), targets };
    return [value && typeNode ? { ...bind, type: expression(typeNode) } : bind];
  });
}

function assignment(node: SyntaxNode, how: string): Node {
  const left = child(node, 'left')?.children ?? [];
  const right = child(node, 'right');
  const values = right ? expressions(right) : [];
  const isOne = values.length === 1 && left.length > 1;
  const targets = left.map((one, index) => ({
    ...target(one, isOne ? 0 : index),
    ...(isOne && { path: [index] }),
  }));
  return { ...make('bind', node, how, values), targets };
}

function target(node: SyntaxNode, value: number): Target {
  const base = { start: node.start, value, path: [] };
  if (node.kind === 'identifier') return { ...base, name: node.text };
  const field: string[] = [];
  let at: SyntaxNode | undefined = node;
  while (at && at.kind !== 'identifier') {
    const name = child(at, 'field') ?? child(at, 'index');
    const string = name?.kind.endsWith('_string_literal') ? name : undefined;
    field.unshift(string ? readGoString(string) : name ? sourceOf(name) : at.kind);
    at = child(at, 'operand') ?? at.children.at(-1);
  }
  const last = child(node, 'index');
  const isKey = last !== undefined && !last.kind.endsWith('_literal');
  return { ...base, name: at?.text ?? '', field, ...(isKey && { key: expression(last) }) };
}

/** `flag.StringVar(&topic, "topic", …)` gives `topic` a value. */
function flagBinding(node: SyntaxNode): Node[] | undefined {
  const name = child(child(node, 'function'), 'field')?.text ?? '';
  const [pointer] = child(node, 'arguments')?.children ?? [];
  const variable = pointer?.kind === 'unary_expression' ? child(pointer, 'operand') : undefined;
  if (node.kind !== 'call_expression' || !/^[A-Z]\w*Var$/.test(name) || !variable) return undefined;
  const call = expression(node);
  return [{ ...make('bind', node, 'assign', [call]), targets: [target(variable, 0)] }];
}

function expressions(node: SyntaxNode): Node[] {
  return node.kind === 'expression_list' ? node.children.map(expression) : [expression(node)];
}

function spoken(node: SyntaxNode): boolean {
  return !SILENT.has(node.kind);
}

function lowerAll(node: SyntaxNode): Node[] {
  return node.children.filter(spoken).map(expression);
}

function expression(node: SyntaxNode): Node {
  const only = node.children.find(spoken);
  switch (node.kind) {
    case 'identifier':
    case 'type_identifier':
    case 'package_identifier':
      return make('name', node, node.text);
    case 'parenthesized_expression':
    case 'literal_element':
    case 'parenthesized_type':
    case 'type_elem':
      return only ? expression(only) : make('constant', node, '');
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return make('string', node, readGoString(node));
    case 'int_literal':
    case 'float_literal':
      return make('constant', node, writeNumber(node.text));
    case 'selector_expression':
    case 'qualified_type': {
      const object = child(node, 'operand') ?? child(node, 'package');
      const field = child(node, 'field') ?? child(node, 'name');
      return make('member', node, field?.text ?? '', object ? [expression(object)] : NO_NODES);
    }
    case 'index_expression':
      return make('index', node, '', lowerAll(node));
    case 'call_expression': {
      const callee = child(node, 'function');
      const args = child(node, 'arguments')?.children ?? [];
      return make('call', node, '', [
        ...(callee ? [expression(callee)] : []),
        ...args.map(expression),
      ]);
    }
    case 'type_conversion_expression': {
      // A call of a generic function looks the same.
      const name = child(child(node, 'type'), 'type') ?? child(node, 'type');
      return make(
        'call',
        node,
        '',
        [name, child(node, 'operand')].flatMap((part) => (part ? [expression(part)] : [])),
      );
    }
    case 'variadic_argument':
      return make('spread', node, '', only ? [expression(only)] : NO_NODES);
    case 'composite_literal':
      return literal(child(node, 'body') ?? node, child(node, 'type'));
    case 'literal_value':
      return literal(node, undefined);
    case 'unary_expression': {
      const operand = child(node, 'operand');
      return make(
        'operation',
        node,
        child(node, 'operator')?.text ?? '',
        operand ? [expression(operand)] : NO_NODES,
      );
    }
    case 'binary_expression': {
      const operands = [child(node, 'left'), child(node, 'right')];
      return make(
        'operation',
        node,
        child(node, 'operator')?.text ?? '',
        operands.flatMap((part) => (part ? [expression(part)] : [])),
      );
    }
    case 'func_literal':
      return func(node);
    case 'field_declaration': {
      const names = node.children.filter(({ field }) => field === 'name').map(({ text }) => text);
      const rest = node.children.filter(({ field, kind }) => field !== 'name' && kind !== ',');
      return make('other', node, names.join(','), rest.map(expression));
    }
    case 'block':
      return block(node, node);
    case 'statement_list':
      return make('block', node, '', node.children.flatMap(statement));
    default: {
      const inner = node.children
        .filter(spoken)
        .flatMap((part) =>
          /_statement$|_declaration$/.test(part.kind) ? statement(part) : [expression(part)],
        );
      if (node.children.length === 0) return make('constant', node, node.text);
      return make('other', node, node.kind, inner);
    }
  }
}

function literal(body: SyntaxNode, typeNode: SyntaxNode | undefined): Node {
  const type = typeNode && expression(typeNode);
  const isMap = typeNode?.kind === 'map_type';
  const isList = /^(?:slice|array|implicit_length_array)_type$/.test(typeNode?.kind ?? '');
  const keyed = body.children.some(({ kind }) => kind === 'keyed_element');
  const at = typeNode ? { start: typeNode.start, end: body.end } : body;
  const children = body.children.map((part) => {
    if (part.kind !== 'keyed_element') return expression(part);
    const key = child(part, 'key');
    const value = child(part, 'value');
    const inner = key?.children[0] ?? key;
    const values = value ? [expression(value)] : [];
    if (!isMap && inner?.kind === 'identifier') return make('entry', part, inner.text, values);
    if (inner?.kind.endsWith('_string_literal'))
      return make('entry', part, readGoString(inner), values);
    return make('pair', part, '', [...(inner ? [expression(inner)] : []), ...values]);
  });
  const isRecord = !isList && (keyed || children.length === 0);
  const node = make(isRecord ? 'record' : 'list', at, '', children);
  return isList || !type ? node : { ...node, type };
}
