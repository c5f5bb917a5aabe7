import { parentPort } from 'node:worker_threads';
import { findSources } from './features/findSources.js';
import type { FindAnswer, FindRequest } from './features/indexThread.js';
import { createWorkspaceFiles } from './features/workspaceFiles.js';
import { analyzerFor } from './language/language.js';

// The thread that indexes the workspace: it sees what is on disk.
const files = createWorkspaceFiles(() => undefined);

parentPort?.on('message', ({ file, folders }: FindRequest) => {
  files.folders = folders;
  files.changed(file);
  void answer(file).then((found) => {
    parentPort?.postMessage(found);
  });
});

async function answer(file: string): Promise<FindAnswer> {
  const analyzer = analyzerFor(file);
  try {
    return {
      sources: analyzer ? await findSources(file, analyzer, files.contextOf(file, [])) : [],
    };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
