import path from 'node:path';
import { topOfProject } from '../language/diskContext.js';

/**
 * Where recordings of a file are kept unless the user says otherwise: `.beam-rewind` at the top of its
 * project, so that the editor and the CLI find the same ones.
 */
export function defaultStore(file: string): string {
  const folder = path.dirname(path.resolve(file));
  return path.join(topOfProject(folder) ?? folder, '.beam-rewind');
}
