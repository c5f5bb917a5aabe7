import { child, type SyntaxNode } from '../syntax/tree.js';
import {
  bodyFacts,
  branchesAt,
  variableAt,
  type Body,
  type Branch,
  type Variable,
} from './body.js';
import { rootCall } from './calls.js';
import { memberScope, type Resolver } from './resolver.js';
import {
  dottedName,
  parameterName,
  type Field,
  type JavaType,
  type Method,
  type Scope,
} from './unit.js';

/** Something that may change what a variable or a field holds: a call, or an assignment to a part of it. */
export interface Change {
  /** The call, or the assignment. */
  node: SyntaxNode;
  /** Which argument of the call it is; -1 when the call is made on it. */
  position: number;
  /** `this.name`. */
  isField: boolean;
  /** Nobody uses what the call gives. */
  isStatement: boolean;
}

/** A change where it stands, and what has to be so for it. */
export interface PlacedChange {
  change: Change;
  /** The name by which it is changed. */
  name: string;
  scope: Scope;
  conditions: { node: SyntaxNode; branch: number }[];
}

/** Methods that change what they are called on. */
const CHANGERS =
  /^(?:add|append|clear|compute|delete|insert|merge|offer|poll|pop|push|put|remove|replace|reset|retain|reverse|set|setLength|sort|store)(?![a-z])/;
/** Methods that are called for another effect. */
const HARMLESS =
  /^(?:apply|assert|check|close|contains|debug|describe|equals|error|flush|for[A-Z]|get|has|info|is|iterator|log|print|require|run|size|stream|to[A-Z]|trace|validate|verify|wait|warn)/;
/** Static methods of others that change what they are given first. */
const CHANGE_FIRST =
  /^(?:Collections|Arrays|Iterables)\.(?:addAll|sort|shuffle|reverse|fill|swap|setAll|removeIf|replaceAll|rotate)$|\bcopyProperties$/;

const known = new WeakMap<SyntaxNode, ReadonlyMap<string, Change[]>>();

/** What the code of a member may change, by the name; kept with its node. */
export function changesIn(member: SyntaxNode): ReadonlyMap<string, Change[]> {
  let changes = known.get(member);
  if (!changes) {
    const found = new Map<string, Change[]>();
    collect(member, false, found);
    known.set(member, found);
    changes = found;
  }
  return changes;
}

function collect(node: SyntaxNode, isStatement: boolean, found: Map<string, Change[]>): void {
  const { kind } = node;
  if (kind === 'class_body' || kind === 'modifiers') return;
  const note = (part: SyntaxNode | undefined, position: number): void => {
    const root = rootName(part);
    if (!root) return;
    const { name, isField } = root;
    const changes = found.get(name) ?? [];
    found.set(name, changes);
    changes.push({ node, position, isField, isStatement });
  };
  if (kind === 'method_invocation') {
    const object = child(rootCall(node), 'object');
    if (object) note(object, -1);
    (child(node, 'arguments')?.children ?? []).forEach(note);
  } else if (kind === 'assignment_expression') {
    const left = child(node, 'left');
    const isPart = left?.kind === 'array_access' || child(left, 'object')?.kind === 'identifier';
    if (isPart) note(left, -1);
  }
  for (const part of node.children) {
    const isInner = kind === 'method_invocation' && part.field === 'object';
    const isOwn =
      kind === 'expression_statement' || (kind === 'lambda_expression' && part.field === 'body');
    // Of a chain of calls the outermost is all of it; what its others are given counts, too.
    if (isInner && part.kind === 'method_invocation') collectChain(part, found);
    else collect(part, isOwn, found);
  }
}

function collectChain(node: SyntaxNode, found: Map<string, Change[]>): void {
  const object = child(node, 'object');
  if (object?.kind === 'method_invocation') collectChain(object, found);
  else if (object) collect(object, false, found);
  for (const part of child(node, 'arguments')?.children ?? []) collect(part, false, found);
}

