import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SymbolInformation } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import type { PipelineSource } from '../language/source.js';
import type { IndexedSource } from './findSources.js';

/** Folders that hold other people's programs. */
const skipped = /^(?:\..*|node_modules|venv|env|__pycache__|site-packages|build|dist|target)$/;
const maxFiles = 20_000;
const maxSymbols = 500;

/** The sources of all files of the workspace, found in the background, a file at a time. */
export interface WorkspaceIndex {
  /**
   * Indexes all files of the folders. Called again, it begins anew.
   * @param afterMs when to begin, unless symbols are asked for before
   */
  start(folders: readonly string[], afterMs?: number): void;
  /** Indexes one file again, or forgets it. @param file absolute path */
  changed(file: string): void;
  /** Sources whose label, transform or pipeline has the letters of a query, in order. */
  symbols(query: string): SymbolInformation[];
  /** Resolves when all that is due is indexed. */
  settled(): Promise<void>;
  close(): void;
}

export interface WorkspaceIndexContext {
  isAnalyzed: (fileName: string) => boolean;
  /** Sources of a file on disk, found where no request of the client waits for it. */
  findSources: (file: string) => Promise<IndexedSource[]>;
  /** Sources of a file that is open, and so known better. */
  openSources: (file: string) => PipelineSource[] | undefined;
  onError: (message: string) => void;
}

export function createWorkspaceIndex(context: WorkspaceIndexContext): WorkspaceIndex {
  const indexed = new Map<string, IndexedSource[]>();
  const due = new Set<string>();
  let generation = 0;
  let isClosed = false;
  let working: Promise<void> = Promise.resolve();
  let waiting: { folders: readonly string[]; timer: NodeJS.Timeout } | undefined;

  function work(task: () => Promise<void>): void {
    const mine = generation;
    working = working
      .then(() => (mine === generation ? task() : undefined))
      .catch((error: unknown) => {
        context.onError(`The workspace cannot be indexed: ${String(error)}`);
      });
  }

  function begin(): void {
    clearTimeout(waiting?.timer);
    const mine = generation;
    for (const folder of waiting?.folders ?? []) work(() => indexFolder(folder, mine));
    waiting = undefined;
  }

  async function indexFolder(folder: string, mine: number): Promise<void> {
    let left = maxFiles;
    for await (const file of filesBelow(folder)) {
      if (mine !== generation || left-- === 0) return;
      if (context.isAnalyzed(file)) await indexFile(file);
    }
  }

  async function indexFile(file: string): Promise<void> {
    const isOpen = context.openSources(file) !== undefined;
    const sources = isOpen ? [] : await sourcesOf(file);
    if (sources.length > 0 || isOpen) indexed.set(file, sources);
    else indexed.delete(file);
  }

  async function sourcesOf(file: string): Promise<IndexedSource[]> {
    try {
      return await context.findSources(file);
    } catch (error) {
      if (!isClosed) context.onError(`${file} cannot be indexed: ${String(error)}`);
      return [];
    }
  }

  return {
    start(folders, afterMs = 0) {
      generation++;
      indexed.clear();
      clearTimeout(waiting?.timer);
      waiting = { folders, timer: setTimeout(begin, afterMs).unref() };
    },
    changed(file) {
      if (due.has(file) || !context.isAnalyzed(file)) return;
      due.add(file);
      work(() => {
        due.delete(file);
        return indexFile(file);
      });
    },
    symbols(query) {
      const letters = Array.from(query.toLowerCase());
      const found: SymbolInformation[] = [];
      for (const [file, known] of indexed) {
        const sources = context.openSources(file) ?? known;
        const uri = pathToFileURL(file).href;
        for (const { pipeline, label, transformName, range } of sources) {
          if (!hasInOrder(`${pipeline} ${label} ${transformName}`.toLowerCase(), letters)) continue;
          found.push({
            name: transformName === label ? label : `${label} (${transformName})`,
            kind: SymbolKind.Event,
            containerName: pipeline,
            location: { uri, range },
          });
          if (found.length === maxSymbols) return found;
        }
      }
      return found;
    },
    async settled() {
      begin();
      for (let last; last !== working;) await (last = working);
    },
    close() {
      isClosed = true;
      generation++;
      clearTimeout(waiting?.timer);
    },
  };
}

async function* filesBelow(folder: string): AsyncGenerator<string> {
  let entries;
  try {
    entries = await opendir(folder);
  } catch {
    return;
  }
  const folders: string[] = [];
  for await (const entry of entries) {
    const file = path.join(folder, entry.name);
    if (entry.isFile()) yield file;
    else if (entry.isDirectory() && !skipped.test(entry.name)) folders.push(file);
  }
  for (const below of folders) yield* filesBelow(below);
}

function hasInOrder(text: string, letters: string[]): boolean {
  let at = 0;
  return letters.every((letter) => {
    at = text.indexOf(letter, at) + 1;
    return at > 0;
  });
}
