import { bodyOf, dottedName, type Import, type Node, type Target } from './node.js';
import type { Binding, Facts, Guard, Scope, Touch, Variable } from './scope.js';

function newScope(parent: Scope | undefined, owner: Node | undefined, facts: Facts): Scope {
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
    touched: [],
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
      touches: [],
      aliases: [],
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
        for (const target of node.targets ?? []) {
          if (target.key) this.visit(target.key, scope);
          this.bind(node, target, scope);
        }
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
    const generic = callee?.kind === 'index' ? callee.children[0] : callee;
    const name = generic && (dottedName(generic)?.at(-1) ?? generic.text);
    if (name) this.facts.calls.add(name);
    const [, ...args] = node.children;
    if (callee?.kind === 'member') this.touch(callee.children[0], -1, node, scope);
    args.forEach((argument, position) => {
      this.touch(argument, position, node, scope);
    });
  }

  /** Notes that a call is given what a name holds, or part of that. */
  private touch(part: Node | undefined, position: number, call: Node, scope: Scope): void {
    let root = part?.kind === 'operation' && part.text === '&' ? part.children[0] : part;
    while (root?.kind === 'member' || root?.kind === 'index') root = root.children[0];
    if (root?.kind !== 'name' || root.text === 'this') return;
    const { guards } = this;
    const binding: Binding = {
      ...{ how: 'change', value: call, path: [], field: ['()'], key: undefined },
      ...{ default: undefined, guards, offset: call.end, scope },
    };
    const isStatement = this.statement?.start === call.start && this.statement.end === call.end;
    const touch: Touch = { position, isStatement, binding };
    const known = lookUp(root.text, scope);
    if (!known) this.facts.touched.push({ name: root.text, touch });
    for (const each of known ? [known, ...othersOf(known)] : []) each.touches.push(touch);
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
      key: target.key,
      default: target.default,
      guards: this.guards,
      offset: node.end,
      scope,
    };
    const declares = (node.text === 'declare' || node.text === 'each') && !target.field;
    if (declares) {
      const declaredAt = scope.owner ? node.end : -1;
      const variable = this.variable(target.name, 'variable', scope, declaredAt);
      variable.bindings.push(binding);
      this.alias(variable, binding);
      return;
    }
    const known = lookUp(target.name, scope);
    if (!known) {
      this.facts.assigned.push({ name: target.name, binding });
      return;
    }
    known.bindings.push(binding);
    if (target.field) for (const other of othersOf(known)) other.bindings.push(binding);
  }

  /** `const b = a`: what is changed by one name is changed for the other. */
  private alias(variable: Variable, { value, path, scope }: Binding): void {
    const isPointer = value?.kind === 'operation' && value.text === '&';
    const named = isPointer ? value.children[0] : value;
    if (named?.kind !== 'name' || path.length > 0) return;
    const other = lookUp(named.text, scope);
    if (!other || other === variable || other.kind === 'import' || other.definition) return;
    if (!isPointer && other.bindings.some((one) => isCopied(one.value))) return;
    const group = [...new Set([other, ...other.aliases, variable])];
    for (const each of group) each.aliases = group;
  }
}

function lookUp(name: string, scope: Scope): Variable | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const known = at.names.get(name);
    if (known) return known;
  }
  return undefined;
}

function othersOf(variable: Variable): readonly Variable[] {
  return variable.aliases.filter((other) => other !== variable);
}

/** A struct of Go's: another name is given a copy of it. */
function isCopied(value: Node | undefined): boolean {
  const type = value?.kind === 'record' ? value.type : undefined;
  return type !== undefined && type.text !== 'map_type';
}

function isDeclaration(node: Node): boolean {
  return (node.kind === 'function' || node.kind === 'type') && node.text !== '';
}
