import { child, type SyntaxNode } from '../syntax/tree.js';
import { PACKAGES } from './packages.js';
import {
  dottedName,
  typeOf,
  type Field,
  type JavaType,
  type Member,
  type Method,
  type Scope,
  type Unit,
} from './unit.js';

/** What a name of a type means: a class of the user's own, or the qualified name of another. */
export type TypeName =
  { own: JavaType; qualified?: undefined } | { own?: undefined; qualified: string };

/** Finds the classes of other files by their qualified names. */
export interface Workspace {
  /** @param from the file that refers to it */
  unitOf(qualified: string, from: Unit): Unit | undefined;
}

const LANGUAGE = new Set(
  `Boolean Byte Character Class Double Enum Exception Float Integer Iterable Long Math Number Object Override Runnable
  RuntimeException Short String StringBuilder System Thread Void AutoCloseable CharSequence Cloneable Comparable Deprecated
  Error FunctionalInterface IllegalArgumentException IllegalStateException IndexOutOfBoundsException InterruptedException
  NullPointerException NumberFormatException Record Runtime SafeVarargs StringBuffer SuppressWarnings ThreadLocal Throwable
  UnsupportedOperationException`.split(/\s+/),
);

/** Resolves names of types as Java does: by scopes, then imports. */
export class Names {
  /** Nodes of members of which more than their summary was asked for. */
  readonly read = new Set<SyntaxNode>();

  constructor(private readonly workspace: Workspace) {}

  /** @returns undefined when nothing tells that the names are those of a type */
  type(names: readonly string[], scope: Scope): TypeName | undefined {
    const [first = ''] = names;
    const root = this.simple(first, scope);
    if (!root) return this.qualified(names, scope.type.unit);
    if (root.qualified !== undefined) {
      return { qualified: [root.qualified, ...names.slice(1)].join('.') };
    }
    let { own } = root;
    for (const name of names.slice(1)) {
      const inner = this.memberType(own, name);
      if (!inner) return undefined;
      own = inner;
    }
    return { own };
  }

  /** The type a node names: `Foo`, `Foo<T>`, `a.b.Foo`. */
  typeOfNode(node: SyntaxNode | undefined, scope: Scope): TypeName | undefined {
    const names = dottedName(node);
    return names && this.type(names, scope);
  }

  private simple(name: string, scope: Scope): TypeName | undefined {
    const local = this.localType(name, scope);
    if (local) return { own: local };
    for (let type: JavaType | undefined = scope.type; type; type = type.outer) {
      if (type.name === name) return { own: type };
      const inner = this.memberType(type, name);
      if (inner) return { own: inner };
      if (type.enclosing) return this.simple(name, type.enclosing);
    }
    const { unit } = scope.type;
    const own = unit.types.find((type) => type.name === name);
    return own ? { own } : this.imported(name, unit);
  }

  private localType(name: string, scope: Scope): JavaType | undefined {
    const { body } = scope;
    const found = body?.types.find(({ node }) => child(node, 'name')?.text === name);
    return found && typeOf(scope.type.unit, found.node, scope.base, undefined, scope);
  }

  private imported(name: string, unit: Unit): TypeName | undefined {
    for (const one of unit.imports) {
      if (one.isWildcard || !one.name.endsWith(`.${name}`)) continue;
      // A static import may be that of a constant.
      if (one.isStatic && !/^[A-Z].*[a-z]/.test(name)) continue;
      return this.external(one.name, unit);
    }
    if (LANGUAGE.has(name)) return { qualified: name };
    const isType = /^[A-Z]/.test(name);
    if (!isType) return undefined;
    const same = this.workspaceType(unit.package ? `${unit.package}.${name}` : name, unit);
    if (same) return { own: same };
    const wildcards = unit.imports.filter((one) => one.isWildcard && !one.isStatic);
    // A name in capitals that nothing declares is a constant rather than a class.
    const isConstant = /^[A-Z][A-Z\d_]+$/.test(name);
    for (const { name: outer } of wildcards) {
      if (PACKAGES.get(outer)?.has(name)) return { qualified: `${outer}.${name}` };
    }
    const unknown = wildcards.filter((one) => !PACKAGES.has(one.name));
    for (const one of unknown) {
      const own = this.workspaceType(`${one.name}.${name}`, unit);
      if (own) return { own };
    }
    if (isConstant) return undefined;
    const [only] = unknown;
    if (only && unknown.length === 1) return { qualified: `${only.name}.${name}` };
    return { qualified: name };
  }

  /** `a.b.Foo` written out. */
  private qualified(names: readonly string[], unit: Unit): TypeName | undefined {
    const first = names.findIndex((name) => /^[A-Z]/.test(name));
    return first > 0 ? this.external(names.join('.'), unit) : undefined;
  }

  private external(qualified: string, unit: Unit): TypeName {
    const own = this.workspaceType(qualified, unit);
    return own ? { own } : { qualified };
  }

