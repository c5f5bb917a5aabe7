import { AS_WRITTEN, nameArguments, type NamedArguments } from './arguments.js';
import { definitionNamed, type Placed, type Scope } from './scope.js';
import { readString } from './literals.js';
import { child, dottedName, type Node } from './syntax.js';

/** What reading options needs of {@link Resolver}. */
interface Follow {
  reduce(placed: Placed): Placed;
  text(placed: Placed): string;
  functionCalled(placed: Placed): Scope | undefined;
  /** What an object that `names` stand for is made by. */
  objectNamed(names: readonly string[], scope: Scope): Placed | undefined;
}

const PARSE = /^(?:parse_args|parse_known_args|parse_intermixed_args)$/;

/** An option of the program. */
interface Option {
  /** `--topic` */
  long: string;
  flags: string[];
  args: NamedArguments;
}

/**
 * Canonical text of a value that the program's arguments give, with its default: `--topic (default "a")`. For
 * `args.topic` of argparse and for attributes of a `PipelineOptions` class of the user's; otherwise undefined.
 */
export function optionText(
  names: readonly string[],
  scope: Scope,
  follow: Follow,
): string | undefined {
  const option = optionNamed(names, scope, follow);
  if (!option) return undefined;
  const notes = ['default', 'type', 'action', 'nargs', 'const'].flatMap((key) => {
    const value = option.args.get(key);
    return value ? [`${key} ${follow.text(value)}`] : [];
  });
  return notes.length > 0 ? `${option.long} (${notes.join(', ')})` : option.long;
}

/** The value that the launch arguments `given` give an option, as a literal. */
export function optionValue(
  names: readonly string[],
  scope: Scope,
  follow: Follow,
  given: readonly string[],
): Node | undefined {
  if (given.length === 0) return undefined;
  const option = optionNamed(names, scope, follow);
  if (!option) return undefined;
  const plain = (key: string): string | undefined => {
    const placed = option.args.get(key);
    return placed && follow.text(placed);
  };
  const action = plain('action');
  if (plain('nargs') !== undefined || (action !== undefined && !action.startsWith('"store'))) {
    return undefined;
  }
  let value: Node | undefined;
  given.forEach((argument, index) => {
    const [flag = '', ...assigned] = argument.split('=');
    if (!option.flags.includes(flag)) return;
    if (action === '"store_true"') value = literal('true', 'True');
    else if (action === '"store_false"') value = literal('false', 'False');
    else if (action === undefined || action === '"store"') {
      const text = assigned.length > 0 ? assigned.join('=') : given[index + 1];
      if (text !== undefined) value = typed(text, plain('type'));
    }
  });
  return value;
}

function typed(text: string, type: string | undefined): Node | undefined {
  if (type === undefined || type === 'str') return literal('string', JSON.stringify(text));
  if (type === 'int' && /^[+-]?\d+$/.test(text)) return literal('integer', text.replace('+', ''));
  if (type === 'float' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) {
    return literal('float', String(Number(text)));
  }
  return undefined;
}

function literal(kind: string, text: string): Node {
  return { kind, field: '', start: 0, end: 0, children: [], text };
}

function optionNamed(names: readonly string[], scope: Scope, follow: Follow): Option | undefined {
  const [name = ''] = names.slice(-1);
  if (names.length < 2) return undefined;
  const call = follow.objectNamed(names.slice(0, -1), scope);
  if (call?.node.kind !== 'call') return undefined;
  const declared = declarations(call, follow, 0);
  if (!declared) return undefined;
  let option: Option | undefined;
  for (const node of declared.nodes) {
    const callee = child(node, 'function');
    if (callee && child(callee, 'attribute')?.text === 'set_defaults') {
      const list = child(node, 'arguments');
      const value = nameArguments(list, declared.scope, undefined, AS_WRITTEN).get(name);
      if (option && value) option.args.set('default', value);
    } else option ??= declaredAs(node, name, declared.scope);
  }
  return option;
}

/** The calls of `add_argument` and `set_defaults` behind `parser.parse_args()`, `options.view_as(Mine)`, `Mine()` or a function that returns one. */
function declarations(
  call: Placed,
  follow: Follow,
  depth: number,
): { nodes: readonly Node[]; scope: Scope } | undefined {
  const callee = child(call.node, 'function');
  if (!callee || depth > 4) return undefined;
  const method = callee.kind === 'attribute' ? child(callee, 'attribute')?.text : undefined;
  if (method !== undefined && PARSE.test(method)) {
    for (let at: Scope | undefined = call.scope; at; at = at.parent) {
      if (at.facts.options.length > 0) return { nodes: at.facts.options, scope: at };
    }
    return undefined;
  }
  const [viewed] = method === 'view_as' ? (child(call.node, 'arguments')?.children ?? []) : [];
  const type = dottedName(viewed ?? callee);
  const options = type && definitionNamed(call.scope, ...type);
  if (options?.kind === 'class') {
    const [add] = options.facts.bindings.get('_add_argparse_args') ?? [];
    const body = add?.definition?.body;
    return body && { nodes: body.options, scope: options };
  }
  const target = follow.functionCalled(call);
  const [returned] = target?.facts.returns ?? [];
  if (!target || !returned || target.facts.returns.length !== 1) return undefined;
  const whole = follow.reduce({ node: returned.node, scope: target });
  // `return args, rest`
  const [first] = /^(?:tuple|expression_list)$/.test(whole.node.kind) ? whole.node.children : [];
  const inner = first ? follow.reduce({ node: first, scope: whole.scope }) : whole;
  return inner.node.kind === 'call' ? declarations(inner, follow, depth + 1) : undefined;
}

/** The option that a call of `add_argument` declares, if its value is the attribute `name`. */
function declaredAs(node: Node, name: string, scope: Scope): Option | undefined {
  const args = nameArguments(child(node, 'arguments'), scope, undefined, AS_WRITTEN);
  const flags: string[] = [];
  for (const [parameter, placed] of args) {
    const isFlag = parameter.startsWith('#') && placed.node.kind === 'string';
    const flag = isFlag ? readString(placed.node.text) : undefined;
    if (flag) flags.push(flag.value);
  }
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  const dest = args.get('dest');
  const attribute = dest ? readString(dest.node.text)?.value : long?.replace(/^-+/, '');
  if (long === undefined || attribute?.replace(/-/g, '_') !== name) return undefined;
  return { long, flags, args };
}
