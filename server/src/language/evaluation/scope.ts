import { bodyOf, dottedName, type Import, type Node, type Target } from './node.js';

/** Where names are made: a module, a function, a block. */
export interface Scope {
  parent: Scope | undefined;
  names: Map<string, Variable>;
  /** The function whose code it is; undefined for that of a module. */
  owner: Node | undefined;
  /** The segment it is in. */
  facts: Facts;
}

export interface Variable {
  name: string;
  scope: Scope;
  kind: 'variable' | 'parameter' | 'import' | 'function' | 'type';
  bindings: Binding[];
  /** Before this offset, the name is that of an outer scope. */
  declaredAt: number;
  /** Of a parameter. */
  position: number;
  parameterPath: readonly (string | number)[];
  default: Node | undefined;
  definition: Node | undefined;
  imported: Import | undefined;
}

/** What a variable is given by one place of the text. */
export interface Binding {
  /** `declare`, `assign`, `each`, or an operator. */
  how: string;
  value: Node | undefined;
  /** Part of the value. */
  path: readonly (string | number)[];
  /** Part of the variable. */
  field: readonly string[];
  default: Node | undefined;
  guards: readonly Guard[];
  /** End of the statement: from there on it holds. */
  offset: number;
  scope: Scope;
}

/** A branch that has to be taken, or a loop. */
export interface Guard {
  node: Node;
  branch: number;
  condition: Node | undefined;
}

/** A call, in the order they are made. */
export interface Site {
  node: Node;
  scope: Scope;
  /** The statement that contains it. */
  statement: { start: number; end: number };
  isRepeated: boolean;
}

/** What a segment says. Never changes; of which module, and where in it, is told by {@link Facts.place}. */
export interface Facts {
  scope: Scope;
  /** Functions at any depth, outer ones first. */
  functions: { node: Node; scope: Scope; name: string }[];
  /** By the function that makes them; under undefined those of the module. */
  sites: Map<Node | undefined, Site[]>;
  /** Last names of everything that is called. */
  calls: Set<string>;
  imports: Import[];
  /** Assignments to names that the segment does not declare. */
  assigned: { name: string; binding: Binding }[];
  errors: { start: number; end: number }[];
  /** Of the segment in the text; kept up to date by the module. */
  place: { offset: number; module: object | undefined };
}

export function newScope(parent: Scope | undefined, owner: Node | undefined, facts: Facts): Scope {
  return { parent, names: new Map(), owner, facts };
}

/** Finds what the names of a segment's code are bound to, and what it calls. */
export function bindNames(root: Node, errors: Facts['errors']): Facts {
  const facts: Facts = {
    scope: undefined as unknown as Scope,
    functions: [],
    sites: new Map(),
    calls: new Set(),
    imports: [],
    assigned: [],
    errors,
    place: { offset: 0, module: undefined },
  };
  facts.scope = newScope(undefined, undefined, facts);
  new Binder(facts).statements(root.children, facts.scope);
  return facts;
}

class Binder {
  private guards: readonly Guard[] = [];
  private loops = 0;
  private statement: { start: number; end: number } | undefined;
  private path: string[] = [];

  constructor(private readonly facts: Facts) {}

  statements(nodes: readonly Node[], scope: Scope): void {
    // Functions and types can be used before they are declared.
    for (const node of nodes) if (isDeclaration(node)) this.declare(node, scope);
    for (const node of nodes) {
      const outer = this.statement;
      this.statement = node;
      this.visit(node, scope);
      this.statement = outer;
    }
  }

  private declare(node: Node, scope: Scope): void {
    const kind = node.kind === 'function' ? 'function' : 'type';
    for (const name of new Set([node.text, node.exported ?? node.text])) {
      if (name === '' || node.receiver !== undefined) continue;
      const variable = this.variable(name, kind, scope, -1);
      variable.definition = node;
    }
  }