/** `x`, `x.y`, `x[0]`, `this.x`: the name it begins with. */
function rootName(node: SyntaxNode | undefined): { name: string; isField: boolean } | undefined {
  let at = node;
  while (at) {
    if (at.kind === 'identifier') return { name: at.text, isField: false };
    const object: SyntaxNode | undefined =
      at.kind === 'field_access' ? child(at, 'object') : undefined;
    if (object?.kind === 'this') return { name: child(at, 'field')?.text ?? '', isField: true };
    at = at.kind === 'array_access' ? at.children[0] : object;
  }
  return undefined;
}

/** Finds what changes the values of variables and fields. */
export class Changes {
  private readonly byName = new Map<JavaType, Map<string, Method[]>>();
  private readonly ofMethods = new Map<SyntaxNode, Map<string, boolean>>();

  constructor(private readonly resolver: Resolver) {}

  /** Changes of what a variable holds that have run where it is used, or may have; `from` the value's own place. */
  ofVariable(variable: Variable, at: SyntaxNode, scope: Scope, from: number): PlacedChange[] {
    const { body, member } = scope;
    if (!body || !member) return [];
    const all = changesIn(member.node);
    if (all.size === 0) return [];
    return aliases(variable, body)
      .flatMap((one) =>
        (all.get(one.name) ?? [])
          .filter(({ node, isField }) => !isField && variableAt(body, one.name, node.start) === one)
          .map((change) => ({ change, name: one.name })),
      )
      .filter(
        ({ change: { node } }) => node.start > from && isBefore(node, at, body, variable.start),
      )
      .filter(({ change }) => this.isChange(change, scope))
      .sort((a, b) => a.change.node.start - b.change.node.start)
      .map((one) => ({ ...one, scope, conditions: conditionsOf(one.change.node, at, body) }));
  }

  /** Changes of what a field holds, in the methods of its class. */
  ofField(field: Field, at: SyntaxNode, from: Scope): PlacedChange[] {
    const { name, type } = field;
    return (this.changing(type).get(name) ?? []).flatMap((method) => {
      const changes = changesIn(method.node).get(name) ?? [];
      this.resolver.names.noted(method);
      const scope = memberScope(method);
      const isSame = from.member?.node === method.node;
      return changes
        .filter(({ node, isField }) => isField || !isLocal(name, node, scope))
        .filter(({ node }) => !isSame || !scope.body || isBefore(node, at, scope.body))
        .filter((change) => this.isChange(change, scope))
        .map((change) => ({
          change,
          name: `${change.isField ? 'this.' : ''}${name}`,
          scope,
          conditions: [],
        }));
    });
  }

  /** The methods of a class by the names that they may change. */
  private changing(type: JavaType): ReadonlyMap<string, Method[]> {
    let byName = this.byName.get(type);
    if (!byName) {
      byName = new Map<string, Method[]>();
      for (const method of type.methods) {
        for (const name of changesIn(method.node).keys()) {
          const methods = byName.get(name);
          if (methods) methods.push(method);
          else byName.set(name, [method]);
        }
      }
      this.byName.set(type, byName);
    }
    return byName;
  }

  /** Does what a method does depend on the fields of its object? */
  readsFields(method: Method): boolean {
    return this.once(method, '#reads', () => {
      const scope = memberScope(method);
      const reads = (node: SyntaxNode): boolean => {
        const name = node.kind === 'identifier' && node.field !== 'name' ? node.text : undefined;
        const field = name === undefined ? undefined : this.resolver.names.field(method.type, name);
        if (field && !field.isStatic && !isLocal(field.name, node, scope)) return true;
        return node.children.some(reads);
      };
      return reads(method.node);
    });
  }

  private isChange({ node, position, isStatement }: Change, scope: Scope): boolean {
    if (node.kind !== 'method_invocation') return true;
    const call = position < 0 ? rootCall(node) : node;
    const called = this.resolver.methodCalled(call, scope)?.method;
    if (called)
      return position < 0 ? this.changesOwn(called) : this.changesParameter(called, position);
    const name = child(call, 'name')?.text ?? '';
    if (position < 0) return CHANGERS.test(name) || (isStatement && !HARMLESS.test(name));
    const path = [...(dottedName(child(call, 'object')) ?? []).slice(-1), name].join('.');
    return (
      (position === 0 && CHANGE_FIRST.test(path)) || (position > 0 && path === 'System.arraycopy')
    );
  }

