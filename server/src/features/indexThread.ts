import { Worker } from 'node:worker_threads';
import type { IndexedSource } from './findSources.js';

/** A thread without work ends after this time, ms: its memory is given back. */
const idleMs = 5000;
/** What a thread may take, MB: a text that needs more is left out of the index. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/** What a thread is asked. */
export interface FindRequest {
  /** Absolute path. */
  file: string;
  /** Folders of the workspace, absolute. */
  folders: readonly string[];
}

/** What it answers. */
export type FindAnswer = { sources: IndexedSource[] } | { error: string };

/** Analyses files in a thread of its own, one at a time, so that no request of the client waits for it. */
export interface IndexThread {
  /** @throws Error when the file cannot be analysed, or the thread ends meanwhile */
  find(request: FindRequest): Promise<IndexedSource[]>;
  close(): void;
}

interface RunningThread {
  worker: Worker;
  asked?: { resolve: (answer: FindAnswer) => void; reject: (error: Error) => void } | undefined;
}

/** @param script of the thread; it is started when there is work */
export function createIndexThread(script: URL): IndexThread {
  let running: RunningThread | undefined;
  let idle: NodeJS.Timeout | undefined;

  function start(): RunningThread {
    // Its standard output is not that of the server, which an editor reads.
    const worker = new Worker(script, { resourceLimits, stdout: true });
    worker.unref();
    const thread: RunningThread = { worker };
    worker.on('message', (answer: FindAnswer) => thread.asked?.resolve(answer));
    worker.on('error', (error) => thread.asked?.reject(error));
    worker.on('exit', () => {
      if (running === thread) running = undefined;
      thread.asked?.reject(new Error('The thread ended.'));
    });
    return thread;
  }

  function close(): void {
    clearTimeout(idle);
    void running?.worker.terminate();
    running = undefined;
  }

  return {
    async find(request) {
      clearTimeout(idle);
      const thread = (running ??= start());
      try {
        const answer = await new Promise<FindAnswer>((resolve, reject) => {
          thread.asked = { resolve, reject };
          thread.worker.postMessage(request);
        });
        if ('error' in answer) throw new Error(answer.error);
        return answer.sources;
      } finally {
        thread.asked = undefined;
        clearTimeout(idle);
        idle = setTimeout(close, idleMs).unref();
      }
    },
    close,
  };
}
