import { bodyOf, dottedName, make, type Node } from './node.js';
import { recordEntries } from './records.js';
import { Changes } from './changes.js';
import { lookUpInSegment, type Binding, type Scope, type Variable } from './scope.js';
import type { Dialect, Entity, Module } from './world.js';
import { NO_REFERENCES, Writer, type References } from './writer.js';

const MAX_DEPTH = 24;
/** Names followed for one text. */
const MAX_WORK = 3_000;

/** The call that a function's code is read for. */
export interface Env {
  fn: Node;
  /** By position. */
  args: readonly (Placed | undefined)[];
  /** What `this` is. */
  self?: Placed;
  outer: Env | undefined;
}

/** An expression, the scope its names are looked up in, and the calls that lead to it. */
export interface Placed {
  node: Node;
  scope: Scope;
  env: Env | undefined;
}

/** A function of the user's, and where it is written. */
export interface Callee {
  node: Node;
  scope: Scope;
  env: Env | undefined;
}

/** Finds what expressions are: follows names that have one value, fields of literals and functions that only return. */
export class Resolver {
  readonly changes = new Changes(this);
  private depth = 0;
  private work = 0;

  constructor(
    readonly dialect: Dialect,
    private readonly args: readonly string[] | undefined,
  ) {}

  /** What the configured arguments of the program give an option. */
  given(option: string): string | undefined {
    const { args = [] } = this;
    for (const [index, arg] of args.entries()) {
      const match = /^--?([^=]+)(?:=(.*))?$/s.exec(arg);
      if (match?.[1] !== option) continue;
      const next = args[index + 1];
      return match[2] ?? (next === undefined || next.startsWith('-') ? 'true' : next);
    }
    return undefined;
  }

  /** What dotted names mean in a scope. */
  entity(names: readonly string[], scope: Scope, at: number): Entity | undefined {
    const [root = '', ...rest] = names;
    const local = lookUpInSegment(root, scope, at);
    if (local?.scope.parent) return { kind: 'variable', variable: local, rest };
    return moduleOf(scope).entity(names, scope.facts);
  }

  /** Qualified name of what an expression names, if that is not the user's own. */
  qualified({ node, scope }: Placed): string | undefined {
    const names = dottedName(node);
    const entity = names && this.entity(names, scope, node.start);
    return entity?.kind === 'external' ? entity.name : undefined;
  }

  /** The expression behind names, as far as there is exactly one. */
  reduce(placed: Placed): Placed {
    let current = placed;
    for (let step = 0; step < MAX_DEPTH; step++) {
      if (++this.work > MAX_WORK) return current;
      const next = this.step(current);
      if (!next) return current;
      current = next;
    }
    return current;
  }

  private step({ node, scope, env }: Placed): Placed | undefined {
    const [first, second] = node.children;
    const kind: string = node.kind;
    switch (kind) {
      case 'name':
        return this.named([node.text], node, scope, env) ?? this.self(node, env);
      case 'member': {
        const names = dottedName(node);
        const whole = names && this.named(names, node, scope, env);
        if (whole) return whole;
        return first && this.part({ node: first, scope, env }, node.text);
      }
      case 'index': {
        const key = second && this.string({ node: second, scope, env });
        const index = second?.kind === 'constant' ? Number(second.text) : NaN;
        const part = key ?? (Number.isInteger(index) ? index : undefined);
        return first && part !== undefined
          ? this.part({ node: first, scope, env }, part)
          : undefined;
      }
      case 'operation':
        if (node.text === 'await' && first) return { node: first, scope, env };
        if (node.text === '*' && node.children.length === 1 && first) {
          const target = this.reduce({ node: first, scope, env });
          const [pointee] = target.node.children;
          if (target.node.kind === 'operation' && target.node.text === '&' && pointee) {
            return { ...target, node: pointee };
          }
          if (this.dialect.option(target, this) !== undefined) return target;
        }
        return undefined;
      case 'call':
        return (
          this.dialect.list?.({ node, scope, env }, this) ?? this.returned({ node, scope, env })
        );
      default:
        return undefined;
    }
  }

