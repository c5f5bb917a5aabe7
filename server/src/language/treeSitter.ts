import { Language, Parser } from 'web-tree-sitter';
import { assetPath } from '../assets.js';

let runtime: Promise<void> | undefined;

/**
 * A parser for a grammar in `assets/`, e.g. `tree-sitter-python.wasm`. Parsers are for synchronous use,
 * one text at a time, so one serves all documents of a language.
 */
export async function loadParser(grammar: string): Promise<{ parser: Parser; language: Language }> {
  runtime ??= Parser.init({ locateFile: () => assetPath('web-tree-sitter.wasm') });
  await runtime;
  const language = await Language.load(assetPath(grammar));
  const parser = new Parser();
  parser.setLanguage(language);
  return { parser, language };
}
