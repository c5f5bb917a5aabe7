import type { LanguageAnalyzer } from '../language.js';

/** Beam pipelines written in Java. */
export const javaAnalyzer: LanguageAnalyzer = {
  languageIds: ['java'],
  extensions: ['.java'],
  open: async (text, context) => (await import('./open.js')).openJava(text, context),
};
