import type { LanguageAnalyzer } from '../language.js';

/** Beam pipelines written in Python. */
export const pythonAnalyzer: LanguageAnalyzer = {
  languageIds: ['python'],
  extensions: ['.py', '.pyw'],
  open: async (text, context) => (await import('./open.js')).openPython(text, context),
};