  private variable(
    name: string,
    kind: Variable['kind'],
    scope: Scope,
    declaredAt: number,
  ): Variable {
    const known = scope.names.get(name);
    if (known) return known;
    const variable: Variable = {
      name,
      scope,
      kind,
      bindings: [],
      declaredAt,
      position: -1,
      parameterPath: [],
      default: undefined,
      definition: undefined,
      imported: undefined,
    };
    scope.names.set(name, variable);
    return variable;
  }

  private visit(node: Node, scope: Scope): void {
    const kind: string = node.kind;
    switch (kind) {
      case 'import':
        for (const one of node.imports ?? []) this.import(one, scope);
        return;
      case 'function':
        this.function(node, scope);
        return;
      case 'block':
        node.scope = newScope(scope, scope.owner, this.facts);
        this.statements(node.children, node.scope);
        return;
      case 'branch':
        this.branch(node, scope);
        return;
      case 'loop':
        this.loop(node, scope);
        return;
      case 'type':
        this.path.push(node.text);
        for (const part of node.children) this.visit(part, scope);
        this.path.pop();
        return;
      case 'bind':
        for (const value of node.children) this.visit(value, scope);
        for (const target of node.targets ?? []) this.bind(node, target, scope);
        return;
      case 'call':
        // What is inside of it is called before.
        for (const part of node.children) this.visit(part, scope);
        this.call(node, scope);
        return;
      case 'choice': {
        const [condition, ...rest] = node.children;
        if (condition) this.visit(condition, scope);
        rest.forEach((part, branch) => {
          this.guarded({ node, branch, condition }, () => {
            this.visit(part, scope);
          });
        });
        return;
      }
      default:
        for (const part of node.children) this.visit(part, scope);
        if (node.type) this.visit(node.type, scope);
    }
  }

  private import(one: Import, scope: Scope): void {
    this.facts.imports.push(one);
    if (one.isExport || one.name === '.' || one.name === '_') return;
    this.variable(one.name, 'import', scope, -1).imported = one;
  }

  private call(node: Node, scope: Scope): void {
    const [callee] = node.children;
    const statement = this.statement ?? node;
    const site = { node, scope, statement, isRepeated: this.loops > 0 };
    const sites = this.facts.sites.get(scope.owner);
    if (sites) sites.push(site);
    else this.facts.sites.set(scope.owner, [site]);
    const name = callee && (dottedName(callee)?.at(-1) ?? callee.text);
    if (name) this.facts.calls.add(name);
  }

  private function(node: Node, scope: Scope): void {
    const inner = newScope(scope, node, this.facts);
    node.scope = inner;
    const name = node.receiver === undefined ? node.text : `${node.receiver}.${node.text}`;
    const path = [...this.path, name].filter((part) => part !== '');
    this.facts.functions.push({ node, scope, name: path.join('.') });
    (node.parameters ?? []).forEach((parameter, position) => {
      if (parameter.name !== '') {
        const variable = this.variable(parameter.name, 'parameter', inner, -1);
        variable.position = position;
        variable.default = parameter.default;
      }
      for (const target of parameter.targets ?? []) {
        const variable = this.variable(target.name, 'parameter', inner, -1);
        variable.position = position;
        variable.parameterPath = target.path;
        variable.default = target.default;
      }
      if (parameter.default) this.visit(parameter.default, scope);
    });
    const { guards, loops, path: outerPath } = this;
    this.guards = [];
    this.loops = node.isRepeated ? 1 : 0;
    this.path = path;
    const body = bodyOf(node);
    if (body) {
      body.scope = inner;
      if (body.kind === 'block') this.statements(body.children, inner);
      else this.visit(body, inner);
    }
    this.guards = guards;
    this.loops = loops;
    this.path = outerPath;
  }

  private branch(node: Node, scope: Scope): void {
    const [condition, ...branches] = node.children;
    if (condition) this.visit(condition, scope);
    branches.forEach((part, branch) => {
      this.guarded({ node, branch, condition }, () => {
        this.visit(part, scope);
      });
    });
  }

