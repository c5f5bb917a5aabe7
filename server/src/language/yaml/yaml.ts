import type { LanguageAnalyzer } from '../language.js';
import { YamlDocument } from './document.js';

/** Beam YAML: pipelines written for `apache_beam.yaml`. */
export const yamlAnalyzer: LanguageAnalyzer = {
  languageIds: ['yaml'],
  extensions: ['.yaml', '.yml'],
  open(text, context) {
    return Promise.resolve(new YamlDocument(text, context));
  },
};
