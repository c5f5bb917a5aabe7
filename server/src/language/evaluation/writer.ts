import { dottedName, type Node, type Parameter, type Target } from './node.js';
import { compare, indent, inParentheses, MAX_TEXT, shorten } from './canonicalText.js';
import { withoutZero, type Env, type Placed, type Resolver } from './resolver.js';
import { isLocalTo, type Binding, type Scope, type Variable } from './scope.js';

/** Told of everything that a written text refers to. */
export interface References {
  /** A function or type of the user's: gives the name to write for it, and keeps its text for later. */
  definition(variable: Variable): string;
  /** A name with several values: the same. */
  variable(variable: Variable, write: (writer: Writer) => string): string;
}

export const NO_REFERENCES: References = {
  definition: ({ name }) => name,
  variable: () => '@',
};

const MAX_DEPTH = 150;
/** Nodes written for one text. */
const MAX_WORK = 20_000;

/**
 * Writes expressions and code in a canonical form: one spelling for whatever means the same. Formatting, quotes,
 * parentheses, comments and order of fields leave no trace; local variables are numbered.
 */
export class Writer {
  /** Functions that are being written, of which local variables have numbers. */
  private readonly inside: Node[] = [];
  private readonly numbers = new Map<Variable, string>();
  private isAlternative = false;
  private depth = 0;
  private work = 0;
  /** Values of names that are being written. */
  private readonly reduced = new Set<Node>();
  private readonly active = new Set<Binding>();
  /** Whose changes are being written. */
  private readonly changing: Variable[] = [];

  constructor(
    private readonly resolver: Resolver,
    private readonly references: References,
  ) {}

  /** An expression with what is known of its names in their place. */
  value(placed: Placed): string {
    const text = this.write(placed.node, placed.scope, placed.env);
    return text.length <= MAX_TEXT ? text : shorten(text);
  }

  /** A function or a type with all that is in it. */
  code(node: Node, scope: Scope): string {
    return this.write(node, scope, undefined, true);
  }

  private write(node: Node, scope: Scope, env: Env | undefined, isWhole = false): string {
    if (this.depth > MAX_DEPTH || ++this.work > MAX_WORK) return '…';
    this.depth++;
    const text = this.written(node, scope, env, isWhole);
    this.depth--;
    return this.inside.length > 0 || isWhole || text.length <= MAX_TEXT ? text : shorten(text);
  }

  private written(node: Node, scope: Scope, env: Env | undefined, isWhole: boolean): string {
    const own = (part: Node): string => this.write(part, node.scope ?? scope, env);
    const all = (): string[] => node.children.map(own);
    const folded = this.folded(node, scope, env);
    if (folded !== undefined) return folded;
    const [first, second, third] = node.children;
    switch (node.kind) {
      case 'name':
        return this.name([node.text], node, scope, env);
      case 'string':
        return JSON.stringify(node.text);
      case 'template':
        return this.template(node.children.map((part) => ({ node: part, scope, env })));
      case 'constant':
        return node.text;
      case 'member': {
        const names = dottedName(node);
        if (names && !(names[0] === 'this' && env)) return this.name(names, node, scope, env);
        return `${first ? inParentheses(own(first)) : ''}.${node.text}`;
      }
      case 'index':
        return `${first ? inParentheses(own(first)) : ''}[${second ? own(second) : ''}]`;
      case 'call': {
        const [callee = '', ...args] = all();
        return `${node.text === 'new' ? 'new ' : ''}${callee}(${args.join(', ')})`;
      }
      case 'spread':
        return `...${first ? own(first) : ''}`;
      case 'record':
        return `${node.type ? own(node.type) : ''}{${this.record(node, scope, env)}}`;
      case 'entry':
        return `${node.text}: ${first ? own(first) : ''}`;
      case 'pair':
        return `${first ? own(first) : ''}: ${second ? own(second) : ''}`;
      case 'list':
        return `${node.type ? own(node.type) : ''}[${all().join(', ')}]`;
      case 'operation': {
        const operands = all();
        if (operands.length < 2)
          return `${node.text}${/\w$/.test(node.text) ? ' ' : ''}${operands[0] ?? ''}`;
        return `(${operands.join(` ${node.text} `)})`;
      }
      case 'choice':
        return `(${first ? own(first) : ''} ? ${second ? own(second) : ''} : ${third ? own(third) : ''})`;
      case 'function':
        return this.function(node, scope, env, isWhole);
      case 'type':
        return isWhole ? `type ${node.text} ${this.members(node, scope)}` : all().join('\n');
      case 'bind':
        return this.bind(node, scope, env);
      case 'block':
        return `{\n${indent(
          all()
            .filter((line) => line !== '')
            .join('\n'),
        )}\n}`;
      case 'branch':
        return `if ${first ? own(first) : ''} ${second ? own(second) : ''}${third ? ` else ${own(third)}` : ''}`;
      case 'loop':
        return `${node.text} ${all().join(' ')}`;
      case 'return':
        return `return ${all().join(', ')}`.trimEnd();
      case 'import':
        return '';
      case 'other':
        return node.children.length === 0 ? node.text : `${node.text}(${all().join(' ')})`;
    }
  }

