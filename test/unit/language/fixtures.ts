import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PipelineFile, PipelineSource } from '../../../server/src/language/source.js';

const folder = fileURLToPath(new URL('../../fixtures/python/', import.meta.url));

export interface Fixture {
  name: string;
  path: string;
  /** With the annotations, which are comments. */
  text: string;
}

/** The annotated pipeline files. */
export const fixtures: Fixture[] = readdirSync(folder)
  .filter((name) => name.endsWith('.py'))
  .map((name) => ({ name, path: folder + name, text: readFileSync(folder + name, 'utf8') }));

/** What is expected of a source, written above the statement it is in: `#: …` */
export function annotation(source: PipelineSource): string {
  const { signature } = source;
  const args = Object.entries(signature.arguments).map(([name, text]) => `${name}=${text}`);
  const uses = Object.keys(signature.definitions).map((name) => ` +${name}`);
  const bounded = source.bounded ? 'bounded' : 'unbounded';
  return `#: ${source.pipeline} '${source.label}' ${bounded} (${source.boundedReason}) ${signature.transform}(${args.join(', ')})${uses.join('')}`;
}

/** The text with an annotation above each source's statement, in place of those it has. */
export function annotate(text: string, file: PipelineFile): string {
  const lines = text.split('\n');
  const above = new Map<number, string[]>();
  for (const source of file.sources) {
    const { line } = source.statement.start;
    const indent = /^\s*/.exec(lines[line] ?? '')?.[0] ?? '';
    above.set(line, [...(above.get(line) ?? []), indent + annotation(source)]);
  }
  return lines
    .flatMap((line, index) => (/^\s*#:/.test(line) ? [] : [...(above.get(index) ?? []), line]))
    .join('\n');
}
