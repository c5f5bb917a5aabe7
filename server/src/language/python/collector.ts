import { changedBy, changedByCall, changesIn, keptCalls } from './changes.js';
import {
  changesOf,
  isPipe,
  noFacts,
  type Binding,
  type Change,
  type Definition,
  type Facts,
  type Guard,
  type Parameter,
  type Site,
} from './facts.js';
import type { PlacedStatement, Statement } from './statement.js';
import { collectTargets, parameterName } from './print.js';
import { child, dottedName, unwrap, type Node } from './syntax.js';

/** Facts of one statement of a module; offsets count from the statement. */
export function factsOf(statement: Statement): Facts {
  if (!statement.facts) {
    statement.facts = noFacts();
    new Collector(statement.facts).statement({ offset: 0, statement }, 0, []);
  }
  return statement.facts;
}

/** The definition that a statement is, if it is one. */
export function nestedDefinition(statement: Statement): Definition | undefined {
  const [first] = statement.clauses;
  if (first?.keyword !== 'def' && first?.keyword !== 'class') return undefined;
  return definitionOf(statement, first.keyword, first.name);
}

/** The definition that a `def` or `class` statement is. */
function definitionOf(statement: Statement, keyword: 'def' | 'class', broken: string): Definition {
  let { definition } = statement;
  if (!definition) {
    const [outer] = statement.nodes;
    const node = outer?.kind === 'decorated_definition' ? child(outer, 'definition') : outer;
    const parameters = node && child(node, 'parameters');
    const body = noFacts();
    definition = {
      kind: keyword,
      name: (node && child(node, 'name')?.text) ?? broken,
      statement,
      decorators: outer?.children.filter((part) => part.kind === 'decorator') ?? [],
      parameters: parameters ? readParameters(parameters) : [],
      bases: (node && child(node, 'superclasses')?.children.filter(isPositional)) ?? [],
      body,
    };
    statement.definition = definition;
    const collector = new Collector(body);
    for (const clause of statement.clauses) collector.block(clause.body, 0, []);
  }
  return definition;
}

function isPositional(node: Node): boolean {
  return node.kind !== 'keyword_argument' && node.kind !== 'dictionary_splat';
}

function readParameters(node: Node): Parameter[] {
  const parameters: Parameter[] = [];
  let kind: Parameter['kind'] = 'plain';
  for (const part of node.children) {
    if (part.kind === 'keyword_separator' || part.kind === '*') kind = 'keyword';
    const name = parameterName(part);
    if (name === undefined) continue;
    const pattern = part.kind === 'typed_parameter' ? (part.children[0]?.kind ?? '') : part.kind;
    const star = pattern === 'list_splat_pattern' ? '*' : '**';
    const isSplat = pattern === 'list_splat_pattern' || pattern === 'dictionary_splat_pattern';
    parameters.push({
      name,
      kind: isSplat ? star : kind,
      default: child(part, 'value'),
      annotation: child(part, 'type'),
    });
    if (star === '*' && isSplat) kind = 'keyword';
  }
  return parameters;
}

class Collector {
  private comprehension: Binding[] = [];
  private loops = 0;
  /** The call that is all of the statement. */
  private alone: Node | undefined;

  constructor(private readonly facts: Facts) {}

  block(body: readonly PlacedStatement[], base: number, guards: readonly Guard[]): void {
    for (const placed of body) this.statement(placed, base, guards);
  }

  statement(placed: PlacedStatement, base: number, guards: readonly Guard[]): void {
    const { statement } = placed;
    const offset = base + placed.offset;
    const [first] = statement.clauses;
    if (!first) {
      const range = { start: offset, end: offset + statement.length };
      for (const node of statement.nodes) this.walk(node, offset, range, guards);
      return;
    }
    const definition = nestedDefinition(statement);
    if (definition) {
      this.bind({ name: definition.name, kind: 'definition', definition, offset, guards });
      for (const change of changesIn(definition, offset)) this.bind(change);
      return;
    }
    const headers = { start: offset, end: offset + first.headerEnd };
    const [node] = statement.nodes;
    const conditions = node ? conditionsOf(node) : [];
    if (node) this.header(node, offset, headers, guards);
    const branches = first.keyword === 'if' || first.keyword === 'try';
    const loops = first.keyword === 'for' || first.keyword === 'while' ? 1 : 0;
    statement.clauses.forEach((clause, branch) => {
      const guard: Guard = { offset, branch, condition: conditions[branch] };
      const repeats = branch === 0 ? loops : 0;
      this.loops += repeats;
      this.block(clause.body, offset, branches ? [...guards, guard] : guards);
      this.loops -= repeats;
    });
  }

