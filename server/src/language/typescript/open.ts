import { dirname, join } from 'node:path';
import { EvaluatedDocument, type Language } from '../evaluation/document.js';
import type { Placed, Resolver } from '../evaluation/resolver.js';
import type { AnalysisContext, AnalyzedDocument } from '../language.js';
import { TreeReader } from '../syntax/tree.js';
import { loadParser } from '../treeSitter.js';
import { layOutTypeScript } from './layout.js';
import { lowerTypeScript } from './lower.js';
import { TypeScriptReader, typeScriptTransform } from './reader.js';

const LEAVES = new Set(['regex']);
const DATA = new Set(['array', 'object']);
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.js', '.mjs'];

const readers = new Map<string, Promise<TreeReader>>();

/** @param grammar its file in `assets/` */
export async function openTypeScript(
  grammar: string,
  text: string,
  context?: AnalysisContext,
): Promise<AnalyzedDocument> {
  const reader =
    readers.get(grammar) ??
    loadParser(grammar).then(
      ({ parser, language }) => new TreeReader(parser, language, LEAVES, DATA),
    );
  readers.set(grammar, reader);
  return new EvaluatedDocument(typeScript(await reader), text, context);
}

function typeScript(trees: TreeReader): Language {
  return {
    sdk: 'typescript',
    layout: layOutTypeScript,
    read(text) {
      const { root, errors } = trees.read(text);
      return { root: lowerTypeScript(root), errors };
    },
    mentionsBeam: (text) => text.includes('apache-beam'),
    isKnown: (qualified) => typeScriptTransform(qualified) !== undefined,
    qualify: ({ module, imported }, names) => {
      const path = [...(imported === '*' || imported === 'default' ? [] : [imported]), ...names];
      return [canonicalModule(module, path.at(-1)), ...path.slice(-1)].join('.');
    },
    option: optionText,
    pieces: () => undefined,
    filesOf: (path) => [path],
    locate({ module }, from, files) {
      if (!module.startsWith('.')) return undefined;
      const target = join(dirname(from), module);
      const bare = target.replace(/\.[mc]?jsx?$/, '');
      const tried = [
        target,
        ...EXTENSIONS.map((end) => bare + end),
        ...EXTENSIONS.map((end) => join(target, `index${end}`)),
      ];
      return tried.find((path) => /\.\w+$/.test(path) && files.read(path) !== undefined);
    },
    reader: (module, file, resolver, outline) =>
      new TypeScriptReader(module, file, resolver, outline),
  };
}

/** Beam exports a name from several modules. */
function canonicalModule(module: string, name: string | undefined): string {
  if (!module.startsWith('apache-beam')) return module;
  const entry = name === undefined ? undefined : typeScriptTransform(`apache-beam.${name}`);
  return entry ? `apache-beam/${entry.name.replace(/\.[^.]*$/, '')}` : 'apache-beam';
}

/** A value of yargs, commander or `parseArgs`, or `process.env.X`, under the name of the option. */
function optionText({ node, scope, env }: Placed, resolver: Resolver): string | undefined {
  if (node.kind !== 'member') return undefined;
  const [object] = node.children;
  const made =
    object &&
    (parsedValues(object, scope, env, resolver) ?? resolver.reduce({ node: object, scope, env }));
  const chain = made && calls(made);
  if (!chain?.isParser) return undefined;
  const given = resolver.given(node.text);
  if (given !== undefined) return JSON.stringify(given);
  for (const { method, args } of chain.calls) {
    const [first, second, third] = args;
    if (method === 'parseArgs') {
      const options = first && resolver.part(first, 'options');
      const option = options && resolver.part(options, node.text);
      const value = option && resolver.part(option, 'default');
      return value ? `--${node.text} (default ${resolver.text(value)})` : `--${node.text}`;
    }
    const flag = first && resolver.string(first);
    const key = flag && (/--([\w-]+)/.exec(flag)?.[1] ?? flag);
    if (
      !/^(?:option|requiredOption|default)$/.test(method) ||
      key === undefined ||
      camel(key) !== node.text
    )
      continue;
    const fields = second && resolver.part(second, 'default');
    const value = fields ?? (method === 'default' ? second : third);
    return value ? `--${key} (default ${resolver.text(value)})` : `--${key}`;
  }
  return `--${node.text}`;
}

/** The call of `parseArgs` that `values` of `const { values } = parseArgs(…)` is a part of. */
function parsedValues(
  node: Placed['node'],
  scope: Placed['scope'],
  env: Placed['env'],
  resolver: Resolver,
): Placed | undefined {
  const isMember = node.kind === 'member' && node.text === 'values';
  const [object] = isMember ? node.children : [];
  if (object) return resolver.reduce({ node: object, scope, env });
  const entity = node.kind === 'name' ? resolver.entity([node.text], scope, node.start) : undefined;
  const [binding, ...more] = entity?.kind === 'variable' ? entity.variable.bindings : [];
  if (!binding?.value || more.length > 0 || binding.path.join('.') !== 'values') return undefined;
  return { node: binding.value, scope: binding.scope, env };
}

function camel(key: string): string {
  return key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The calls of a chain that begins at yargs or commander. */
function calls(placed: Placed): { isParser: boolean; calls: { method: string; args: Placed[] }[] } {
  const found: { method: string; args: Placed[] }[] = [];
  let isParser = false;
  let at: Placed['node'] | undefined = placed.node;
  for (let depth = 0; at && depth < 100; depth++) {
    if (at.kind === 'call') {
      const [callee, ...args]: readonly Placed['node'][] = at.children;
      found.push({ method: callee?.text ?? '', args: args.map((node) => ({ ...placed, node })) });
      if (callee && /^(?:parse|parseSync|opts|parseArgs)$/.test(callee.text)) isParser = true;
      at = callee;
    } else if (at.kind === 'member') {
      if (at.text === 'argv') isParser = true;
      at = at.children[0];
    } else break;
  }
  return { isParser: isParser && at?.kind === 'name' && at.text !== 'process', calls: found };
}
