import { statSync } from 'node:fs';
import path from 'node:path';
import { listOnDisk, readFromDisk, topOfProject } from '../language/diskContext.js';
import type { AnalysisContext } from '../language/language.js';

/** How long what was read is trusted although nobody tells of changes outside of the workspace, ms. */
const trustMs = 2000;
/** Texts kept, characters. */
const maxKept = 8 << 20;

interface ReadFile {
  text: string | undefined;
  /** `mtime size`, or why there is no text. */
  stamp: string;
  checkedAt: number;
}

/** The files of the workspace as their author sees them: what is open in the editor, then what is on disk. */
export interface WorkspaceFiles {
  /** Folders of the workspace, absolute. */
  folders: readonly string[];
  /** Text of a file; undefined if there is none. Most often nothing is read. */
  read(file: string): string | undefined;
  /** Where a file stands among the others. @param args what its program is launched with */
  contextOf(file: string, args: readonly string[]): AnalysisContext;
  /** A file on disk was added, changed or removed. */
  changed(file: string): void;
}

/** @param openText text of a file that is open in the editor */
export function createWorkspaceFiles(
  openText: (file: string) => string | undefined,
): WorkspaceFiles {
  /** Least recently read first. */
  const known = new Map<string, ReadFile>();
  let kept = 0;

  function forget(file: string): void {
    kept -= known.get(file)?.text?.length ?? 0;
    known.delete(file);
  }

  function keep(file: string, read: ReadFile): void {
    forget(file);
    known.set(file, read);
    kept += read.text?.length ?? 0;
    for (const oldest of known.keys()) {
      if (kept <= maxKept || oldest === file) break;
      forget(oldest);
    }
  }

  const files: WorkspaceFiles = {
    folders: [],
    read(file) {
      const open = openText(file);
      if (open !== undefined) return open;
      const now = performance.now();
      const before = known.get(file);
      if (before && now - before.checkedAt < trustMs) return before.text;
      const stamp = stampOf(file);
      const text = before?.stamp === stamp ? before.text : readFromDisk(file);
      keep(file, { text, stamp, checkedAt: now });
      return text;
    },
    contextOf(file, args) {
      const isInside = files.folders.some((folder) => isBelow(folder, file));
      const top = isInside ? undefined : topOfProject(path.dirname(file));
      const folders = top === undefined ? files.folders : [...files.folders, top];
      return {
        path: file,
        folders,
        read: (other) => files.read(other),
        list: listOnDisk,
        args,
      };
    },
    changed: forget,
  };
  return files;
}

/** True if a file is in a folder, at whatever depth. */
export function isBelow(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}

function stampOf(file: string): string {
  try {
    const facts = statSync(file, { throwIfNoEntry: false });
    return facts ? `${facts.mtimeMs} ${facts.size}` : 'none';
  } catch (error) {
    return String(error);
  }
}
