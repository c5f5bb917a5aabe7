import { child, type SyntaxNode } from '../syntax/tree.js';
import { appliesSomething, rootCall } from './calls.js';
import { dottedName, parameterName, TYPE_KINDS } from './unit.js';

/** A local variable or parameter; it can be seen from `from` to `to`. */
export interface Variable {
  name: string;
  kind: 'local' | 'parameter' | 'each' | 'counter' | 'lambda' | 'other';
  declaredType: SyntaxNode | undefined;
  /** Of a local its initialiser; of `each` what it runs over. */
  value: SyntaxNode | undefined;
  /** Of a parameter its position. */
  index: number;
  start: number;
  from: number;
  to: number;
}

export interface Assignment {
  name: string;
  /** `this.name`, or the name alone. */
  isField: boolean;
  /** The right-hand side; of `+=` and `++` all of the expression. */
  value: SyntaxNode;
  start: number;
}

/** Code that runs in one case of several. */
export interface Branch {
  /** Identifies the statement that branches. */
  statement: number;
  index: number;
  condition: SyntaxNode | undefined;
  isLoop: boolean;
  start: number;
  end: number;
}

/** An expression that may apply transforms, with the statement around it. */
export interface Site {
  node: SyntaxNode;
  statement: { start: number; end: number };
  isRepeated: boolean;
  /** Does it contain `.apply(…)`? Else it is a call. */
  applies: boolean;
  /** Of a plain call the name of what is called. */
  callee: string;
  /** Is it called on what may be the name of a class? */
  isOnType: boolean;
}

/** What the code of a member does, in order of the text. Offsets are those of its nodes. */
export interface Body {
  variables: Map<string, Variable[]>;
  /** By name, in order of the text. */
  assignments: Map<string, Assignment[]>;
  branches: Branch[];
  sites: Site[];
  returns: SyntaxNode[];
  /** Classes declared in it. */
  types: { node: SyntaxNode; from: number; to: number }[];
  /** Names of all that is called. */
  calls: Set<string>;
  applies: boolean;
}

const known = new WeakMap<SyntaxNode, Body>();

/** The body of a method, constructor, initialiser or field; kept with its node. */
export function bodyFacts(member: SyntaxNode): Body {
  let body = known.get(member);
  if (!body) {
    body = new BodyReader(member).body;
    known.set(member, body);
  }
  return body;
}

const STREAMING = /^(?:forEach|map|flatMap|mapToObj|forEachOrdered|replaceAll)$/;

class BodyReader {
  readonly body: Body = {
    variables: new Map(),
    assignments: new Map(),
    branches: [],
    sites: [],
    returns: [],
    types: [],
    calls: new Set(),
    applies: false,
  };
  private statement: Site['statement'];
  private loops = 0;
  private lambdas = 0;

  constructor(member: SyntaxNode) {
    this.statement = { start: member.start, end: member.end };
    const parameters = child(member, 'parameters')?.children ?? [];
    parameters.forEach((parameter, index) => {
      this.declare(parameter, 'parameter', undefined, member.end, index, member.start);
    });
    for (const part of member.children) {
      if (part.field !== 'parameters' && part.kind !== 'modifiers') this.walk(part, member.end);
    }
  }

  private declare(
    node: SyntaxNode,
    kind: Variable['kind'],
    value: SyntaxNode | undefined,
    to: number,
    index = 0,
    from = node.end,
  ): void {
    const name = node.kind === 'identifier' ? node.text : parameterName(node);
    const variable: Variable = {
      ...{ name, kind, value, index, from, to },
      start: node.start,
      declaredType:
        child(node, 'type') ?? node.children.find(({ kind: k }) => /_type|type_/.test(k)),
    };
    const before = this.body.variables.get(name);
    if (before) before.push(variable);
    else this.body.variables.set(name, [variable]);
  }

  private assign(assignment: Assignment): void {
    const before = this.body.assignments.get(assignment.name);
    if (before) before.push(assignment);
    else this.body.assignments.set(assignment.name, [assignment]);
  }

