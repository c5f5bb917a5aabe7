import type { Connection } from 'vscode-languageserver';
import { CodeLensRefreshRequest, InlayHintRefreshRequest } from 'vscode-languageserver';
import type { Client } from './client.js';
import type { FileStatuses } from './pipelineFiles.js';
import { statusText } from './words.js';

/** Asks the editor to fetch lenses and inlay hints again, when what they say changed and not more often. */
export interface LensRefresh {
  refresh(): void;
  /** The statuses of a file were found anew; most often they are what they were. */
  statusesAre(file: FileStatuses): void;
  forget(uri: string): void;
}

export function createLensRefresh(connection: Connection, client: () => Client): LensRefresh {
  const shown = new Map<string, string>();
  function ask(type: typeof CodeLensRefreshRequest.type): void {
    connection.sendRequest(type).catch((error: unknown) => {
      connection.console.warn(`${type.method} is refused: ${String(error)}`);
    });
  }

  const lenses: LensRefresh = {
    refresh() {
      const { refreshesLenses, refreshesInlayHints } = client();
      if (refreshesLenses) ask(CodeLensRefreshRequest.type);
      if (refreshesInlayHints) ask(InlayHintRefreshRequest.type);
    },
    statusesAre({ uri, statuses }) {
      const titles = statuses
        .filter(({ source }) => source)
        .map((status) => [status.pipeline, status.label, statusText(status)]);
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
