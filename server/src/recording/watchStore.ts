import { mkdirSync, watch } from 'node:fs';
import path from 'node:path';

/**
 * Calls back when a recording of the store was added, changed or removed, by any process. Changes that
 * come close together are told once.
 */
export function watchStore(store: string, onChange: () => void): { close(): void } {
  const folder = path.join(store, 'recordings');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(folder, { recursive: true }, (_event, name) => {
    // Logs grow all the time; what is worth telling stands in the index.
    if (name !== null && path.basename(name).startsWith('elements.log')) return;
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, 100);
  });
  // Without a watcher (a folder removed under us) the state is read again when it is next asked for.
  watcher.on('error', () => {
    watcher.close();
  });
  return {
    close() {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