  /** @param to where the block ends that `node` stands in */
  private walk(node: SyntaxNode, to: number): void {
    const { kind } = node;
    if (TYPE_KINDS.has(kind)) {
      this.body.types.push({ node, from: node.start, to });
      return;
    }
    switch (kind) {
      case 'class_body':
      case 'type_arguments':
        return;
      case 'block':
      case 'constructor_body':
      case 'switch_block':
        this.all(node.children, node.end);
        return;
      case 'local_variable_declaration':
        this.locals(node, to, 'local');
        return;
      case 'expression_statement':
      case 'throw_statement':
      case 'yield_statement':
      case 'assert_statement':
        this.inStatement(node, () => {
          this.all(node.children, to);
        });
        return;
      case 'return_statement':
        if (this.lambdas === 0 && node.children.some(({ kind: k }) => k !== 'return')) {
          this.body.returns.push(...node.children.filter(({ kind: k }) => k !== 'return'));
        }
        this.inStatement(node, () => {
          this.all(node.children, to);
        });
        return;
      case 'if_statement':
        this.branching(node, child(node, 'condition'), ['consequence', 'alternative'], to);
        return;
      case 'switch_expression':
      case 'switch_statement':
        this.switched(node, to);
        return;
      case 'try_statement':
      case 'try_with_resources_statement':
        this.tried(node);
        return;
      case 'for_statement':
      case 'enhanced_for_statement':
      case 'while_statement':
      case 'do_statement':
        this.loop(node);
        return;
      case 'lambda_expression':
        this.lambda(node, undefined, undefined, to);
        return;
      case 'assignment_expression': {
        const left = child(node, 'left');
        const value = child(node, 'right');
        const names = dottedName(left);
        const on = left?.kind === 'field_access' ? child(left, 'object') : undefined;
        // That of an object is a change of the object.
        const isField = on?.kind === 'this' || /^[A-Z]/.test(dottedName(on)?.at(-1) ?? '');
        const name = isField ? child(left, 'field')?.text : on ? undefined : names?.[0];
        if (name && value) {
          const isWhole = child(node, 'operator')?.text !== '=';
          this.assign({ name, isField, value: isWhole ? node : value, start: node.start });
        }
        break;
      }
      case 'update_expression': {
        const target = node.children.find(({ kind: k }) => k === 'identifier');
        const { start } = node;
        if (target) this.assign({ name: target.text, isField: false, value: node, start });
        break;
      }
      case 'method_invocation':
        this.invocation(node, to, true);
        return;
      case 'instanceof_expression': {
        const name = child(node, 'name');
        if (name) this.declare(name, 'other', undefined, to);
        break;
      }
    }
    this.all(node.children, to);
  }

  private all(nodes: readonly SyntaxNode[], to: number): void {
    for (const node of nodes) this.walk(node, to);
  }

  private inStatement(node: SyntaxNode, work: () => void): void {
    const outer = this.statement;
    this.statement = { start: node.start, end: node.end };
    work();
    this.statement = outer;
  }

  private locals(node: SyntaxNode, to: number, kind: Variable['kind']): void {
    this.inStatement(node, () => {
      const type = child(node, 'type');
      for (const declarator of node.children) {
        if (declarator.field !== 'declarator') continue;
        const value = child(declarator, 'value');
        this.declare(declarator, kind, value, to, 0, declarator.end);
        const variable = this.body.variables.get(child(declarator, 'name')?.text ?? '')?.at(-1);
        if (variable) variable.declaredType = type;
        if (value) this.walk(value, to);
      }
    });
  }

  private branch(
    node: SyntaxNode,
    part: SyntaxNode,
    index: number,
    condition: SyntaxNode | undefined,
    isLoop = false,
  ): void {
    const { start, end } = part;
    this.body.branches.push({ statement: node.start, index, condition, isLoop, start, end });
  }

  private branching(
    node: SyntaxNode,
    condition: SyntaxNode | undefined,
    fields: string[],
    to: number,
  ): void {
    if (condition) this.walk(condition, to);
    fields.forEach((field, index) => {
      const part = child(node, field);
      if (!part) return;
      this.branch(node, part, index, condition);
      this.walk(part, part.end);
    });
  }

  private switched(node: SyntaxNode, to: number): void {
    const condition = child(node, 'condition');
    if (condition) this.walk(condition, to);
    const block = child(node, 'body');
    (block?.children ?? []).forEach((group, index) => {
      const label = group.children.find(({ kind }) => kind === 'switch_label');
      this.branch(node, group, index, label);
      this.all(
        group.children.filter(({ kind }) => kind !== 'switch_label'),
        block?.end ?? to,
      );
    });
  }

