import type { Statement } from './statement.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';
import { readString, readStringContent, writeNumber, writeString } from './literals.js';

/** How a name (or `a.b.c`, as its parts) that is not local to the printed code is written. */
export type FreeName = (names: string[], node: Node) => string;

const CLAUSES = new Set([
  'elif_clause',
  'else_clause',
  'except_clause',
  'except_group_clause',
  'finally_clause',
]);

/**
 * Writes syntax in a canonical form: one spelling for whatever means the same. Formatting, quotes,
 * parentheses, order of keyword arguments, comments, docstrings and annotations of functions leave no
 * trace; local variables are numbered.
 */
export class Printer {
  private readonly frames: Map<string, string>[] = [];
  private locals = 0;

  constructor(private readonly free: FreeName) {}

  /** Prints with `names` as local variables, and `parameters` of a function that may be called with keywords. */
  within<T>(names: Iterable<string>, parameters: Iterable<string>, print: () => T): T {
    const frame = new Map<string, string>();
    for (const name of names) frame.set(name, '');
    for (const name of parameters) frame.set(name, markParameter(name, ++this.locals));
    this.frames.push(frame);
    try {
      return print();
    } finally {
      this.frames.pop();
    }
  }

  /** Prints what is evaluated outside of the innermost function: a default. */
  private outside(node: Node): string {
    const frame = this.frames.pop();
    try {
      return this.expression(node);
    } finally {
      if (frame) this.frames.push(frame);
    }
  }

  /** Is it printing something with names of its own? */
  protected get isNested(): boolean {
    return this.frames.length > 0;
  }

  expression(node: Node): string {
    const print = EXPRESSIONS[node.kind];
    if (print) return print(this, node);
    if (node.children.length === 0) return node.text;
    const parts = this.all(node.children).join(' ');
    return /_statement$|_clause$|^with_item$|^block$/.test(node.kind)
      ? parts
      : `${node.kind}(${parts})`;
  }

  all(nodes: readonly Node[]): string[] {
    return nodes.map((node) => this.expression(node));
  }

  /** A name that the printed code binds: numbered when it is local to what is printed. */
  local(name: string): string {
    return this.inFrames(name) ?? name;
  }

  /** `a.b.c`, or undefined when it is rooted in something other than a name. */
  name(node: Node): string | undefined {
    const names = dottedName(node);
    if (!names) return undefined;
    const [root = '', ...rest] = names;
    const local = this.inFrames(root);
    return local === undefined ? this.free(names, node) : [local, ...rest].join('.');
  }

  private inFrames(name: string): string | undefined {
    for (let i = this.frames.length - 1; i >= 0; i--) {
      const frame = this.frames[i];
      const local = frame?.get(name);
      if (local === undefined) continue;
      if (local !== '') return local;
      const numbered = `$${++this.locals}`;
      frame?.set(name, numbered);
      return numbered;
    }
    return undefined;
  }

  /** One statement that is not a definition; empty when it does nothing. */
  simple(node: Node, inClass: boolean): string {
    if (node.kind === 'pass_statement' || node.kind === 'comment') return '';
    const [only] = node.children;
    if (node.kind === 'expression_statement' && node.children.length === 1 && only) {
      if (only.kind === 'string' || only.kind === 'concatenated_string') return '';
      if (only.kind === 'assignment') return this.assignment(only, inClass);
    }
    return this.expression(node);
  }

  /** The header of a compound statement's clause number `index`. */
  header(statement: Statement, index: number): string {
    const [node] = statement.nodes;
    const keyword = statement.clauses[index]?.keyword ?? '';
    if (!node) return keyword;
    const own =
      index === 0 ? node : node.children.filter((part) => CLAUSES.has(part.kind))[index - 1];
    if (!own) return keyword;
    const parts = own.children.filter((part) => part.kind !== 'block' && !CLAUSES.has(part.kind));
    return this.all(parts.filter((part) => part.kind !== ':')).join(' ');
  }

  parameters(node: Node): string {
    return node.children.map((parameter) => this.parameter(parameter)).join(', ');
  }

  private parameter(node: Node): string {
    switch (node.kind) {
      case 'typed_parameter':
        return node.children[0] ? this.parameter(node.children[0]) : '';
      case 'default_parameter':
      case 'typed_default_parameter': {
        const name = child(node, 'name');
        const value = child(node, 'value');
        return `${name ? this.expression(name) : ''}=${value ? this.outside(value) : ''}`;
      }
      default:
        return this.expression(node);
    }
  }

