import type { AnalysisContext, AnalyzedDocument } from '../language.js';
import { loadParser } from '../treeSitter.js';
import { PythonDocument } from './document.js';
import { PythonSyntax } from './syntax.js';

let syntax: Promise<PythonSyntax> | undefined;

export async function openPython(
  text: string,
  context?: AnalysisContext,
): Promise<AnalyzedDocument> {
  syntax ??= loadParser('tree-sitter-python.wasm').then(
    ({ parser, language }) => new PythonSyntax(parser, language),
  );
  return new PythonDocument(await syntax, text, context);
}
