import type { Connection } from 'vscode-languageserver';
import { CodeLensRefreshRequest } from 'vscode-languageserver';
import type { FileStatuses } from './pipelineFiles.js';
import { statusText } from './words.js';

/** Asks the editor to fetch the lenses again, when what they say changed and not more often. */
export interface LensRefresh {
  /** Whether the editor can be asked. */
  isSupported: boolean;
  refresh(): void;
  /** The statuses of a file were found anew; most often they are what they were. */
  statusesAre(file: FileStatuses): void;
  forget(uri: string): void;
}

export function createLensRefresh(connection: Connection): LensRefresh {
  const shown = new Map<string, string>();
  const lenses: LensRefresh = {
    isSupported: false,
    refresh() {
      if (!lenses.isSupported) return;
      connection.sendRequest(CodeLensRefreshRequest.type).catch((error: unknown) => {
        connection.console.warn(`The lenses cannot be refreshed: ${String(error)}`);
      });
    },
    statusesAre({ uri, statuses }) {
      const titles = statuses.map((status) => [status.pipeline, status.label, statusText(status)]);
      const text = JSON.stringify(titles);
      if (shown.get(uri) === text) return;
      shown.set(uri, text);
      lenses.refresh();
    },
    forget(uri) {
      shown.delete(uri);
    },
  };
  return lenses;
}
