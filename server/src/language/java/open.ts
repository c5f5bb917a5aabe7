import type { AnalysisContext, AnalyzedDocument } from '../language.js';
import { TreeReader } from '../syntax/tree.js';
import { loadParser } from '../treeSitter.js';
import { JavaDocument } from './document.js';

const LEAVES = new Set([
  'string_literal',
  'character_literal',
  'type_arguments',
  'type_parameters',
]);
const DATA = new Set(['array_initializer', 'argument_list']);

let reader: Promise<TreeReader> | undefined;

export async function openJava(text: string, context?: AnalysisContext): Promise<AnalyzedDocument> {
  reader ??= loadParser('tree-sitter-java.wasm').then(
    ({ parser, language }) => new TreeReader(parser, language, LEAVES, DATA),
  );
  return new JavaDocument(await reader, text, context);
}
