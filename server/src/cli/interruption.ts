import { Interrupted } from './context.js';
import { exitCode } from './exitCode.js';

/** The part of `process` that is needed here. */
export interface InterruptibleProcess {
  on(signal: 'SIGINT' | 'SIGTERM', listener: (signal: 'SIGINT' | 'SIGTERM') => void): unknown;
  exit(code: number): void;
  stdout: { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };
  stderr: { on(event: 'error', listener: () => void): unknown };
}

/**
 * Decides what ends the program early. The reader of stdout going away (`| head`) ends it quietly. Once the
 * returned function was called, the first interruption aborts the signal and the second one exits at once.
 */
export function handleInterruptions(process: InterruptibleProcess): () => AbortSignal {
  let controller: AbortController | undefined;

  process.stdout.on('error', (error) => {
    if (error.code !== 'EPIPE') throw error;
    if (controller) controller.abort(new Interrupted('stdout closed'));
    else process.exit(exitCode.done);
  });
  // Without a reader of stderr there is nobody to tell.
  process.stderr.on('error', () => undefined);

  return () => {
    if (controller) return controller.signal;
    const { signal } = (controller = new AbortController());
    const interrupt = (by: 'SIGINT' | 'SIGTERM') => {
      if (signal.aborted) process.exit(exitCode.cancelled);
      controller?.abort(new Interrupted(by));
    };
    process.on('SIGINT', interrupt);
    process.on('SIGTERM', interrupt);
    return signal;
  };
}
