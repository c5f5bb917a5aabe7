import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AnalysisContext } from './language.js';

/** Larger files are data, bytes. */
const MAX_FILE = 4 << 20;
/** Names that mark the top of a project. */
const PROJECT_MARKERS = ['.git', 'pyproject.toml', 'setup.py', 'pom.xml', 'go.mod', '.vscode'];

/**
 * A text among the files on disk. Its workspace is the nearest folder above that looks like the top of a project.
 * @param path absolute
 */
export function diskContext(path: string, args?: readonly string[]): AnalysisContext {
  const folder = topOfProject(dirname(path));
  return {
    path,
    folders: folder === undefined ? [] : [folder],
    read: readFromDisk,
    list: listOnDisk,
    ...(args && { args }),
  };
}

/** The nearest folder, this one or above, that looks like the top of a project. */
export function topOfProject(folder: string): string | undefined {
  for (let current = folder; current !== dirname(current); current = dirname(current)) {
    if (PROJECT_MARKERS.some((marker) => existsSync(join(current, marker)))) return current;
  }
  return undefined;
}

/** Text of a file on disk; undefined if there is none, or none that can be a program. */
export function readFromDisk(path: string): string | undefined {
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    return facts?.isFile() && facts.size <= MAX_FILE ? readFileSync(path, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}

/** Names of the files in a folder on disk. */
export function listOnDisk(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