  /** The object that `this` is, where a method of it is followed. */
  private self({ text }: Node, env: Env | undefined): Placed | undefined {
    if (text !== 'this') return undefined;
    for (let at = env; at; at = at.outer) if (at.self) return at.self;
    return undefined;
  }

  /** The value of a name, or of a field of one. */
  private named(
    names: readonly string[],
    node: Node,
    scope: Scope,
    env: Env | undefined,
  ): Placed | undefined {
    const entity = this.entity(names, scope, node.start);
    if (entity?.kind !== 'variable') return undefined;
    const { variable, rest } = entity;
    // Fields are taken one by one, but for those of modules.
    if (rest.length > 0 && names.length - rest.length < 2) return undefined;
    const value = this.valueOf(variable, { node, scope, env });
    return rest.reduce<Placed | undefined>((whole, part) => whole && this.part(whole, part), value);
  }

  /** The one value of a variable where it is used. */
  valueOf(variable: Variable, { node, scope, env }: Placed): Placed | undefined {
    if (variable.kind === 'parameter') return this.argumentOf(variable, env);
    if (variable.kind === 'function' && variable.definition) {
      return { node: variable.definition, scope: variable.scope, env };
    }
    const bindings = withoutZero(this.changes.reaching(variable, scope, node.start));
    const [binding] = bindings;
    if (bindings.length !== 1 || !binding?.value || binding.field.length > 0) return undefined;
    if (binding.how !== 'declare' && binding.how !== 'assign') return undefined;
    return this.bound(binding, env);
  }

  private bound(binding: Binding, env: Env | undefined): Placed | undefined {
    const { value, path, scope } = binding;
    if (!value || binding.default) return undefined;
    return path.reduce<Placed | undefined>((whole, part) => whole && this.part(whole, part), {
      node: value,
      scope,
      env,
    });
  }

  /** What a parameter is given by the call that is followed. */
  argumentOf(variable: Variable, env: Env | undefined): Placed | undefined {
    const { position, parameterPath, scope } = variable;
    for (let at = env; at; at = at.outer) {
      if (at.fn !== scope.owner) continue;
      const given = at.args[position];
      const whole = parameterPath.reduce<Placed | undefined>(
        (one, part) => one && this.part(one, part),
        given,
      );
      if (whole ?? (given && parameterPath.length === 0)) return whole;
      const isAbsent = !given || recordEntries(given, this) !== undefined;
      return variable.default && isAbsent && scope.parent
        ? { node: variable.default, scope: scope.parent, env: at.outer }
        : undefined;
    }
    return undefined;
  }

  /** A field of a literal, or one of its items. */
  part(whole: Placed, part: string | number): Placed | undefined {
    if (typeof part === 'string') return recordEntries(whole, this)?.get(part)?.placed;
    const literal = this.reduce(whole);
    const item = literal.node.kind === 'list' ? literal.node.children[part] : undefined;
    const isPlain = item && literal.node.children.every(({ kind }) => kind !== 'spread');
    return isPlain ? { ...literal, node: item } : undefined;
  }

  /** What a function returns that does nothing but return. */
  private returned(placed: Placed): Placed | undefined {
    const [calleeNode] = placed.node.children;
    if (!calleeNode || placed.node.text === 'new') return undefined;
    const callee = this.callee({ ...placed, node: calleeNode });
    const body = callee && bodyOf(callee.node);
    if (!callee || !body?.scope) return undefined;
    const env = this.enter(callee, placed);
    if (body.kind !== 'block') return { node: body, scope: body.scope, env };
    const [only] = body.children;
    const [value] = only?.children ?? [];
    if (body.children.length !== 1 || only?.kind !== 'return' || only.children.length !== 1) {
      return undefined;
    }
    return value && { node: value, scope: body.scope, env };
  }

  /** The function of the user's that an expression is. */
  callee(placed: Placed): Callee | undefined {
    const { node, scope, env } = this.reduce(placed);
    // `build[string](…)` of Go
    const [generic] = node.kind === 'index' ? node.children : [];
    if (generic) return this.callee({ node: generic, scope, env });
    return node.kind === 'function' ? { node, scope, env } : undefined;
  }

