import { make, type Import, type Node } from '../evaluation/node.js';
import { child, type SyntaxNode } from '../syntax/tree.js';
import { readString } from './literals.js';

/** Kinds that say nothing: their parent's kind does, or they are types. */
const SILENT = new Set([
  ...[
    'function',
    'const',
    'let',
    'var',
    'class',
    'return',
    'if',
    'else',
    'for',
    'new',
    '=>',
    '=',
    ':',
    '"',
    "'",
    '`',
  ],
  ...[
    'type_annotation',
    'type_arguments',
    'type_parameters',
    'accessibility_modifier',
    'implements_clause',
  ],
  ...[
    'readonly',
    'override_modifier',
    'optional_chain',
    '?',
    '!',
    'predefined_type',
    'empty_statement',
    'async',
  ],
  ...[
    'interface_declaration',
    'type_alias_declaration',
    'function_signature',
    'ambient_declaration',
    'asserts',
  ],
]);

/** Does a node say anything that its parent's kind does not? */
export function spoken(node: SyntaxNode): boolean {
  return !SILENT.has(node.kind);
}

/** What an import statement binds. */
export function importsOf(node: SyntaxNode): Node {
  const source =
    child(node, 'source') ?? node.children.find(({ kind }) => kind === 'import_require_clause');
  const text = source?.kind === 'import_require_clause' ? child(source, 'source') : source;
  const module = text ? readString(text) : '';
  const found: Import[] = [];
  for (const clause of node.children) {
    if (clause.kind === 'import_require_clause') {
      const name = clause.children.find(({ kind }) => kind === 'identifier')?.text;
      if (name) found.push({ name, module, imported: '*' });
    }
    for (const part of clause.kind === 'import_clause' ? clause.children : []) {
      if (part.kind === 'identifier') found.push({ name: part.text, module, imported: 'default' });
      if (part.kind === 'namespace_import')
        found.push({ name: part.children.at(-1)?.text ?? '', module, imported: '*' });
      if (part.kind === 'named_imports') found.push(...specifiers(part, module));
    }
  }
  return { ...make('import', node, ''), imports: found };
}

/** `a, b as c` */
export function specifiers(node: SyntaxNode, module: string): Import[] {
  return node.children.flatMap((part) => {
    const imported = child(part, 'name')?.text;
    const name = child(part, 'alias')?.text ?? imported;
    return imported === undefined || name === undefined ? [] : [{ name, module, imported }];
  });
}

/** `require("apache-beam")` */
export function requiredModule(node: SyntaxNode): string | undefined {
  if (node.kind !== 'call_expression' || child(node, 'function')?.text !== 'require')
    return undefined;
  const [path] = child(node, 'arguments')?.children ?? [];
  return path?.kind === 'string' ? readString(path) : undefined;
}
