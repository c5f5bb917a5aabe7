import { readString, readStringContent, writeNumber } from './literals.js';
import type { Placed, Scope } from './scope.js';
import { child, type Node } from './syntax.js';

/** What folding needs of {@link Resolver}. */
interface Follow {
  reduce(placed: Placed): Placed;
}

/** How a part that is not constant is written; undefined to give up. */
type Unknown = () => string | undefined;

/** The string an expression is when every part of it is constant. */
export function fold(placed: Placed, follow: Follow): string | undefined {
  return new Folding(follow, () => undefined).string(placed);
}

/** The string an expression is, with `{}` for each part that is not constant. */
export function foldLabel(placed: Placed, follow: Follow): string {
  return new Folding(follow, () => '{}').string(placed) ?? '{}';
}

/** The text that formatting a constant gives. */
export function foldShown(placed: Placed, follow: Follow): string | undefined {
  return new Folding(follow, () => undefined).shown(placed);
}

/** Constants that are made of more than this many parts are left as they are written. */
const MAX_STEPS = 300;

class Folding {
  private steps = 0;

  constructor(
    private readonly follow: Follow,
    private readonly unknown: Unknown,
  ) {}

  string(placed: Placed): string | undefined {
    if (++this.steps > MAX_STEPS) return undefined;
    const { node, scope } = this.follow.reduce(placed);
    switch (node.kind) {
      case 'string':
        return node.children.length > 0 ? this.formatted(node, scope) : readText(node);
      case 'concatenated_string':
        return this.join(node.children.map((part) => this.string({ node: part, scope })));
      case 'binary_operator':
        return this.operator(node, scope);
      case 'call':
        return this.call(node, scope);
      default:
        return undefined;
    }
  }

  /** The text that formatting an expression gives. */
  shown(placed: Placed): string | undefined {
    const { node } = this.follow.reduce(placed);
    if (node.kind === 'integer') return writeNumber('integer', node.text);
    return this.string(placed) ?? this.unknown();
  }

  private formatted(node: Node, scope: Scope): string | undefined {
    const prefix = /^[a-z]*/i.exec(node.children[0]?.text ?? '')?.[0] ?? '';
    const parts = node.children.map((part) => {
      if (part.kind === 'string_content') return readStringContent(part.text, prefix);
      if (part.kind !== 'interpolation') return '';
      const expression = child(part, 'expression');
      if (!expression || part.children.length > 1) return this.unknown();
      return this.shown({ node: expression, scope });
    });
    return this.join(parts);
  }

  private operator(node: Node, scope: Scope): string | undefined {
    const left = child(node, 'left');
    const right = child(node, 'right');
    if (!left || !right) return undefined;
    const before = this.string({ node: left, scope });
    switch (child(node, 'operator')?.text ?? '') {
      case '+': {
        const after = this.string({ node: right, scope });
        if (before === undefined && after === undefined) return undefined;
        return this.join([before ?? this.unknown(), after ?? this.unknown()]);
      }
      case '%': {
        if (before === undefined) return undefined;
        const values = right.kind === 'tuple' ? [...right.children] : [right];
        return this.fill(before, /%(?:([sd])|(%)|(.))/g, ([kind, percent]) => {
          if (percent !== undefined) return '%';
          const value = kind === undefined ? undefined : values.shift();
          return value && this.shown({ node: value, scope });
        });
      }
      default:
        return undefined;
    }
  }

  private call(node: Node, scope: Scope): string | undefined {
    const callee = child(node, 'function');
    const list = child(node, 'arguments');
    if (!callee || list?.kind !== 'argument_list') return undefined;
    if (callee.text === 'str' && list.children.length === 1 && list.children[0]) {
      return this.shown({ node: list.children[0], scope });
    }
    if (callee.kind !== 'attribute' || child(callee, 'attribute')?.text !== 'format') {
      return undefined;
    }
    const object = child(callee, 'object');
    const format = object && this.string({ node: object, scope });
    if (format === undefined) return undefined;
    let next = 0;
    return this.fill(format, /\{(\w*)\}|(\{\{)|(\}\})|[{}]/g, ([name, open, close]) => {
      if (open !== undefined) return '{';
      if (close !== undefined) return '}';
      if (name === undefined) return undefined;
      const value = /^\d*$/.test(name)
        ? list.children.filter((part) => part.kind !== 'keyword_argument')[
            name === '' ? next++ : Number(name)
          ]
        : list.children
            .filter((part) => child(part, 'name')?.text === name)
            .map((part) => child(part, 'value'))[0];
      return value && this.shown({ node: value, scope });
    });
  }

  private fill(
    format: string,
    pattern: RegExp,
    value: (groups: (string | undefined)[]) => string | undefined,
  ): string | undefined {
    let unknown = 0;
    const text = format.replace(pattern, (...match: (string | undefined)[]) => {
      const groups = match
        .slice(1, 4)
        .map((group) => (typeof group === 'string' ? group : undefined));
      const filled = value(groups) ?? this.unknown();
      if (filled === undefined) unknown++;
      return filled ?? '';
    });
    return unknown === 0 ? text : undefined;
  }

  private join(parts: (string | undefined)[]): string | undefined {
    return parts.every((part) => part !== undefined) ? parts.join('') : undefined;
  }
}

function readText(node: Node): string | undefined {
  const literal = readString(node.text);
  return literal && !literal.bytes ? literal.value : undefined;
}