  /** What is written otherwise than it stands there: options, constant strings, names that have a value. */
  private folded(node: Node, scope: Scope, env: Env | undefined): string | undefined {
    if (!REDUCIBLE.has(node.kind) || this.isLocal(node, scope)) return undefined;
    if (this.changing.length > 0 && this.isRootedInChanged(node, scope)) return undefined;
    const placed = { node, scope, env };
    const reduced = this.resolver.reduce(placed);
    const option = this.resolver.dialect.option(reduced, this.resolver);
    if (option !== undefined) return option;
    const pieces = this.inside.length === 0 ? this.resolver.pieces(placed, 0) : undefined;
    if (pieces) return this.pieces(pieces);
    if (reduced.node === node || reduced.node.kind === 'function') return undefined;
    if (this.reduced.has(reduced.node)) return '…';
    this.reduced.add(reduced.node);
    try {
      return this.references === NO_REFERENCES || this.inside.length === 0
        ? this.write(reduced.node, reduced.scope, reduced.env)
        : this.resolver.text(reduced, this.references);
    } finally {
      this.reduced.delete(reduced.node);
    }
  }

  /** Rooted in a variable of what is being written. */
  private isLocal(node: Node, scope: Scope): boolean {
    if (this.inside.length === 0) return false;
    const root = this.rootOf(node, scope);
    return root !== undefined && this.inside.some((fn) => isLocalTo(root, fn));
  }

  private isRootedInChanged(node: Node, scope: Scope): boolean {
    const root = this.rootOf(node, scope);
    return root !== undefined && this.isChanging(root);
  }

  private isChanging(variable: Variable): boolean {
    return this.changing.some(
      (one) =>
        (one.name === variable.name && one.scope === variable.scope) ||
        one.aliases.includes(variable),
    );
  }

  /** The variable that an expression begins with. */
  private rootOf(node: Node, scope: Scope): Variable | undefined {
    let root: Node | undefined = node;
    while (root && root.kind !== 'name') root = root.children[0];
    const entity = root && this.resolver.entity([root.text], scope, root.start);
    return entity?.kind === 'variable' ? entity.variable : undefined;
  }

  private template(parts: readonly Placed[]): string {
    return this.pieces(parts.map((part) => (part.node.kind === 'string' ? part.node.text : part)));
  }

  private pieces(pieces: readonly (string | Placed)[]): string {
    const [only] = pieces;
    if (pieces.length === 1 && typeof only === 'string') return JSON.stringify(only);
    const text = pieces.map((piece) =>
      typeof piece === 'string'
        ? piece.replace(/[{}]/g, '$&$&')
        : `{${this.write(piece.node, piece.scope, piece.env)}}`,
    );
    return `f${JSON.stringify(text.join(''))}`;
  }

  /** What a type consists of: methods are written with their names. */
  private members(node: Node, scope: Scope): string {
    const isMethod = (part: Node): boolean => part.kind === 'function';
    return node.children
      .map((part) => this.write(part, node.scope ?? scope, undefined, isMethod(part)))
      .join('\n');
  }

