import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PipelineFile, PipelineSource } from '../../../server/src/language/source.js';

export interface Fixture {
  name: string;
  path: string;
  /** With the annotations, which are comments. */
  text: string;
  /** What begins a comment in its language: `#` or `//`. */
  comment: string;
}

/** The annotated pipeline files of a language: a folder of test/fixtures. */
export function fixturesOf(language: string, extension: string, comment: string): Fixture[] {
  const folder = fileURLToPath(new URL(`../../fixtures/${language}/`, import.meta.url));
  return readdirSync(folder)
    .filter((name) => name.endsWith(extension))
    .map((name) => {
      const path = folder + name;
      return { name, path, text: readFileSync(path, 'utf8'), comment };
    });
}

/** Those of Python, and one that imports other files. */
export const pythonFixtures = [
  ...fixturesOf('python', '.py', '#'),
  ...fixturesOf('python/project', 'main.py', '#'),
];
export const yamlFixtures = fixturesOf('yaml', '.yaml', '#');

/** What is expected of a source, written above the statement it is in: `#: …` or `//: …` */
function annotation(source: PipelineSource, comment: string): string {
  const { signature } = source;
  const args = Object.entries(signature.arguments).map(([name, text]) => `${name}=${text}`);
  const uses = Object.keys(signature.definitions).map((name) => ` +${name}`);
  const bounded = source.bounded ? 'bounded' : 'unbounded';
  const repeated = source.repeated ? ' repeated' : '';
  return `${comment}: ${source.pipeline} '${source.label}' ${bounded}${repeated} (${source.boundedReason}) ${signature.transform}(${args.join(', ')})${uses.join('')}`;
}

/** The text with an annotation above each source's statement, in place of those it has. */
export function annotate({ text, comment }: Fixture, file: PipelineFile): string {
  const lines = text.split('\n');
  const above = new Map<number, string[]>();
  for (const source of file.sources) {
    const { line } = source.statement.start;
    const indent = /^\s*/.exec(lines[line] ?? '')?.[0] ?? '';
    above.set(line, [...(above.get(line) ?? []), indent + annotation(source, comment)]);
  }
  return lines
    .flatMap((line, index) =>
      line.trimStart().startsWith(`${comment}:`) ? [] : [...(above.get(index) ?? []), line],
    )
    .join('\n');
}
