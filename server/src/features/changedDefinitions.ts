import { pathToFileURL } from 'node:url';
import type { Location } from 'vscode-languageserver';
import type { SourceSignature, TextRange } from '../language/source.js';

/** Where a name is defined that a source consists of, and whose text is not the recorded one. */
export interface ChangedDefinition {
  name: string;
  location: Location;
}

const MAX_SHOWN = 3;

/**
 * The definitions that changed since the recording, as far as each is found in one place.
 * @param texts of the file and of those it depends on, by absolute path; asked for when something changed
 */
export function changedDefinitions(
  recorded: Pick<SourceSignature, 'definitions'>,
  current: Pick<SourceSignature, 'definitions'>,
  texts: () => ReadonlyMap<string, string>,
): ChangedDefinition[] {
  const names = Object.entries(current.definitions)
    .filter(([name, text]) => recorded.definitions[name] !== text && /^[\w.]+$/.test(name))
    .map(([name]) => name);
  if (names.length === 0) return [];
  const places = [...texts()];
  return names.slice(0, MAX_SHOWN).flatMap((name): ChangedDefinition[] => {
    // Of a part that is not found (an attribute) the place of the whole.
    for (const part of [name.replace(/^.*\./, ''), name.replace(/\..*$/, '')]) {
      const [location, ...more] = places.flatMap(([path, text]) =>
        placesOf(part, text).map((range) => ({ uri: pathToFileURL(path).href, range })),
      );
      if (location && more.length === 0) return [{ name, location }];
    }
    return [];
  });
}

/** Where lines of any of the languages seem to define a name. */
function placesOf(name: string, text: string): TextRange[] {
  const keyword =
    '(?:def|class|func(?: ?\\([^)]*\\))?|function\\*?|type|interface|enum|record|const|let|var)';
  const patterns = [
    new RegExp(`^[ \\t]*(?:[a-z]+ )*${keyword} ${name}\\b`),
    // A constant of a Python module; a field or a method of Java, of which the type stands before the name.
    new RegExp(`^${name} ?(?::[^=]+)?=(?!=)`),
    new RegExp(`^[ \\t]+[\\w.<>,[\\]]+(?: [\\w.<>,[\\]]+)* ${name} ?(?:=(?!=)|\\([^;]*\\{)`),
  ];
  return text.split(/\r\n?|\n/).flatMap((line, index) => {
    if (!line.includes(name) || line.length > 1_000) return [];
    if (!patterns.some((pattern) => pattern.test(line))) return [];
    const character = line.search(new RegExp(`\\b${name}\\b`));
    const start = { line: index, character };
    return [{ start, end: { line: index, character: character + name.length } }];
  });
}
