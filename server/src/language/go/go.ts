import type { LanguageAnalyzer } from '../language.js';

/** Beam pipelines written in Go. */
export const goAnalyzer: LanguageAnalyzer = {
  languageIds: ['go'],
  extensions: ['.go'],
  open: async (text, context) => (await import('./open.js')).openGo(text, context),
};