  /** The header of `with`, `for`, `if`, …; its clauses follow as children of `node`. */
  private header(
    node: Node,
    offset: number,
    range: Site['statement'],
    guards: readonly Guard[],
  ): void {
    if (node.kind === 'for_statement') {
      const left = child(node, 'left');
      const right = child(node, 'right');
      if (left && right) this.bindTargets(left, { kind: 'for', value: right, offset, guards });
    }
    for (const part of node.children) {
      if (part.kind !== 'block') this.walk(part, offset, range, guards);
    }
  }

  private walk(
    node: Node,
    offset: number,
    range: Site['statement'],
    guards: readonly Guard[],
  ): void {
    switch (node.kind) {
      case 'identifier':
      case 'attribute':
      case 'type':
        if (node.kind !== 'attribute') return;
        break;
      case 'assignment':
      case 'named_expression': {
        const left = child(node, 'left') ?? child(node, 'name');
        let right = child(node, 'right') ?? child(node, 'value');
        while (right?.kind === 'assignment') right = child(right, 'right');
        if (left && right) this.bindTargets(left, { kind: 'assign', value: right, offset, guards });
        break;
      }
      case 'augmented_assignment': {
        const left = child(node, 'left');
        const value = child(node, 'right');
        const how = child(node, 'operator')?.text;
        if (left && value)
          this.bindTargets(left, { kind: 'augmented', value, offset, guards }, how);
        break;
      }
      case 'delete_statement':
        for (const target of node.children) {
          const all = target.kind === 'expression_list' ? target.children : [target];
          for (const one of all) {
            const binding = { kind: 'augmented' as const, value: one, offset, guards };
            this.change(binding, changedBy(one, 'del'));
          }
        }
        break;
      case 'as_pattern': {
        const [value] = node.children;
        const alias = child(node, 'alias');
        if (value && alias) this.bindTargets(alias, { kind: 'with', value, offset, guards });
        break;
      }
      case 'import_statement':
      case 'import_from_statement':
        this.imports(node, offset, guards);
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const name of node.children) this.facts.notLocal.add(name.text);
        return;
      case 'expression_statement':
        this.alone = node.children[0];
        break;
      case 'return_statement': {
        const value = node.children.find((part) => part.kind !== 'return');
        if (value) this.facts.returns.push({ node: value, offset });
        break;
      }
      case 'lambda':
        // Its parameters hide names; nobody applies a source in one.
        return;
      case 'binary_operator':
        if (isPipe(node)) {
          this.facts.appliesTransforms = true;
          this.site(node, offset, range);
          this.operands(node, offset, range, guards);
          return;
        }
        break;
      case 'call': {
        const changed = changedByCall(node);
        const value = changed?.value;
        this.change({ kind: 'assign', ...(value && { value }), offset, guards }, changed);
        if (!changed) this.given(node, offset, guards);
        this.call(node, offset, range);
        break;
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        this.walkComprehension(node, offset, range, guards);
        return;
    }
    for (const part of node.children) this.walk(part, offset, range, guards);
  }

  private operands(
    node: Node,
    offset: number,
    range: Site['statement'],
    guards: readonly Guard[],
  ): void {
    for (const field of ['left', 'right']) {
      const operand = child(node, field);
      if (!operand) continue;
      const inner = unwrap(operand);
      if (isPipe(inner)) this.operands(inner, offset, range, guards);
      else this.walk(inner, offset, range, guards);
    }
  }

  private walkComprehension(
    node: Node,
    offset: number,
    range: Site['statement'],
    guards: readonly Guard[],
  ): void {
    const before = this.comprehension;
    for (const clause of node.children) {
      const left = clause.kind === 'for_in_clause' ? child(clause, 'left') : undefined;
      const value = clause.kind === 'for_in_clause' ? child(clause, 'right') : undefined;
      if (left && value) {
        const added = bindingsOf(left, { kind: 'for', value, offset, guards });
        this.comprehension = [...this.comprehension, ...added];
      }
    }
    for (const part of node.children) this.walk(part, offset, range, guards);
    this.comprehension = before;
  }

  private call(node: Node, offset: number, range: Site['statement']): void {
    const callee = child(node, 'function');
    if (!callee) return;
    const method = callee.kind === 'attribute' ? child(callee, 'attribute')?.text : undefined;
    if (/^(?:add_argument|add_value_provider_argument|set_defaults)$/.test(method ?? '')) {
      this.facts.options.push(node);
      return;
    }
    const object = method === undefined ? undefined : child(callee, 'object');
    const isOwn =
      object?.kind === 'identifier' && (object.text === 'self' || object.text === 'cls');
    // `Job(…).run()` as `Job.run()`.
    const made = object?.kind === 'call' ? child(object, 'function') : undefined;
    const maker = made && dottedName(made);
    const names = maker && method !== undefined ? [...maker, method] : dottedName(callee);
    const name = isOwn ? method : names?.join('.');
    if (method === 'apply') this.facts.appliesTransforms = true;
    else if (name !== undefined) this.facts.calls.add(name);
    else return;
    this.site(node, offset, range, method === 'apply' ? undefined : name);
  }