  private assignment(node: Node, inClass: boolean): string {
    const left = child(node, 'left');
    const right = child(node, 'right');
    const type = child(node, 'type');
    // A field of a NamedTuple or dataclass is declared by its annotation.
    const declared = inClass && type ? `: ${this.expression(type)}` : '';
    if (!right && !inClass) return '';
    const value = right
      ? right.kind === 'assignment'
        ? this.assignment(right, false)
        : this.expression(right)
      : undefined;
    const target = left ? this.expression(left) : '';
    return `${target}${declared}${value === undefined ? '' : ` = ${value}`}`;
  }

  arguments(node: Node): string {
    const isKeyword = (part: Node): boolean => part.kind === 'keyword_argument';
    const isExpanded = (part: Node): boolean => part.kind === 'dictionary_splat';
    const keywords = node.children.filter(isKeyword).sort((a, b) => {
      const before = child(a, 'name')?.text ?? '';
      const after = child(b, 'name')?.text ?? '';
      return before < after ? -1 : before > after ? 1 : 0;
    });
    const positional = node.children.filter((part) => !isKeyword(part) && !isExpanded(part));
    // In their final order, so that numbers are given in it.
    return this.all([...positional, ...keywords, ...node.children.filter(isExpanded)]).join(', ');
  }

  /** A comprehension or generator: its targets are local to it. */
  comprehension(node: Node, open: string, close: string): string {
    const names = new Set<string>();
    for (const clause of node.children) {
      const left = clause.kind === 'for_in_clause' ? child(clause, 'left') : undefined;
      if (left) collectTargets(left, names);
    }
    return this.within(names, [], () => {
      // The clauses come first, so that targets are numbered in the order they are bound.
      const [body, ...clauses] = node.children;
      const rest = this.all(clauses).join(' ');
      return `${open}${body ? this.expression(body) : ''} ${rest}${close}`;
    });
  }

  lambda(node: Node): string {
    const parameters = child(node, 'parameters');
    const body = child(node, 'body');
    const names = new Set<string>();
    if (parameters) collectParameters(parameters, names);
    return this.within(names, [], () => {
      const head = parameters ? this.parameters(parameters) : '';
      return `(lambda ${head}: ${body ? this.expression(body) : ''})`;
    });
  }

  /** What is between the quotes of an f-string. */
  formatted(node: Node): string {
    const prefix = /^[a-z]*/i.exec(node.children[0]?.text ?? '')?.[0] ?? '';
    let text = '';
    for (const part of node.children) {
      if (part.kind === 'string_content') {
        text += escapeBraces(readStringContent(part.text, prefix));
      } else if (part.kind === 'interpolation') {
        text += this.interpolation(part);
      }
    }
    return text;
  }

  /** A replacement field of an f-string. */
  protected interpolation(node: Node): string {
    return `{${this.all(node.children).join(' ')}}`;
  }
}

const MARK = '\ue002';
const MARK_END = '\ue003';

function markParameter(name: string, number: number): string {
  return `${MARK}${number}:${name}${MARK_END}`;
}

/** Writes parameters by their numbers, those that calls name as keywords by their names. */
export function writeParameters(text: string, keywords: ReadonlySet<string>): string {
  return text.replace(/\ue002(\d+):(.*?)\ue003/g, (_, number: string, name: string) =>
    keywords.has(name) ? name : `$${number}`,
  );
}

/** Names that calls in a printed text give as keywords, and perhaps some more. */
export function keywordsIn(text: string): string[] {
  return text.match(/[^\W\d]\w*(?==(?!=))/g) ?? [];
}

/** Names bound by an assignment target, `for` target or `as` target. */
export function collectTargets(node: Node, names: Set<string>): void {
  if (node.kind === 'identifier') names.add(node.text);
  else if (node.kind !== 'attribute' && node.kind !== 'subscript') {
    for (const part of node.children) collectTargets(part, names);
  }
}

/** Names of the parameters under `node`. */
export function collectParameters(node: Node, names: Set<string>): void {
  for (const parameter of node.children) {
    const target = parameterName(parameter);
    if (target) names.add(target);
  }
}

export function parameterName(node: Node): string | undefined {
  if (node.kind === 'identifier') return node.text;
  const name =
    child(node, 'name') ?? node.children.find((part) => part.kind !== '*' && part.kind !== '**');
  return name && name !== node && name.kind !== 'type' ? parameterName(name) : undefined;
}

