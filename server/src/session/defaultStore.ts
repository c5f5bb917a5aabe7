import { existsSync } from 'node:fs';
import path from 'node:path';

/** Names that mark the top of a project. */
const projectMarkers = ['.git', 'pyproject.toml', 'setup.py', 'pom.xml', 'go.mod', '.vscode'];

/**
 * Where recordings of a file are kept unless the user says otherwise: `.beam-rewind` at the top of its
 * project, so that the editor and the CLI find the same ones.
 */
export function defaultStore(file: string): string {
  const folder = path.dirname(path.resolve(file));
  for (let current = folder; current !== path.dirname(current); current = path.dirname(current)) {
    if (projectMarkers.some((marker) => existsSync(path.join(current, marker)))) {
      return path.join(current, '.beam-rewind');
    }
  }
  return path.join(folder, '.beam-rewind');
}
