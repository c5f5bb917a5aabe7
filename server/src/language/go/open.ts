import { dirname, join } from 'node:path';
import { make, type Import } from '../evaluation/node.js';
import { EvaluatedDocument, type Language } from '../evaluation/document.js';
import type { Placed, Resolver } from '../evaluation/resolver.js';
import type { AnalysisContext, AnalyzedDocument } from '../language.js';
import { TreeReader } from '../syntax/tree.js';
import { loadParser } from '../treeSitter.js';
import { BEAM, IMPORT_PATH } from './catalogue.js';
import { layOutGo } from './layout.js';
import { lowerGo } from './lower.js';
import { GoReader, goTransform } from './reader.js';

const LEAVES = new Set<string>();
const DATA = new Set(['literal_value']);

let reader: Promise<TreeReader> | undefined;

export async function openGo(text: string, context?: AnalysisContext): Promise<AnalyzedDocument> {
  reader ??= loadParser('tree-sitter-go.wasm').then(
    ({ parser, language }) => new TreeReader(parser, language, LEAVES, DATA),
  );
  return new EvaluatedDocument(go(await reader), text, context);
}

function go(trees: TreeReader): Language {
  return {
    sdk: 'go',
    layout: layOutGo,
    read(text) {
      const { root, errors } = trees.read(text);
      return { root: lowerGo(root), errors };
    },
    mentionsBeam: (text) => text.includes('apache/beam/sdks/v2'),
    isKnown: (qualified) => goTransform(qualified) !== undefined || /^beam\.[A-Z]/.test(qualified),
    qualify: ({ module }: Import, names) => {
      const isBeam = module === IMPORT_PATH || module.startsWith(`${IMPORT_PATH}/`);
      const path = isBeam ? BEAM + module.slice(IMPORT_PATH.length) : module;
      return [path, ...names].join('.');
    },
    option: flagText,
    pieces: formatted,
    list: appended,
    /** A package: all the files of a folder but for its tests. */
    filesOf(path, files) {
      const isTest = path.endsWith('_test.go');
      return files
        .list(dirname(path))
        .filter((name) => name.endsWith('.go') && (isTest || !name.endsWith('_test.go')))
        .map((name) => join(dirname(path), name));
    },
    locate({ module }, from, files) {
      // Beam's own programs are in its module, too.
      if (`${module}/`.startsWith(`${IMPORT_PATH}/`)) return undefined;
      for (let folder = dirname(from); ; folder = dirname(folder)) {
        const own = /^module\s+"?([^\s"]+)/m.exec(files.read(join(folder, 'go.mod')) ?? '')?.[1];
        if (own !== undefined) {
          if (module !== own && !module.startsWith(`${own}/`)) return undefined;
          const target = join(folder, module.slice(own.length));
          const [first] = files.list(target).filter((name) => /(?<!_test)\.go$/.test(name));
          return first && join(target, first);
        }
        if (folder === dirname(folder)) return undefined;
      }
    },
    reader: (module, file, resolver, outline) => new GoReader(module, file, resolver, outline),
  };
}

/** `flag.String("topic", "a", "…")`: `--topic (default "a")`. */
function flagText({ node, scope, env }: Placed, resolver: Resolver): string | undefined {
  const [callee, ...args] = node.kind === 'call' ? node.children : [];
  const qualified = callee && resolver.qualified({ node: callee, scope, env });
  const match = /^(?:flag|github\.com\/spf13\/pflag)\.([A-Z]\w*?)(Var)?P?$/.exec(qualified ?? '');
  if (!match) return undefined;
  const given = match[2] ? args.slice(1) : args;
  const [name, value] = given;
  const key = name && resolver.string({ node: name, scope, env });
  if (key === undefined) return undefined;
  const configured = resolver.given(key);
  if (configured !== undefined) return JSON.stringify(configured);
  const text = value ? ` (default ${resolver.text({ node: value, scope, env })})` : '';
  return `--${key}${text}`;
}

/** `append(list, …)` of a literal list whose names mean the same here. */
function appended(placed: Placed, resolver: Resolver): Placed | undefined {
  const { node, scope, env } = placed;
  const [callee, first, ...rest] = node.children;
  if (callee?.kind !== 'name' || callee.text !== 'append' || !first) return undefined;
  if (resolver.entity(['append'], scope, callee.start) !== undefined) return undefined;
  const base = resolver.reduce({ node: first, scope, env });
  let around: typeof scope | undefined = scope;
  while (around && around !== base.scope) around = around.parent;
  if (base.node.kind !== 'list' || !around || base.env !== env) return undefined;
  if ([...base.node.children, ...rest].some(({ kind }) => kind === 'spread')) return undefined;
  const list = make('list', node, '', [...base.node.children, ...rest]);
  return { node: base.node.type ? { ...list, type: base.node.type } : list, scope, env };
}

/** The pieces of `fmt.Sprintf` and `fmt.Sprint`. */
function formatted(placed: Placed, resolver: Resolver): (string | Placed)[] | undefined {
  const [callee, format, ...args] = placed.node.children;
  const qualified = callee && resolver.qualified({ ...placed, node: callee });
  if (qualified !== 'fmt.Sprintf' || !format) return undefined;
  const text = resolver.string({ ...placed, node: format });
  if (text === undefined || /%(?![svdq%])|%q/.test(text)) return undefined;
  let next = 0;
  const pieces = text.split(/(%[svd%])/).map((piece) => {
    if (piece === '%%') return '%';
    const argument = /^%[svd]$/.test(piece) ? args[next++] : undefined;
    return argument ? { ...placed, node: argument } : piece;
  });
  return next <= args.length ? pieces : undefined;
}