export function escapeBraces(text: string): string {
  return text.replace(/[{}]/g, '$&$&');
}

type PrintNode = (printer: Printer, node: Node) => string;

const operator: PrintNode = (p, node) => `(${p.all(node.children).join(' ')})`;
const transparent: PrintNode = (p, node) => p.all(node.children).join('');

const EXPRESSIONS: Record<string, PrintNode> = {
  identifier: (p, node) => p.name(node) ?? node.text,
  dotted_name: (p, node) => p.name(node) ?? '',
  attribute: (p, node) => {
    const object = child(node, 'object');
    return (
      p.name(node) ??
      `${object ? p.expression(object) : ''}.${child(node, 'attribute')?.text ?? ''}`
    );
  },
  parenthesized_expression: (p, node) => p.expression(unwrap(node)),
  string: (p, node) => {
    if (node.children.length > 0) return `f${JSON.stringify(p.formatted(node))}`;
    const literal = readString(node.text);
    return literal ? writeString(literal) : node.text;
  },
  concatenated_string: (p, node) => concatenated(p, node),
  integer: (_, node) => writeNumber('integer', node.text),
  float: (_, node) => writeNumber('float', node.text),
  call: (p, node) => {
    const callee = child(node, 'function');
    const args = child(node, 'arguments');
    const written =
      args?.kind === 'argument_list' ? p.arguments(args) : args ? p.expression(args) : '';
    return `${callee ? p.expression(callee) : ''}(${written})`;
  },
  argument_list: (p, node) => p.arguments(node),
  keyword_argument: (p, node) => {
    const value = child(node, 'value');
    return `${child(node, 'name')?.text ?? ''}=${value ? p.expression(value) : ''}`;
  },
  subscript: (p, node) => {
    const [value, ...subscripts] = node.children;
    return `${value ? p.expression(value) : ''}[${p.all(subscripts).join(', ')}]`;
  },
  list: (p, node) => `[${p.all(node.children).join(', ')}]`,
  set: (p, node) => `{${p.all(node.children).join(', ')}}`,
  tuple: (p, node) => `(${p.all(node.children).join(', ')},)`,
  expression_list: (p, node) => `(${p.all(node.children).join(', ')},)`,
  pattern_list: (p, node) => `(${p.all(node.children).join(', ')},)`,
  tuple_pattern: (p, node) => `(${p.all(node.children).join(', ')},)`,
  dictionary: (p, node) => `{${p.all(node.children).join(', ')}}`,
  pair: (p, node) => {
    const key = child(node, 'key');
    const value = child(node, 'value');
    return `${key ? p.expression(key) : ''}: ${value ? p.expression(value) : ''}`;
  },
  list_splat: transparent,
  dictionary_splat: transparent,
  list_splat_pattern: transparent,
  dictionary_splat_pattern: transparent,
  decorator: transparent,
  type: transparent,
  list_comprehension: (p, node) => p.comprehension(node, '[', ']'),
  set_comprehension: (p, node) => p.comprehension(node, '{', '}'),
  dictionary_comprehension: (p, node) => p.comprehension(node, '{', '}'),
  generator_expression: (p, node) => p.comprehension(node, '(', ')'),
  lambda: (p, node) => p.lambda(node),
  parameters: (p, node) => p.parameters(node),
  lambda_parameters: (p, node) => p.parameters(node),
  binary_operator: operator,
  boolean_operator: operator,
  comparison_operator: operator,
  not_operator: operator,
  unary_operator: operator,
  conditional_expression: operator,
  await: operator,
  named_expression: operator,
};

/** Adjacent literals are one. */
function concatenated(printer: Printer, node: Node): string {
  const literals = node.children.map((part) =>
    part.kind === 'string' && part.children.length === 0 ? readString(part.text) : undefined,
  );
  if (literals.every((literal) => literal !== undefined)) {
    const value = literals.map((literal) => literal.value).join('');
    return writeString({ bytes: literals[0]?.bytes ?? false, value });
  }
  const pieces = node.children.map((part, index) => {
    const literal = literals[index];
    if (literal) return escapeBraces(literal.value);
    return part.kind === 'string'
      ? printer.formatted(part)
      : escapeBraces(printer.expression(part));
  });
  return `f${JSON.stringify(pieces.join(''))}`;
}
