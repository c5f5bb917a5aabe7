import type { LanguageAnalyzer } from '../language.js';

/** Beam YAML: pipelines written for `apache_beam.yaml`. */
export const yamlAnalyzer: LanguageAnalyzer = {
  languageIds: ['yaml'],
  extensions: ['.yaml', '.yml'],
  open: async (text, context) => new (await import('./document.js')).YamlDocument(text, context),
};
