import { nameArguments } from './arguments.js';
import { definitionNamed, lookUp, type Placed, type Scope } from './scope.js';
import { readString } from './literals.js';
import { child, dottedName, type Node } from './syntax.js';

/** What reading options needs of {@link Resolver}. */
interface Follow {
  reduce(placed: Placed): Placed;
  text(placed: Placed): string;
  functionCalled(placed: Placed): Scope | undefined;
}

const PARSE = /^(?:parse_args|parse_known_args|parse_intermixed_args)$/;

/**
 * Canonical text of a value that the program's arguments give, with its default: `--topic (default "a")`. For
 * `args.topic` of argparse and for attributes of a `PipelineOptions` class of the file; otherwise undefined.
 */
export function optionText(
  names: readonly string[],
  scope: Scope,
  follow: Follow,
): string | undefined {
  const [root = '', name = ''] = names;
  if (names.length !== 2) return undefined;
  const found = lookUp(scope, root);
  if (!found) return undefined;
  const argument = found.parameter && found.scope.args?.get(root)?.placed;
  const binding = found.bindings.length === 1 ? found.bindings[0] : undefined;
  if (binding && (binding.kind !== 'assign' || (binding.index ?? 0) !== 0)) return undefined;
  const value = binding?.value ? { node: binding.value, scope: found.scope } : argument;
  const call = value && follow.reduce(value);
  if (call?.node.kind !== 'call') return undefined;
  const declared = declarations(call, follow, 0);
  if (!declared) return undefined;
  for (const option of declared.nodes) {
    const text = declaredText(option, name, declared.scope, follow);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** The `add_argument` calls behind `parser.parse_args()`, `options.view_as(Mine)`, `Mine()` or a function that returns one. */
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
  const inner = follow.reduce({ node: returned.node, scope: target });
  return inner.node.kind === 'call' ? declarations(inner, follow, depth + 1) : undefined;
}

function declaredText(
  option: Node,
  name: string,
  scope: Scope,
  follow: Follow,
): string | undefined {
  const args = nameArguments(child(option, 'arguments'), scope, undefined, (same) => same);
  const flags: string[] = [];
  for (const [parameter, { node }] of args) {
    const flag =
      parameter.startsWith('#') && node.kind === 'string' ? readString(node.text) : undefined;
    if (flag) flags.push(flag.value);
  }
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  const dest = args.get('dest');
  const attribute = dest ? readString(dest.node.text)?.value : long?.replace(/^-+/, '');
  if (long === undefined || attribute?.replace(/-/g, '_') !== name) return undefined;
  const notes = ['default', 'type', 'action', 'nargs', 'const'].flatMap((key) => {
    const value = args.get(key);
    return value ? [`${key} ${follow.text(value)}`] : [];
  });
  return notes.length > 0 ? `${long} (${notes.join(', ')})` : long;
}
