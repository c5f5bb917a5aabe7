import { make, NO_NODES, type Node, type Parameter, type Target } from '../evaluation/node.js';
import { child, sourceOf, type SyntaxNode } from '../syntax/tree.js';
import { lowerClass, lowerEnum } from './classes.js';
import { importsOf, requiredModule, specifiers, spoken } from './imports.js';
import { readString, writeNumber } from './literals.js';

/** TypeScript's syntax in the form that is evaluated. */
export function lowerTypeScript(root: SyntaxNode): Node {
  return make('block', root, '', root.children.flatMap(statement));
}

function block(node: SyntaxNode | undefined, at: SyntaxNode): Node {
  if (!node) return make('block', at, '');
  const parts = node.kind === 'statement_block' ? node.children : [node];
  return make('block', node, '', parts.flatMap(statement));
}

function statement(node: SyntaxNode): Node[] {
  switch (node.kind) {
    case 'import_statement':
      return [importsOf(node)];
    case 'export_statement':
      return exports(node);
    case 'lexical_declaration':
    case 'variable_declaration':
      return node.children.flatMap(declarator);
    case 'function_declaration':
    case 'generator_function_declaration':
      return [func(node)];
    case 'class_declaration':
    case 'abstract_class_declaration':
      return [lowerClass(node, { expression, func })];
    case 'enum_declaration':
      return [lowerEnum(node, { expression })];
    case 'expression_statement':
      return node.children.flatMap((part) => assignment(part) ?? [expression(part)]);
    case 'if_statement': {
      const condition = child(node, 'condition');
      const otherwise = child(node, 'alternative')?.children.find(spoken);
      return [
        make('branch', node, '', [
          condition ? expression(condition) : make('constant', node, ''),
          block(child(node, 'consequence'), node),
          ...(otherwise ? [block(otherwise, node)] : []),
        ]),
      ];
    }
    case 'for_statement':
    case 'for_in_statement':
    case 'while_statement':
    case 'do_statement':
      return [loop(node)];
    case 'return_statement':
      return [make('return', node, '', node.children.filter(spoken).map(expression))];
    case 'statement_block':
      return [block(node, node)];
    default:
      return spoken(node) ? [expression(node)] : [];
  }
}

function loop(node: SyntaxNode): Node {
  const body = child(node, 'body');
  const parts: Node[] = [];
  if (node.kind === 'for_in_statement') {
    const left = child(node, 'left');
    const right = child(node, 'right');
    const targets = left ? pattern(left, 0, []) : [];
    const bind = make(
      'bind',
      { start: node.start, end: right?.end ?? node.end },
      'each',
      right ? [expression(right)] : NO_NODES,
    );
    parts.push({ ...bind, targets });
  } else {
    for (const part of node.children)
      if (part !== body && spoken(part)) parts.push(...statement(part));
  }
  return make('loop', node, node.kind.replace(/_.*/, ''), [...parts, block(body, node)]);
}

function exports(node: SyntaxNode): Node[] {
  const source = child(node, 'source');
  if (source) {
    const module = readString(source);
    const clause = node.children.find(({ kind }) => kind === 'export_clause');
    const found = clause ? specifiers(clause, module) : [{ name: '.', module, imported: '*' }];
    return [
      { ...make('import', node, ''), imports: found.map((one) => ({ ...one, isExport: true })) },
    ];
  }
  const declaration = child(node, 'declaration');
  const isDefault = node.children.some(({ kind }) => kind === 'default');
  if (declaration) {
    return statement(declaration).map((one) => (isDefault ? { ...one, exported: 'default' } : one));
  }
  const value = child(node, 'value');
  if (!value) return [];
  const target = { name: 'default', start: value.start, value: 0, path: [] };
  return [{ ...make('bind', node, 'declare', [expression(value)]), targets: [target] }];
}

function declarator(node: SyntaxNode): Node[] {
  if (node.kind !== 'variable_declarator') return [];
  const name = child(node, 'name');
  const value = child(node, 'value');
  const required = value && requiredModule(value);
  if (required !== undefined && name) {
    const found = pattern(name, 0, []).map(({ name: own, path }) => ({
      name: own,
      module: required,
      imported: String(path[0] ?? '*'),
    }));
    return [{ ...make('import', node, ''), imports: found }];
  }
  const values = value ? [expression(value)] : [];
  return [{ ...make('bind', node, 'declare', values), targets: name ? pattern(name, 0, []) : [] }];
}