  private site(node: Node, offset: number, statement: Site['statement'], callee?: string): void {
    const { comprehension } = this;
    const repeated = this.loops > 0 || comprehension.length > 0;
    this.facts.sites.push({ node, offset, statement, callee, comprehension, repeated });
  }

  private bind(binding: Binding): void {
    append(this.facts.bindings, binding.name, binding);
  }

  /** @param how what is written between target and value */
  private bindTargets(
    target: Node,
    binding: Omit<Binding, 'name'>,
    how = binding.kind === 'assign' ? '=' : binding.kind,
  ): void {
    for (const bound of bindingsOf(target, binding)) this.bind(bound);
    if (/_list$|^tuple/.test(target.kind)) {
      target.children.forEach((part, index) => {
        const isPart = part.kind === 'attribute' || part.kind === 'subscript';
        if (isPart) this.bindTargets(part, { ...binding, index });
      });
      return;
    }
    const names = target.kind === 'attribute' ? dottedName(target) : undefined;
    if (names?.length === 2 && (names[0] === 'self' || names[0] === 'cls') && names[1]) {
      append(this.facts.selfAttributes, names[1], { ...binding, name: names[1] });
    } else this.change(binding, changedBy(target, how));
  }

  private change(
    binding: Omit<Binding, 'name'>,
    changed: { root: string; change: Pick<Change, 'parts' | 'how'> } | undefined,
  ): void {
    if (!changed) return;
    const change = { ...changed.change, repeated: this.loops > 0, within: [] };
    this.bind({ ...binding, name: changesOf(changed.root), change });
  }

  /** A call may change what it is given, and set something to it. */
  private given(call: Node, offset: number, guards: readonly Guard[]): void {
    const repeated = this.loops > 0;
    for (const { name, change } of keptCalls(call, call === this.alone)) {
      const kept = { ...change, repeated };
      this.bind({ name, kind: 'other', value: call, change: kept, offset, guards });
    }
  }

  private imports(node: Node, offset: number, guards: readonly Guard[]): void {
    const from = child(node, 'module_name');
    const module = from && (dottedName(from)?.join('.') ?? relativeName(from));
    for (const part of node.children) {
      if (part.kind === 'wildcard_import' && module) this.facts.stars.push(module);
      if (part.field !== 'name') continue;
      const name = part.kind === 'aliased_import' ? child(part, 'name') : part;
      const alias = part.kind === 'aliased_import' ? child(part, 'alias')?.text : undefined;
      const names = name && dottedName(name);
      if (!names) continue;
      const path = names.join('.');
      // `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`.
      const [root = ''] = names;
      const bound = alias ?? root;
      const qualified = module !== undefined ? joinModule(module, path) : alias ? path : root;
      const binding: Binding = { name: bound, kind: 'import', qualified, offset, guards };
      this.bind(binding);
      this.facts.imports.push(binding);
    }
  }
}

function bindingsOf(target: Node, binding: Omit<Binding, 'name'>): Binding[] {
  if (target.kind === 'identifier') return [{ ...binding, name: target.text }];
  if (target.kind === 'attribute' || target.kind === 'subscript') return [];
  if (target.kind === 'as_pattern_target' && target.children.length === 0) {
    return [{ ...binding, name: target.text }];
  }
  if (target.kind === 'as_pattern_target' && target.children[0]) {
    return bindingsOf(target.children[0], binding);
  }
  const bindings: Binding[] = [];
  target.children.forEach((part, index) => {
    const names = new Set<string>();
    collectTargets(part, names);
    const isNested = part.kind !== 'identifier';
    for (const name of names) {
      bindings.push({ ...binding, name, index, ...(isNested && { kind: 'other' }) });
    }
  });
  return bindings;
}

/** The conditions of `if` and its `elif`s; of other statements their clauses' headers. */
function conditionsOf(node: Node): (Node | undefined)[] {
  const first = child(node, 'condition');
  const rest = node.children.filter((part) => part.kind.endsWith('_clause'));
  return [first, ...rest.map((clause) => child(clause, 'condition'))];
}

function relativeName(node: Node): string {
  return node.children.map((part) => dottedName(part)?.join('.') ?? part.text).join('');
}

function joinModule(module: string, name: string): string {
  return module.endsWith('.') ? module + name : `${module}.${name}`;
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