  /** Does a method change fields of its object? */
  private changesOwn(method: Method): boolean {
    return this.once(method, '', () => {
      const scope = memberScope(method);
      const { names } = this.resolver;
      const isOwn = (name: string, node: { start: number }, isField: boolean): boolean =>
        (isField || !isLocal(name, node, scope)) && names.field(method.type, name) !== undefined;
      for (const [name, assignments] of bodyFacts(method.node).assignments) {
        if (assignments.some((one) => isOwn(name, one, one.isField))) return true;
      }
      for (const [name, changes] of changesIn(method.node)) {
        const own = changes.filter(({ node, isField }) => isOwn(name, node, isField));
        if (own.some((change) => this.isChange(change, scope))) return true;
      }
      return false;
    });
  }

  private changesParameter(method: Method, position: number): boolean {
    const parameter = method.parameters[Math.min(position, method.parameters.length - 1)];
    const name = parameter && parameterName(parameter);
    if (name === undefined) return false;
    return this.once(method, name, () => {
      const scope = memberScope(method);
      const changes = changesIn(method.node).get(name) ?? [];
      return changes.some((change) => !change.isField && this.isChange(change, scope));
    });
  }

  /** What is asked for while it is found out is taken for false. */
  private once({ node }: Method, key: string, work: () => boolean): boolean {
    const answers = this.ofMethods.get(node) ?? new Map<string, boolean>();
    this.ofMethods.set(node, answers);
    const before = answers.get(key);
    if (before !== undefined) return before;
    answers.set(key, false);
    const answer = work();
    answers.set(key, answer);
    return answer;
  }
}

/** The variable, and those that are given what it holds, or that it is given what they hold. */
function aliases(variable: Variable, body: Body): Variable[] {
  const { value, kind } = variable;
  const others = (givenTo(body).get(variable.name) ?? []).filter(
    (one) => one.value && variableAt(body, variable.name, one.value.start) === variable,
  );
  if (kind === 'local' && value?.kind === 'identifier') {
    const other = variableAt(body, value.text, value.start);
    if (other) others.push(other);
  }
  return [variable, ...others];
}

const given = new WeakMap<Body, Map<string, Variable[]>>();

/** The variables of a body that are another name of what one holds, by the name of that. */
function givenTo(body: Body): Map<string, Variable[]> {
  let byName = given.get(body);
  if (!byName) {
    byName = new Map();
    for (const variable of [...body.variables.values()].flat()) {
      if (variable.kind !== 'local' || variable.value?.kind !== 'identifier') continue;
      const name = variable.value.text;
      byName.set(name, [...(byName.get(name) ?? []), variable]);
    }
    given.set(body, byName);
  }
  return byName;
}

function isLocal(name: string, node: { start: number }, { body }: Scope): boolean {
  return body !== undefined && variableAt(body, name, node.start) !== undefined;
}

/** Has it run, or may it have, when `at` is evaluated? In a loop around both it may. */
function isBefore(node: SyntaxNode, at: SyntaxNode, body: Body, declared = -1): boolean {
  const here = branchesAt(body, at.start);
  const own = branchesAt(body, node.start);
  if (node.start <= at.start && at.end <= node.end) return false;
  const comesAgain = (one: Branch): boolean =>
    one.isLoop && here.includes(one) && !(one.start <= declared && declared < one.end);
  if (own.some(comesAgain)) return true;
  if (node.start >= at.start) return false;
  return !own.some((one) =>
    here.some((other) => other.statement === one.statement && other.index !== one.index),
  );
}

function conditionsOf(node: SyntaxNode, at: SyntaxNode, body: Body): PlacedChange['conditions'] {
  const here = branchesAt(body, at.start);
  return branchesAt(body, node.start)
    .filter((one) => !here.includes(one))
    .flatMap(({ condition, index }) => (condition ? [{ node: condition, branch: index }] : []));
}
