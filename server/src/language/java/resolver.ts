import type { References } from './definitions.js';
import { Names, classScope, type Workspace } from './names.js';
import { optionText } from './options.js';
import { Changes, type PlacedChange } from './changes.js';
import { branchesAt, bodyFacts, variableAt, type Assignment, type Variable } from './body.js';
import { child, type SyntaxNode } from '../syntax/tree.js';
import {
  isAnnotated,
  type Field,
  type JavaType,
  type Method,
  type Placed,
  type Scope,
} from './unit.js';
import { Writer } from './write.js';

const MAX_DEPTH = 24;
/** Names followed for one text. */
const MAX_WORK = 3_000;
const MAX_TEXT = 4_000;

/** One of the values that a variable can have, and what has to be so for it. */
export interface Value {
  placed: Placed;
  conditions: { node: SyntaxNode; branch: number }[];
}

/** Finds what expressions are: follows names that are bound once, and writes the rest in canonical form. */
export class Resolver {
  readonly names: Names;
  readonly changes = new Changes(this);
  private depth = 0;
  private work = 0;
  private readonly active = new Set<SyntaxNode>();
  private readonly assigningMethods = new Map<JavaType, ReadonlyMap<string, Method[]>>();

  constructor(
    workspace: Workspace,
    /** Values of options that are given when the program is launched. */
    readonly options: ReadonlyMap<string, string>,
  ) {
    this.names = new Names(workspace);
  }