  /** Fields in the order of their names, as long as no spread makes the order matter. */
  private record(node: Node, scope: Scope, env: Env | undefined): string {
    const isOrdered = node.children.some(({ kind }) => kind === 'spread' || kind === 'other');
    const parts = isOrdered
      ? node.children
      : node.children.toSorted((a, b) => compare(keyOf(a), keyOf(b)));
    return parts.map((part) => this.write(part, scope, env)).join(', ');
  }

  private name(names: readonly string[], node: Node, scope: Scope, env: Env | undefined): string {
    const entity = this.resolver.entity(names, scope, node.start);
    if (!entity) return names.join('.');
    if (entity.kind === 'external') return entity.name;
    const { variable, rest } = entity;
    const tail = rest.map((part) => `.${part}`).join('');
    if (this.inside.some((fn) => isLocalTo(variable, fn))) return this.number(variable) + tail;
    if (this.isChanging(variable)) return `it${tail}`;
    const value = variable.definition
      ? this.defined(variable, node, scope, env)
      : this.values(variable, node, scope, env);
    return tail === '' ? value : inParentheses(value) + tail;
  }

  /** A function or a class, with what is set in it later. */
  private defined(variable: Variable, node: Node, scope: Scope, env: Env | undefined): string {
    const name = this.references.definition(variable);
    const parts = this.resolver.changes.reaching(variable, scope, node.start);
    return parts.length === 0 ? name : name + this.alternatives(variable, parts, env, true);
  }

  private number(variable: Variable): string {
    let number = this.numbers.get(variable);
    if (number === undefined) {
      number = `$${this.numbers.size + 1}`;
      this.numbers.set(variable, number);
    }
    return number;
  }

  /** Everything a name may be where it is used. */
  private values(variable: Variable, node: Node, scope: Scope, env: Env | undefined): string {
    const bindings = withoutZero(this.resolver.changes.reaching(variable, scope, node.start));
    if (variable.kind === 'parameter' && bindings.length === 0)
      return this.parameter(variable, env);
    const isOne = bindings.length + (variable.kind === 'parameter' ? 1 : 0) === 1;
    if (isOne || !this.isAlternative) return this.alternatives(variable, bindings, env, isOne);
    // Variables that depend on variables are written one by one, or the text would grow without end.
    return this.references.variable(variable, (writer) =>
      writer.alternatives(variable, bindings, env, isOne),
    );
  }

  private parameter(variable: Variable, env: Env | undefined): string {
    const argument = this.resolver.argumentOf(variable, env);
    if (argument) return this.write(argument.node, argument.scope, argument.env);
    const { owner, parent } = variable.scope;
    const path = variable.parameterPath.map((part) => `.${part}`).join('');
    const name = `${owner?.text ?? ''}#${variable.position}${path}`;
    const value = variable.default;
    if (!value || !parent) return `<${name}>`;
    return `<${name} = ${this.write(value, parent, env)}>`;
  }

  private alternatives(
    variable: Variable,
    bindings: readonly Binding[],
    env: Env | undefined,
    isOne: boolean,
  ): string {
    const outer = this.isAlternative;
    this.isAlternative ||= !isOne;
    try {
      const write = (binding: Binding): string => {
        const text = this.bound(binding, variable, env);
        const guards = isOne ? [] : binding.guards.filter(({ branch }) => branch >= 0);
        const conditions = guards.map(({ condition, branch }) => {
          const written = condition ? this.write(condition, binding.scope, env) : 'branch';
          return `${branch > 0 ? 'not ' : ''}${written}: `;
        });
        return conditions.join('') + text;
      };
      const texts = bindings.filter(({ field }) => field.length === 0).map(write);
      if (variable.kind === 'parameter') texts.unshift(this.parameter(variable, env));
      const [only = ''] = texts;
      const whole = new Set(texts).size <= 1 ? only : `either(${texts.join('; ')})`;
      const parts = bindings.filter(({ field }) => field.length > 0);
      if (parts.length === 0) return whole;
      this.changing.push(variable);
      const changes = parts.map(write);
      this.changing.pop();
      return `${whole}, changed by(${changes.join('; ')})`;
    } finally {
      this.isAlternative = outer;
    }
  }

