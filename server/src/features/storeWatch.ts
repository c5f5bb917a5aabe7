import { existsSync, watch } from 'node:fs';
import path from 'node:path';

interface Watcher {
  close(): void;
}

type WatchStore = (store: string, onChange: () => void) => Watcher;

/** Watches the stores that open files use, so that recordings made by another process show up. */
export interface StoreWatch extends Watcher {
  /** Watches a store, once. */
  watch(store: string): void;
}

/**
 * Opening a file leaves no trace: a store that does not exist is not created but waited for.
 * @param onChange something in one of the stores changed
 */
export function createStoreWatch(watchStore: WatchStore, onChange: () => void): StoreWatch {
  const watchers = new Map<string, Watcher>();

  function watchOrWait(store: string): void {
    const watcher = existsSync(store)
      ? watchStore(store, onChange)
      : waitFor(store, () => {
          found(store);
        });
    watchers.set(store, watcher);
  }

  function found(store: string): void {
    watchers.get(store)?.close();
    watchOrWait(store);
    onChange();
  }

  return {
    watch(store) {
      if (!watchers.has(store)) watchOrWait(store);
    },
    close() {
      for (const watcher of watchers.values()) watcher.close();
      watchers.clear();
    },
  };
}

/** Calls back when the next folder on the way to one that does not exist appears. */
function waitFor(folder: string, onFound: () => void): Watcher {
  const parent = path.dirname(folder);
  if (!existsSync(parent) && parent !== folder) return waitFor(parent, onFound);
  try {
    const watcher = watch(parent, () => {
      if (existsSync(folder)) onFound();
    });
    watcher.on('error', () => {
      watcher.close();
    });
    // It may have appeared while nobody watched yet.
    if (existsSync(folder)) setImmediate(onFound);
    return watcher;
  } catch {
    // A folder that cannot be watched: its recordings are read when a file is opened or a session ends.
    return { close: () => undefined };
  }
}
