import { TreeReader, type SyntaxNode } from '../../../server/src/language/syntax/tree.js';
import { loadParser } from '../../../server/src/language/treeSitter.js';

interface Grammar {
  file: string;
  functions: RegExp;
  /** Where a node makes names: fields of it, by its kind; an empty one is all of it. */
  declares: Record<string, string>;
  /** Is an identifier a name that is looked up, not that of a member or keyword? */
  isName: (node: SyntaxNode, parent: SyntaxNode) => boolean;
}

const GRAMMARS: Record<string, Grammar> = {
  python: {
    file: 'tree-sitter-python.wasm',
    functions: /^(?:function_definition|lambda)$/,
    declares: {
      parameters: '',
      lambda_parameters: '',
      assignment: 'left',
      augmented_assignment: 'left',
      for_statement: 'left',
      for_in_clause: 'left',
      named_expression: 'name',
      as_pattern_target: '',
    },
    isName: (node, parent) =>
      !(parent.kind === 'attribute' && node.field === 'attribute') &&
      !(parent.kind === 'keyword_argument' && node.field === 'name'),
  },
  java: {
    file: 'tree-sitter-java.wasm',
    functions: /^(?:method_declaration|constructor_declaration|lambda_expression)$/,
    declares: {
      formal_parameter: 'name',
      spread_parameter: '',
      variable_declarator: 'name',
      enhanced_for_statement: 'name',
      resource: 'name',
      catch_formal_parameter: 'name',
      inferred_parameters: '',
    },
    isName: (node, parent) =>
      !/^(?:scoped_identifier|element_value_pair|annotation|marker_annotation)$/.test(
        parent.kind,
      ) &&
      node.field !== 'field' &&
      !(node.field === 'name' && /invocation|method|class|constructor/.test(parent.kind)) &&
      !(parent.kind === 'method_reference' && parent.children.at(-1) === node),
  },
  go: {
    file: 'tree-sitter-go.wasm',
    functions: /^(?:function_declaration|method_declaration|func_literal)$/,
    declares: {
      parameter_declaration: 'name',
      variadic_parameter_declaration: 'name',
      short_var_declaration: 'left',
      range_clause: 'left',
      var_spec: 'name',
      const_spec: 'name',
    },
    isName: (node, parent) => !(parent.kind === 'literal_element' && parent.field === 'key'),
  },
  typescript: {
    file: 'tree-sitter-typescript.wasm',
    functions: /^(?:function_declaration|function_expression|method_definition|arrow_function)$/,
    declares: {
      required_parameter: 'pattern',
      optional_parameter: 'pattern',
      arrow_function: 'parameter',
      variable_declarator: 'name',
      for_in_statement: 'left',
    },
    isName: () => true,
  },
};

/** What everybody calls these, and analysis knows them by. */
const CONVENTIONS = ['_', 'self', 'cls'];
const IDENTIFIER = /^(?:shorthand_property_)?identifier(?:_pattern)?$/;

/** Gives every parameter and local variable of every function of a text another name. */
export async function localsRenamer(language: string): Promise<(text: string) => string> {
  const grammar = GRAMMARS[language]!;
  const { parser, language: loaded } = await loadParser(grammar.file);
  const reader = new TreeReader(parser, loaded, new Set(), new Set());
  return (text) => {
    const { root } = reader.read(text);
    const kept = keptNames(root, grammar);
    const edits: { start: number; end: number; text: string }[] = [];
    for (const fn of outermost(root, grammar)) {
      const names = new Set<string>();
      declaredIn(fn, grammar, names);
      for (const name of kept) names.delete(name);
      rename(fn, root, grammar, names, edits);
    }
    edits.sort((a, b) => b.start - a.start);
    return edits.reduce(
      (all, edit) => all.slice(0, edit.start) + edit.text + all.slice(edit.end),
      text,
    );
  };
}

/** Names that mean something else elsewhere: of the file, and keywords of calls. */
function keptNames(node: SyntaxNode, grammar: Grammar, kept = new Set(CONVENTIONS)): Set<string> {
  if (node.kind === 'keyword_argument') kept.add(node.children[0]!.text);
  for (const part of node.children) {
    if (part.kind === 'keyword_argument' || !grammar.functions.test(part.kind)) {
      declares(part, grammar, kept);
      keptNames(part, grammar, kept);
    } else keywords(part, kept);
  }
  return kept;
}

function keywords(node: SyntaxNode, kept: Set<string>): void {
  if (node.kind === 'keyword_argument') kept.add(node.children[0]!.text);
  // A constructor's parameter that is a field, too.
  if (node.children.some(({ kind }) => /^(?:accessibility_modifier|readonly)$/.test(kind))) {
    for (const part of node.children) if (part.field === 'pattern') targets(part, kept);
  }
  // What a class inside of a function calls its members.
  if (node.kind === 'field_declaration') declaredIn(node, GRAMMARS['java']!, kept);
  for (const part of node.children) keywords(part, kept);
}

function outermost(node: SyntaxNode, grammar: Grammar): SyntaxNode[] {
  return node.children.flatMap((part) =>
    grammar.functions.test(part.kind) ? [part] : outermost(part, grammar),
  );
}

function declaredIn(node: SyntaxNode, grammar: Grammar, names: Set<string>): void {
  declares(node, grammar, names);
  for (const part of node.children) declaredIn(part, grammar, names);
}

function declares(node: SyntaxNode, grammar: Grammar, names: Set<string>): void {
  const field = grammar.declares[node.kind];
  if (field === undefined) return;
  for (const part of node.children) {
    if (field === '' || part.field === field) targets(part, names);
  }
}

function targets(node: SyntaxNode, names: Set<string>): void {
  if (IDENTIFIER.test(node.kind)) names.add(node.text);
  if (/^(?:attribute|subscript|type|call)$/.test(node.kind)) return;
  if (node.kind.endsWith('parameter') || node.kind.endsWith('assignment_pattern')) {
    const [first] = node.children.filter(
      ({ children, kind }) => children.length > 0 || IDENTIFIER.test(kind),
    );
    if (first) targets(first, names);
  } else for (const part of node.children) targets(part, names);
}

function rename(
  node: SyntaxNode,
  parent: SyntaxNode,
  grammar: Grammar,
  names: ReadonlySet<string>,
  edits: { start: number; end: number; text: string }[],
): void {
  if (IDENTIFIER.test(node.kind) && names.has(node.text) && grammar.isName(node, parent)) {
    const isShort = node.kind.startsWith('shorthand');
    const text = `${isShort ? `${node.text}: ` : ''}${node.text}Renamed`;
    edits.push({ start: node.start, end: node.end, text });
  }
  for (const part of node.children) rename(part, node, grammar, names, edits);
}
