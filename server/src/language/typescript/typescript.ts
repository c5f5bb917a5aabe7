import type { LanguageAnalyzer } from '../language.js';

/** Beam pipelines written in TypeScript. */
export const typeScriptAnalyzer = analyzer(
  'tree-sitter-typescript.wasm',
  ['typescript'],
  ['.ts', '.mts', '.cts'],
);

/** Those with JSX in them; JavaScript is read alike. */
export const tsxAnalyzer = analyzer(
  'tree-sitter-tsx.wasm',
  ['typescriptreact', 'javascript', 'javascriptreact'],
  ['.tsx', '.js', '.mjs', '.cjs', '.jsx'],
);

function analyzer(grammar: string, languageIds: string[], extensions: string[]): LanguageAnalyzer {
  return {
    languageIds,
    extensions,
    open: async (text, context) =>
      (await import('./open.js')).openTypeScript(grammar, text, context),
  };
}