function assignment(node: SyntaxNode): Node[] | undefined {
  if (node.kind === 'unary_expression' && child(node, 'operator')?.text === 'delete') {
    const argument = child(node, 'argument');
    const value = make('constant', node, 'undefined');
    return [
      {
        ...make('bind', node, 'assign', [value]),
        targets: argument ? pattern(argument, 0, []) : [],
      },
    ];
  }
  if (node.kind !== 'assignment_expression' && node.kind !== 'augmented_assignment_expression')
    return undefined;
  const left = child(node, 'left');
  const right = child(node, 'right');
  if (!left || !right) return undefined;
  const how =
    node.kind === 'assignment_expression' ? 'assign' : (child(node, 'operator')?.text ?? '');
  return [{ ...make('bind', node, how, [expression(right)]), targets: pattern(left, 0, []) }];
}

/** The names that a pattern binds. */
function pattern(node: SyntaxNode, value: number, path: (string | number)[]): Target[] {
  const base = { start: node.start, value, path };
  const inner = node.children.filter(spoken);
  switch (node.kind) {
    case 'identifier':
      return [{ ...base, name: node.text }];
    case 'shorthand_property_identifier_pattern':
      return [{ ...base, name: node.text, path: [...path, node.text] }];
    case 'object_pattern':
      return inner.flatMap((part) => pattern(part, value, path));
    case 'array_pattern':
      return inner.flatMap((part, index) => pattern(part, value, [...path, index]));
    case 'pair_pattern': {
      const [key, target] = [child(node, 'key'), child(node, 'value')];
      return key && target
        ? pattern(target, value, [...path, key.kind === 'string' ? readString(key) : sourceOf(key)])
        : [];
    }
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const [left, right] = [child(node, 'left'), child(node, 'right')];
      return left
        ? pattern(left, value, path).map((one) => ({ ...one, default: right && expression(right) }))
        : [];
    }
    case 'rest_pattern':
      return inner.flatMap((part) => pattern(part, value, [...path, '...']));
    case 'member_expression':
    case 'subscript_expression': {
      const field: string[] = [];
      let at: SyntaxNode | undefined = node;
      while (at && at.kind !== 'identifier' && at.kind !== 'this') {
        const name = child(at, 'property') ?? child(at, 'index');
        field.unshift(name ? sourceOf(name).replace(/^['"]|['"]$/g, '') : at.kind);
        at = child(at, 'object');
      }
      const last = child(node, 'index');
      const isKey = last !== undefined && last.kind !== 'string' && last.kind !== 'number';
      const key = isKey ? { key: expression(last) } : {};
      return [{ ...base, name: at?.text ?? '', field, ...key }];
    }
    default:
      return [];
  }
}

function func(node: SyntaxNode): Node {
  const body = child(node, 'body');
  const single = child(node, 'parameter');
  const list = child(node, 'parameters')?.children ?? [];
  const lowered = body?.kind === 'statement_block' || !body ? block(body, node) : expression(body);
  const isAsync = node.children.some(({ kind }) => kind === 'async');
  return {
    ...make('function', node, child(node, 'name')?.text ?? '', [lowered]),
    parameters: single ? [{ name: single.text, type: undefined }] : list.flatMap(parameter),
    ...(isAsync && { type: make('constant', node, 'async') }),
  };
}

/** Makes a field of a constructor's parameter. */
const FIELD = /^(?:accessibility_modifier|readonly|override_modifier)$/;

function parameter(node: SyntaxNode): Parameter[] {
  const target = child(node, 'pattern');
  if (!target) return [];
  const value = child(node, 'value');
  // Types leave no trace, but for that of the root of a pipeline, which is asked for.
  const type = child(node, 'type');
  const isField = node.children.some(({ kind }) => FIELD.test(kind));
  const base = {
    type: undefined,
    annotation: type ? sourceOf(type) : '',
    default: value && expression(value),
    ...(isField && { isField }),
  };
  if (target.kind === 'identifier') return [{ ...base, name: target.text }];
  if (target.kind === 'rest_pattern')
    return [{ ...base, name: target.children.at(-1)?.text ?? '', isRest: true }];
  return [{ ...base, name: '', targets: pattern(target, 0, []) }];
}

function lowerAll(node: SyntaxNode): Node[] {
  return node.children.filter(spoken).map(expression);
}

function expression(node: SyntaxNode): Node {
  const only = node.children.find(spoken);
  switch (node.kind) {
    case 'identifier':
    case 'type_identifier':
    case 'this':
    case 'shorthand_property_identifier':
      return make('name', node, node.text);
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression':
    case 'computed_property_name':
      return only ? expression(only) : make('constant', node, '');
    case 'type_assertion': {
      const value = node.children.at(-1);
      return value ? expression(value) : make('constant', node, '');
    }
    case 'string':
      return make('string', node, readString(node));
    case 'template_string': {
      const parts = node.children.filter(({ kind }) => kind !== '`');
      return make(
        'template',
        node,
        '',
        parts.map((part) => {
          const [inner] = part.children.filter(({ kind }) => kind !== '${' && kind !== '}');
          return part.kind === 'template_substitution' && inner
            ? expression(inner)
            : make('string', part, readString(part));
        }),
      );
    }
    case 'number':
      return make('constant', node, writeNumber(node.text));
    case 'member_expression': {
      const object = child(node, 'object');
      return make(
        'member',
        node,
        child(node, 'property')?.text ?? '',
        object ? [expression(object)] : NO_NODES,
      );
    }
    case 'subscript_expression':
      return make('index', node, '', lowerAll(node));
    case 'call_expression':
    case 'new_expression': {
      const callee = child(node, 'function') ?? child(node, 'constructor');
      const list = child(node, 'arguments');
      const args = list?.kind === 'arguments' ? list.children.filter(spoken) : list ? [list] : [];
      const name = child(callee, 'property')?.text ?? '';
      const isEach = /^(?:forEach|map|flatMap)$/.test(name);
      const lowered = args
        .map(expression)
        .map((one) => (isEach && one.kind === 'function' ? { ...one, isRepeated: true } : one));
      return make('call', node, node.kind === 'new_expression' ? 'new' : '', [
        ...(callee ? [expression(callee)] : []),
        ...lowered,
      ]);
    }
    case 'spread_element':
      return make(
        'spread',
        node,
        '',
        node.children.filter(({ kind }) => kind !== '...').map(expression),
      );
    case 'object':
      return make('record', node, '', node.children.map(property));
    case 'array':
      return make('list', node, '', lowerAll(node));
    case 'await_expression':
      return make(
        'operation',
        node,
        'await',
        node.children.filter(({ kind }) => kind !== 'await').map(expression),
      );
    case 'unary_expression': {
      const argument = child(node, 'argument');
      return make(
        'operation',
        node,
        child(node, 'operator')?.text ?? '',
        argument ? [expression(argument)] : NO_NODES,
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
    case 'ternary_expression':
      return make(
        'choice',
        node,
        '',
        ['condition', 'consequence', 'alternative']
          .flatMap((field) => child(node, field) ?? [])
          .map(expression),
      );
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
    case 'method_definition':
      return func(node);
    case 'statement_block':
      return block(node, node);
    case 'class':
      return lowerClass(node, { expression, func });
    default: {
      if (node.children.length === 0) return make('constant', node, node.text);
      const bind = assignment(node);
      if (bind?.[0]) return bind[0];
      const inner = node.children.filter(spoken);
      return make(
        'other',
        node,
        node.kind,
        inner.flatMap((part) =>
          /_statement$|_declaration$/.test(part.kind) ? statement(part) : [expression(part)],
        ),
      );
    }
  }
}

function property(node: SyntaxNode): Node {
  if (node.kind === 'shorthand_property_identifier')
    return make('entry', node, node.text, [expression(node)]);
  if (node.kind === 'method_definition')
    return make('entry', node, child(node, 'name')?.text ?? '', [func(node)]);
  if (node.kind !== 'pair') return expression(node);
  const key = child(node, 'key');
  const value = child(node, 'value');
  const values = value ? [expression(value)] : [];
  if (key?.kind === 'computed_property_name')
    return make('pair', node, '', [expression(key), ...values]);
  return make('entry', node, key?.kind === 'string' ? readString(key) : (key?.text ?? ''), values);
}