  private guarded(guard: Guard, visit: () => void): void {
    const { guards } = this;
    this.guards = [...guards, guard];
    visit();
    this.guards = guards;
  }

  private loop(node: Node, scope: Scope): void {
    node.scope = newScope(scope, scope.owner, this.facts);
    this.loops++;
    this.guarded({ node, branch: -1, condition: undefined }, () => {
      for (const part of node.children) this.visit(part, node.scope ?? scope);
    });
    this.loops--;
  }

  private bind(node: Node, target: Target, scope: Scope): void {
    if (target.name === '_' || target.name === '') return;
    const binding: Binding = {
      how: node.text,
      value: node.children[target.value],
      path: target.path,
      field: target.field ?? [],
      default: target.default,
      guards: this.guards,
      offset: node.end,
      scope,
    };
    const declares = (node.text === 'declare' || node.text === 'each') && !target.field;
    if (declares) {
      const declaredAt = scope.owner ? node.end : -1;
      this.variable(target.name, 'variable', scope, declaredAt).bindings.push(binding);
      return;
    }
    for (let at: Scope | undefined = scope; at; at = at.parent) {
      const known = at.names.get(target.name);
      if (!known) continue;
      known.bindings.push(binding);
      return;
    }
    this.facts.assigned.push({ name: target.name, binding });
  }
}

function isDeclaration(node: Node): boolean {
  return (node.kind === 'function' || node.kind === 'type') && node.text !== '';
}

/** The variable that a name means at an offset of the scope's segment, within the segment. */
export function lookUpInSegment(name: string, scope: Scope, at: number): Variable | undefined {
  let later: Variable | undefined;
  for (let each: Scope | undefined = scope; each; each = each.parent) {
    const variable = each.names.get(name);
    if (!variable) continue;
    if (variable.declaredAt <= at || variable.scope.owner !== scope.owner) return variable;
    later ??= variable;
  }
  return later;
}

/** Is the variable made in the function, or in one inside of it? */
export function isLocalTo(variable: Variable, fn: Node): boolean {
  for (let at: Scope | undefined = variable.scope; at; at = at.parent) {
    if (at.owner === fn) return true;
  }
  return false;
}

/**
 * The bindings that may hold where a name is used: of those in the same function the last one before, and what
 * branches and loops add to it.
 */
export function reaching(variable: Variable, scope: Scope, at: number): readonly Binding[] {
  const { bindings } = variable;
  if (bindings.length < 2 && variable.kind !== 'parameter') return bindings;
  const { owner } = variable.scope;
  const isHere = owner !== undefined && owner === scope.owner;
  if (!isHere) return bindings;
  let found: Binding[] = [];
  for (const binding of bindings) {
    const loop = binding.guards.find(({ branch }) => branch === -1)?.node;
    const comesAgain = loop && loop.start <= at && at < loop.end;
    const isOwn = binding.scope.owner === owner;
    if (isOwn && binding.offset > at && !comesAgain) continue;
    if (isOwn && !comesAgain && binding.guards.some((guard) => excludes(guard, at))) continue;
    const isCertain =
      isOwn &&
      binding.field.length === 0 &&
      binding.offset <= at &&
      binding.guards.every((guard) => isAround(guard, at));
    if (isCertain) found = [];
    found.push(binding);
  }
  return found;
}

/** The use is in the same branch: it is known to be taken. */
function isAround({ node, branch }: Guard, at: number): boolean {
  const part = branch < 0 ? node : node.children[branch + 1];
  return part !== undefined && part.start <= at && at < part.end;
}

/** The use is in another branch of the same statement. */
function excludes(guard: Guard, at: number): boolean {
  const { start, end, children } = guard.node;
  const [condition] = children;
  if (guard.branch < 0 || at < start || at >= end || isAround(guard, at)) return false;
  return condition === undefined || at >= condition.end;
}
