import type { LanguageAnalyzer } from '../language.js';
import { loadParser } from '../treeSitter.js';
import { PythonDocument } from './document.js';
import { PythonSyntax } from './syntax.js';

let syntax: Promise<PythonSyntax> | undefined;

/** Beam pipelines written in Python. */
export const pythonAnalyzer: LanguageAnalyzer = {
  languageIds: ['python'],
  extensions: ['.py', '.pyw'],
  async open(text, context) {
    syntax ??= loadParser('tree-sitter-python.wasm').then(
      ({ parser, language }) => new PythonSyntax(parser, language),
    );
    return new PythonDocument(await syntax, text, context);
  },
};
