import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { addService, listenLocally, statusError } from '../../beam/grpc.js';
import { TestStreamService } from '../../beam/proto/beam/interactive_pb.js';
import { encodeStep } from './encodeStep.js';
import { splitStep } from './splitStep.js';
import type { TestStreamStep } from './steps.js';
import { tellEvents } from './tellEvents.js';

/** The test stream of one replay, served by Beam's TestStreamService. */
export interface ServedReplay {
  /** `127.0.0.1:port`. */
  endpoint: string;
  /** What each output is called there. Nobody can guess it: who asks for the names may read. */
  names: string[];
  /** Why it is not known that all was told, in words for the user; undefined if all was. */
  shortcoming: () => string | undefined;
  close: () => void;
}

/**
 * Serves the steps of a replay to the runner that asks for them by the names of their outputs, times in µs. The SDK's
 * direct runner takes an end that came too early for the end of the stream: whether it was is known here.
 * @param steps begins them anew for each caller
 */
export async function serveReplay(
  outputs: number,
  steps: (isWanted: () => boolean) => AsyncIterable<TestStreamStep>,
): Promise<ServedReplay> {
  const names = Array.from({ length: outputs }, (): string => randomUUID());
  let shortcoming: string | undefined = 'The runner did not ask for what is recorded.';
  const server = await listenLocally((grpcServer) => {
    addService(grpcServer, TestStreamService, {
      events(call) {
        const asked = new Set(call.request.outputIds);
        if (!names.every((name) => asked.has(name))) {
          call.emit('error', statusError(status.PERMISSION_DENIED, 'No test stream of this name.'));
          return;
        }
        shortcoming = 'The runner ended before it had read what is recorded.';
        tellEvents(call, (isWanted) => encoded(steps(isWanted), names)).then(
          (isTold) => {
            if (isTold) shortcoming = undefined;
          },
          (error: unknown) => {
            shortcoming = error instanceof Error ? error.message : String(error);
          },
        );
      },
    });
  });
  return {
    endpoint: server.endpoint,
    names,
    shortcoming: () => shortcoming,
    close: () => {
      server.close();
    },
  };
}

async function* encoded(
  steps: AsyncIterable<TestStreamStep>,
  names: string[],
): AsyncGenerator<Uint8Array> {
  for await (const step of steps) {
    const tag = step.kind === 'processing time' ? '' : (names[step.output] ?? '');
    for (const part of splitStep(step)) yield encodeStep(part, tag);
  }
}
