import { watch } from 'node:fs';
import path from 'node:path';
import type { Connection } from 'vscode-languageserver';
import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import { pathOf } from './client.js';

/** Tells of files that change on disk: by the client where it can watch, else by watching what open files need. */
export interface FileWatch {
  /** To be called when the client is ready. @param clientWatches whether it can be asked to */
  start(clientWatches: boolean): void;
  /** What the open files depend on now. */
  dependenciesAre(files: ReadonlySet<string>): void;
  close(): void;
}

/**
 * @param extensions of the files that matter, with the dot
 * @param onChange a file was added, changed or removed; its absolute path
 */
export function createFileWatch(
  connection: Connection,
  extensions: readonly string[],
  onChange: (file: string) => void,
): FileWatch {
  /** By folder; empty while the client watches. */
  const watchers = new Map<string, { close(): void }>();
  let watchesItself = false;

  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const file = pathOf(uri);
      if (file !== undefined) onChange(file);
    }
  });

  function watchFolder(folder: string): { close(): void } {
    try {
      const watcher = watch(folder, (_event, name) => {
        if (name !== null) onChange(path.join(folder, name));
      });
      watcher.on('error', () => {
        watcher.close();
      });
      return watcher;
    } catch {
      // No such folder, or too many watchers: the file is read again when it is next needed.
      return { close: () => undefined };
    }
  }

  return {
    start(clientWatches) {
      watchesItself = !clientWatches;
      if (!clientWatches) return;
      const globs = extensions.map((extension) => extension.slice(1)).join(',');
      const options = { watchers: [{ globPattern: `**/*.{${globs}}` }] };
      connection.client
        .register(DidChangeWatchedFilesNotification.type, options)
        .catch((error: unknown) => {
          connection.console.warn(`The client does not watch files: ${String(error)}`);
        });
    },
    dependenciesAre(files) {
      if (!watchesItself) return;
      const folders = new Set([...files].map((file) => path.dirname(file)));
      for (const [folder, watcher] of watchers) {
        if (folders.has(folder)) continue;
        watcher.close();
        watchers.delete(folder);
      }
      for (const folder of folders)
        if (!watchers.has(folder)) watchers.set(folder, watchFolder(folder));
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}