  /** Canonical text of an expression, with what is known of its names in their place. */
  text(placed: Placed, references?: References): string {
    if (this.depth === 0 && this.active.size === 0) this.work = 0;
    if (this.depth > MAX_DEPTH || ++this.work > MAX_WORK) return '…';
    this.depth++;
    try {
      const text = new Writer(this, placed.scope, references).expression(placed.node);
      return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}…`;
    } finally {
      this.depth--;
    }
  }

  /** A label: constant text, with `{}` for what only running the program tells. */
  label({ node, scope }: Placed): string {
    const parts = new Writer(this, scope).parts(node) ?? [{ text: '' }];
    return parts.map((part) => ('known' in part ? part.known : '{}')).join('');
  }

  /** Runs `work` unless it is about `node` already. */
  once<T>(node: SyntaxNode, work: () => T): T | undefined {
    if (this.active.size === 0) this.work = 0;
    if (this.active.has(node) || this.active.size > MAX_DEPTH * 2) return undefined;
    if (++this.work > MAX_WORK) return undefined;
    this.active.add(node);
    try {
      return work();
    } finally {
      this.active.delete(node);
    }
  }

  /** What a name stands for where it is written. */
  variable(
    name: string,
    node: SyntaxNode,
    scope: Scope,
  ): { variable: Variable; scope: Scope } | undefined {
    let offset = node.start;
    for (let at: Scope | undefined = scope; at; at = at.type.enclosing) {
      const variable = at.body && variableAt(at.body, name, offset);
      if (variable) return { variable, scope: at };
      if (this.names.field(at.type, name)) return undefined;
      // Code of a class inside of a method stands where the class does.
      offset = at.type.node.start;
    }
    return undefined;
  }

  /** The values a variable can have at a place: of assignments that have run, or may have. */
  values(variable: Variable, at: SyntaxNode, scope: Scope): Value[] {
    const { body } = scope;
    if (!body) return [];
    const here = branchesAt(body, at.start);
    const values: Value[] = [];
    const add = (value: SyntaxNode, start: number): boolean => {
      const branches = branchesAt(body, start);
      const isOther = branches.some((one) =>
        here.some((own) => own.statement === one.statement && own.index !== one.index),
      );
      if (isOther) return false;
      const conditional = branches.filter((one) => !here.includes(one));
      const conditions = conditional.flatMap(({ condition, index }) =>
        condition ? [{ node: condition, branch: index }] : [],
      );
      values.unshift({ placed: { node: value, scope }, conditions });
      return conditional.length === 0;
    };
    // Backwards, to the one that has run in any case.
    const assignments = body.assignments.get(variable.name) ?? [];
    for (let i = assignments.length - 1; i >= 0; i--) {
      const one = assignments[i];
      if (!one || one.isField || one.start >= at.start || contains(one.value, at)) continue;
      if (variableAt(body, one.name, one.start) !== variable) continue;
      if (add(one.value, one.start)) return values;
    }
    if (variable.value && variable.kind === 'local') add(variable.value, variable.start);
    return values;
  }

  /** What has changed the values that a variable can have at a place, or may have. */
  changesOf(
    variable: Variable,
    at: SyntaxNode,
    scope: Scope,
    values: readonly Value[],
  ): PlacedChange[] {
    const [first] = values;
    const from = first?.conditions.length === 0 ? first.placed.node.start : -1;
    return this.changes.ofVariable(variable, at, scope, from);
  }

  /** The values a field can have: of its declaration, and of assignments in its class. */
  fieldValues(field: Field): Placed[] {
    const values: Placed[] = [];
    if (field.value) {
      values.push({ node: field.value, scope: memberScope(field) });
    }
    for (const method of this.assigning(field.type).get(field.name) ?? []) {
      this.names.noted(method);
      const scope = memberScope(method);
      for (const one of scope.body?.assignments.get(field.name) ?? []) {
        if (this.isOfField(one, scope)) values.push({ node: one.value, scope });
      }
    }
    return values;
  }

  /** The methods of a class by the names that they assign. */
  private assigning(type: JavaType): ReadonlyMap<string, Method[]> {
    const known = this.assigningMethods.get(type);
    if (known) return known;
    const byName = new Map<string, Method[]>();
    for (const method of type.methods) {
      for (const name of bodyFacts(method.node).assignments.keys()) {
        const methods = byName.get(name);
        if (methods) methods.push(method);
        else byName.set(name, [method]);
      }
    }
    this.assigningMethods.set(type, byName);
    return byName;
  }

  private isOfField(one: Assignment, scope: Scope): boolean {
    return one.isField || (scope.body && variableAt(scope.body, one.name, one.start)) === undefined;
  }

  /** A method of the user's own that an invocation calls, and where its code is evaluated. */
  methodCalled(node: SyntaxNode, scope: Scope): { method: Method; scope: Scope } | undefined {
    const name = child(node, 'name')?.text ?? '';
    const list = child(node, 'arguments')?.children ?? [];
    const object = child(node, 'object');
    let method: Method | undefined;
    if (!object || object.kind === 'this' || object.kind === 'super') {
      method = this.names.around(scope, (type) => this.names.method(type, name, list.length));
      if (!method && !object) {
        const has = (type: JavaType): boolean =>
          this.names.method(type, name, list.length) !== undefined;
        const imported = this.names.staticImport(name, scope.type.unit, has)?.own;
        method = imported && this.names.method(imported, name, list.length);
      }
    } else {
      const type = this.typeOfObject(object, scope);
      method = type && this.names.method(type, name, list.length);
    }
    return method && { method, scope: this.entered(method, list, scope) };
  }

  /** The user's own class that an object is of, or that a name names. */
  typeOfObject(object: SyntaxNode, scope: Scope): JavaType | undefined {
    if (object.kind === 'object_creation_expression') {
      return this.names.typeOfNode(child(object, 'type'), scope)?.own;
    }
    if (object.kind === 'identifier') {
      const found = this.variable(object.text, object, scope);
      if (found) {
        const { declaredType, value } = found.variable;
        const own = this.names.typeOfNode(declaredType, found.scope)?.own;
        if (own || declaredType?.text !== 'var') return own;
        return value && this.once(value, () => this.typeOfObject(value, found.scope));
      }
      const field = this.names.around(scope, (type) => this.names.field(type, object.text));
      if (field)
        return this.names.typeOfNode(field.declaredType, classScope(field.type).inside)?.own;
    }
    return this.names.typeOfNode(object, scope)?.own;
  }

  /** The scope of a method that is called with these arguments. */
  entered(method: Method, list: readonly SyntaxNode[], from: Scope): Scope {
    const args = new Map<string, Placed>();
    method.parameters.forEach((parameter, index) => {
      const node = list[index];
      if (parameter.kind === 'spread_parameter' || !node) return;
      const name = child(parameter, 'name')?.text;
      if (name) args.set(name, { node, scope: from });
    });
    return { ...memberScope(method), args };
  }

  option(node: SyntaxNode, scope: Scope): string | undefined {
    return optionText(node, scope, this);
  }

  isUnboundedPerElement(type: JavaType): boolean {
    return (
      type.methods.some(
        ({ name, modifiers, node }) =>
          (isAnnotated(modifiers, 'ProcessElement') || name === 'processElement') &&
          isAnnotated(modifiers ?? node, 'UnboundedPerElement'),
      ) ||
      isAnnotated(
        type.node.children.find(({ kind }) => kind === 'modifiers'),
        'UnboundedPerElement',
      )
    );
  }
}

export function memberScope(member: Method | Field): Scope {
  const { type, base, node } = member;
  return { type, member, body: bodyFacts(node), base, args: undefined };
}

function contains(value: SyntaxNode, at: SyntaxNode): boolean {
  return value.start <= at.start && at.end <= value.end;
}