  private bound(binding: Binding, variable: Variable, env: Env | undefined): string {
    const { value, scope, how, path, field } = binding;
    if (!value || this.active.has(binding)) return `<${variable.name}>`;
    this.active.add(binding);
    try {
      const placed = { node: value, scope, env };
      const inner = path.reduce<Placed | undefined>(
        (whole, part) => whole && this.resolver.part(whole, part),
        placed,
      );
      const text = inner
        ? this.write(inner.node, inner.scope, inner.env)
        : this.write(value, scope, env) + path.map((part) => `[${part}]`).join('');
      const given = binding.default
        ? `${text} or ${this.write(binding.default, scope, env)}`
        : text;
      if (how === 'each') return `each(${given})`;
      if (how === 'change') return given;
      const names = binding.key ? field.slice(0, -1) : field;
      const key = binding.key ? `[${this.write(binding.key, scope, env)}]` : '';
      const set = `${names.map((part) => `.${part}`).join('')}${key}`;
      if (set) return `${set} ${how === 'assign' ? '=' : how} ${given}`;
      return how === 'declare' || how === 'assign' ? given : `${how} ${given}`;
    } finally {
      this.active.delete(binding);
    }
  }

  private function(node: Node, scope: Scope, env: Env | undefined, isWhole: boolean): string {
    this.inside.push(node);
    const inner = node.scope ?? scope;
    try {
      const parameters = (node.parameters ?? []).map((one) => this.formal(one, inner, env));
      const type = node.type ? ` ${this.write(node.type, inner, env)}` : '';
      const body = node.children.map((part) => this.write(part, inner, env)).join('\n');
      const name = isWhole ? `${node.text} ` : '';
      return `func ${name}(${parameters.join(', ')})${type} ${body}`;
    } finally {
      this.inside.pop();
    }
  }

  private formal(parameter: Parameter, scope: Scope, env: Env | undefined): string {
    const targets = parameter.targets ?? [];
    const name = parameter.name
      ? this.target(parameter.name, scope)
      : `{${targets.map((target) => `${target.path.join('.')}: ${this.target(target.name, scope)}`).join(', ')}}`;
    const type = parameter.type ? ` ${this.write(parameter.type, scope, env)}` : '';
    const value = parameter.default ? ` = ${this.write(parameter.default, scope, env)}` : '';
    return `${parameter.isRest ? '...' : ''}${name}${type}${value}`;
  }

  private target(name: string, scope: Scope): string {
    const variable = scope.names.get(name);
    return variable ? this.number(variable) : name;
  }

  private bind(node: Node, scope: Scope, env: Env | undefined): string {
    const values = node.children.map((value) => this.write(value, scope, env));
    const targets = (node.targets ?? []).map((target) => this.targetOf(target, scope, env, node));
    const operator = { declare: ':=', assign: '=', each: 'in' }[node.text] ?? node.text;
    return `${targets.join(', ')} ${operator} ${values.join(', ')}`;
  }

  private targetOf(target: Target, scope: Scope, env: Env | undefined, bind: Node): string {
    const at = { ...bind, kind: 'name' as const, text: target.name, start: bind.end };
    const name = target.name === '_' ? '_' : this.name([target.name], at, scope, env);
    const names = target.key ? target.field?.slice(0, -1) : target.field;
    const key = target.key ? `[${this.write(target.key, scope, env)}]` : '';
    const field = `${(names ?? []).map((part) => `.${part}`).join('')}${key}`;
    const path = target.path.map((part) => `[${part}]`).join('');
    const value = target.default ? ` = ${this.write(target.default, scope, env)}` : '';
    return `${name}${field}${path && ` <- ${path}`}${value}`;
  }
}

const REDUCIBLE = new Set(['name', 'member', 'index', 'call', 'operation', 'template']);

function keyOf(node: Node): string {
  return node.kind === 'pair' ? (node.children[0]?.text ?? '') : node.text;
}