  /** A type of another file of the user's; a nested one is in the file of the type around it. */
  private workspaceType(qualified: string, from: Unit): JavaType | undefined {
    if (/^javax?\./.test(qualified)) return undefined;
    const names = qualified.split('.');
    const first = names.findIndex((name) => /^[A-Z]/.test(name));
    if (first < 0) return undefined;
    const unit = this.workspace.unitOf(names.slice(0, first + 1).join('.'), from);
    let type = unit?.types.find(({ name }) => name === names[first]);
    for (const name of names.slice(first + 1)) type = type && this.memberType(type, name);
    return type;
  }

  private memberType(type: JavaType, name: string): JavaType | undefined {
    return this.inHierarchy(type, (one) => one.types.find((inner) => inner.name === name));
  }

  field(type: JavaType, name: string): Field | undefined {
    return this.noted(
      this.inHierarchy(type, (one) => one.fields.find((field) => field.name === name)),
    );
  }

  method(type: JavaType, name: string, count: number): Method | undefined {
    const find = (fits: (method: Method) => boolean): Method | undefined =>
      this.inHierarchy(type, (one) =>
        one.methods.find(
          (method) => method.kind === 'method' && method.name === name && fits(method),
        ),
      );
    return this.noted(
      find(({ parameters }) => parameters.length === count) ??
        find(({ parameters }) => parameters.some(({ kind }) => kind === 'spread_parameter')),
    );
  }

  /** Notes that the code of a member is read. */
  noted<T extends Member>(member: T | undefined): T | undefined {
    if (member) this.read.add(member.node);
    return member;
  }

  /** A field or method that a name without an object can mean, in the types around the scope too. */
  around<T>(scope: Scope, find: (type: JavaType) => T | undefined): T | undefined {
    for (let type: JavaType | undefined = scope.type; type;) {
      const found = find(type);
      if (found !== undefined) return found;
      type = type.outer ?? type.enclosing?.type;
    }
    return undefined;
  }

  /** `import static a.B.NAME` or `a.B.*`: the class and, of others than the user's, the qualified name. */
  staticImport(
    name: string,
    unit: Unit,
    has: (type: JavaType) => boolean,
  ): { own?: JavaType; qualified?: string } | undefined {
    const statics = unit.imports.filter((one) => one.isStatic);
    for (const one of statics) {
      if (one.isWildcard || !one.name.endsWith(`.${name}`)) continue;
      const own = this.workspaceType(one.name.slice(0, -name.length - 1), unit);
      return own ? { own } : { qualified: one.name };
    }
    const wildcards = statics.filter((one) => one.isWildcard);
    for (const one of wildcards) {
      const own = this.workspaceType(one.name, unit);
      if (own && has(own)) return { own };
    }
    return wildcards.length === 1 && wildcards[0]
      ? { qualified: `${wildcards[0].name}.${name}` }
      : undefined;
  }

  /** What a class extends or implements, as written. */
  bases(type: JavaType): SyntaxNode[] {
    const { node } = type;
    if (node.kind === 'object_creation_expression') {
      const base = child(node, 'type');
      return base ? [base] : [];
    }
    const bases: SyntaxNode[] = [];
    for (const part of node.children) {
      if (!/^(?:superclass|super_interfaces|extends_interfaces)$/.test(part.kind)) continue;
      const list = part.children.find(({ kind }) => kind === 'type_list');
      bases.push(...(list ?? part).children.filter(({ kind }) => kind.includes('type')));
    }
    return bases;
  }

  /** The qualified names of all classes beyond the user's own that a class is derived from. */
  ancestors(type: JavaType, depth = 0): string[] {
    if (depth > 16) return [];
    return this.bases(type).flatMap((base) => {
      const found = this.typeOfNode(base, classScope(type).outside);
      if (found?.own) return found.own === type ? [] : this.ancestors(found.own, depth + 1);
      return found ? [found.qualified] : [];
    });
  }

  private inHierarchy<T>(
    type: JavaType,
    find: (type: JavaType) => T | undefined,
    depth = 0,
  ): T | undefined {
    const found = find(type);
    if (found !== undefined || depth > 16) return found;
    for (const base of this.bases(type)) {
      const names = dottedName(base);
      // The base's own name must not be looked for in the class itself.
      const own = names && this.base(names, type);
      const inherited = own && own !== type ? this.inHierarchy(own, find, depth + 1) : undefined;
      if (inherited !== undefined) return inherited;
    }
    return undefined;
  }

  private readonly finding = new Set<JavaType>();

  private base(names: readonly string[], type: JavaType): JavaType | undefined {
    if (this.finding.has(type)) return undefined;
    this.finding.add(type);
    try {
      return this.type(names, classScope(type).outside)?.own;
    } finally {
      this.finding.delete(type);
    }
  }
}

/** The scopes of a class's own code, and of what is written in its header. */
export function classScope(type: JavaType): { inside: Scope; outside: Scope } {
  const base = { member: undefined, body: undefined, base: 0, args: undefined };
  const inside = { ...base, type };
  const around = type.enclosing ?? (type.outer ? { ...base, type: type.outer } : undefined);
  return { inside, outside: around ?? inside };
}