  private tried(node: SyntaxNode): void {
    const { end } = node;
    node.children.forEach((part, index) => {
      if (part.kind === 'resource_specification') {
        for (const resource of part.children) {
          this.declare(resource, 'local', child(resource, 'value'), end);
          this.all(resource.children, end);
        }
        return;
      }
      if (part.kind === 'catch_clause') this.branch(node, part, index, undefined);
      for (const caught of part.children) {
        if (caught.kind === 'catch_formal_parameter') {
          this.declare(caught, 'other', undefined, part.end);
        }
      }
      this.walk(part, end);
    });
  }

  private loop(node: SyntaxNode): void {
    const { end } = node;
    if (node.kind === 'enhanced_for_statement') {
      const value = child(node, 'value');
      const name = child(node, 'name');
      if (value) this.walk(value, end);
      if (name) {
        this.declare(name, 'each', value, end);
        const variable = this.body.variables.get(name.text)?.at(-1);
        if (variable) variable.declaredType = child(node, 'type');
      }
    }
    this.loops++;
    for (const part of node.children) {
      if (part.kind === 'local_variable_declaration') {
        this.locals(part, end, 'counter');
        const last = this.body.variables.get(child(child(part, 'declarator'), 'name')?.text ?? '');
        const variable = last?.at(-1);
        // A counter is all of its header.
        if (variable) variable.value = node;
      } else if (part.field === 'body') {
        this.branch(node, part, 0, undefined, true);
        this.walk(part, end);
      } else if (part.field !== 'value' && part.field !== 'name' && part.field !== 'type') {
        this.walk(part, end);
      }
    }
    this.loops--;
  }

  /** @param elements what it is called for, one by one @param given else what tells what it is called with */
  private lambda(
    node: SyntaxNode,
    elements: SyntaxNode | undefined,
    given: SyntaxNode | undefined,
    to: number,
  ): void {
    const parameters = child(node, 'parameters');
    const body = child(node, 'body');
    if (!parameters || !body) return;
    const list = parameters.kind === 'identifier' ? [parameters] : parameters.children;
    list.forEach((parameter, index) => {
      const kind = elements ? 'each' : 'lambda';
      this.declare(parameter, kind, elements ?? given, node.end, index, node.start);
    });
    if (elements) this.loops++;
    this.lambdas++;
    this.walk(body, body.kind === 'block' ? body.end : to);
    this.lambdas--;
    if (elements) this.loops--;
  }

  /** @param isOutermost no method is called on its result */
  private invocation(node: SyntaxNode, to: number, isOutermost: boolean): void {
    const name = child(node, 'name')?.text ?? '';
    this.body.calls.add(name);
    if (name === 'apply' || name === 'applyTransform') this.body.applies = true;
    if (isOutermost) {
      const applies = appliesSomething(node);
      const root = rootCall(node);
      const on = dottedName(child(root, 'object'));
      this.body.sites.push({
        ...{ node, applies, statement: this.statement },
        isRepeated: this.loops > 0,
        callee: applies ? '' : (child(root, 'name')?.text ?? ''),
        isOnType: on?.some((one) => /^[A-Z]/.test(one)) ?? false,
      });
    }
    const object = child(node, 'object');
    if (object?.kind === 'method_invocation') this.invocation(object, to, false);
    else if (object) this.walk(object, to);
    const list = child(node, 'arguments')?.children ?? [];
    for (const argument of list) {
      if (argument.kind === 'lambda_expression') {
        const given = object ?? list.find(({ kind }) => kind !== 'lambda_expression');
        this.lambda(argument, STREAMING.test(name) ? object : undefined, given, to);
      } else this.walk(argument, to);
    }
  }
}

/** The branches that have to be taken for the code at `offset` to run, outermost first. */
export function branchesAt(body: Body, offset: number): Branch[] {
  return body.branches.filter(({ start, end }) => start <= offset && offset < end);
}

/** The variable that `name` means at `offset`. */
export function variableAt(body: Body, name: string, offset: number): Variable | undefined {
  let found: Variable | undefined;
  for (const variable of body.variables.get(name) ?? []) {
    if (variable.from <= offset && offset < variable.to) found = variable;
  }
  return found;
}