  /** The arguments of a call, for the function that is called. */
  enter(callee: Callee, { node, scope, env }: Placed): Env {
    const given = node.children.slice(1);
    const args: (Placed | undefined)[] = [];
    (callee.node.parameters ?? []).forEach((parameter, index) => {
      const [argument] = given.slice(index);
      if (parameter.isRest) {
        const rest = given.slice(index);
        const list =
          rest.length === 1 && rest[0]?.kind === 'spread'
            ? (rest[0].children[0] ?? rest[0])
            : make('list', rest[0] ?? node, '', rest);
        args.push({ node: list, scope, env });
      } else args.push(argument && { node: argument, scope, env });
    });
    return { fn: callee.node, args, outer: callee.env ?? env };
  }

  /** The constant string an expression is; undefined if it is none. */
  string(placed: Placed): string | undefined {
    const pieces = this.pieces(placed, 0);
    const [only] = pieces ?? [];
    return pieces?.length === 1 && typeof only === 'string' ? only : undefined;
  }

  /** A label: constant text, with `{}` for what only running the program tells. */
  label(placed: Placed): string {
    const pieces = this.pieces(placed, 0);
    return pieces?.map((piece) => (typeof piece === 'string' ? piece : '{}')).join('') ?? '{}';
  }

  /** What a string consists of: constant text and expressions, alternating; undefined when it may be no string. */
  pieces(placed: Placed, depth: number): (string | Placed)[] | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const reduced = this.reduce(placed);
    const { node, scope, env } = reduced;
    if (node.kind === 'string') return [node.text];
    if (node.kind === 'template') {
      return this.join(
        node.children.map((part) => ({ node: part, scope, env })),
        depth,
      );
    }
    if (node.kind === 'operation' && node.text === '+' && node.children.length === 2) {
      const operands = node.children.map((part) => ({ node: part, scope, env }));
      const known = operands.map((operand) => this.pieces(operand, depth + 1));
      return known.some((one) => one !== undefined) ? this.join(operands, depth) : undefined;
    }
    const pieces = node.kind === 'call' ? this.dialect.pieces(reduced, this) : undefined;
    return pieces && this.join(pieces, depth);
  }

  private join(parts: readonly (string | Placed)[], depth: number): (string | Placed)[] {
    const joined: (string | Placed)[] = [];
    for (const part of parts) {
      const inner = typeof part === 'string' ? [part] : this.shown(part, depth);
      for (const piece of inner) {
        const last = joined.at(-1);
        if (typeof piece === 'string' && typeof last === 'string') {
          joined[joined.length - 1] = last + piece;
        } else joined.push(piece);
      }
    }
    return joined.length === 0 ? [''] : joined;
  }

  /** A value as it is shown inside of a string. */
  private shown(placed: Placed, depth: number): (string | Placed)[] {
    const pieces = this.pieces(placed, depth + 1);
    if (pieces) return pieces;
    const { node } = this.reduce(placed);
    return node.kind === 'constant' ? [node.text] : [placed];
  }

  /** Canonical text of an expression, with what is known of its names in their place. */
  text(placed: Placed, references: References = NO_REFERENCES): string {
    if (this.depth === 0) this.work = 0;
    if (this.depth > MAX_DEPTH || ++this.work > MAX_WORK) return '…';
    this.depth++;
    try {
      return new Writer(this, references).value(placed);
    } finally {
      this.depth--;
    }
  }
}

export function moduleOf(scope: Scope): Module {
  return scope.facts.place.module as Module;
}

/** A variable that is declared without a value is what it is given later. */
export function withoutZero(bindings: readonly Binding[]): readonly Binding[] {
  if (bindings.length < 2) return bindings;
  const others = bindings.filter(
    ({ value, field }) =>
      value !== undefined && (value.text !== 'zero' || value.kind !== 'other' || field.length > 0),
  );
  const wholes = others.filter(({ field }) => field.length === 0);
  return wholes.length > 0 ? others : bindings.filter(({ value }) => value !== undefined);
}
