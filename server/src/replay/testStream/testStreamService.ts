import { status } from '@grpc/grpc-js';
import type { LocalServer } from '../../beam/grpc.js';
import { addService, listenLocally, statusError } from '../../beam/grpc.js';
import { TestStreamService } from '../../beam/proto/beam/interactive_pb.js';
import { encodeStep } from './encodeStep.js';
import type { IdleTimer } from './idleTimer.js';
import type { TestStreamOutput } from './openTestStream.js';
import { openTestStream } from './openTestStream.js';
import { splitStep } from './splitStep.js';
import { tellEvents } from './tellEvents.js';

/** What the Python SDK asks for when a test stream has one output without a name. */
const unnamedOutput = 'None';

/**
 * Serves Beam's TestStreamService on 127.0.0.1 and a random port: all events of the outputs that are asked
 * for, as fast as the caller takes them, times in µs. Runners cannot show a token here: docs/test-stream.md
 * says what that means.
 */
export function startTestStreamService(
  outputs: TestStreamOutput[],
  idle: IdleTimer,
  onError: (what: string) => void,
): Promise<LocalServer> {
  return listenLocally((server) => {
    addService(server, TestStreamService, {
      events(call) {
        const leave = idle.enter();
        tellEvents(call, (isWanted) => {
          const chosen = chooseOutputs(outputs, call.request.outputIds);
          return encodedEvents(chosen, onError, isWanted);
        })
          .catch(() => undefined) // the caller was told
          .finally(leave);
      },
    });
  });
}

async function* encodedEvents(
  { outputs, areTagged }: ChosenOutputs,
  onError: (what: string) => void,
  isWanted: () => boolean,
): AsyncGenerator<Uint8Array> {
  const stream = await openTestStream(outputs, { ordinal: 0 }, onError, isWanted);
  try {
    for (let event = await stream.next(); event; event = await stream.next()) {
      const { step } = event;
      const isTagged = areTagged && step.kind !== 'processing time';
      const tag = isTagged ? (outputs[step.output]?.tag ?? '') : '';
      for (const part of splitStep(step)) yield encodeStep(part, tag);
    }
  } finally {
    await stream.close();
  }
}

interface ChosenOutputs {
  outputs: TestStreamOutput[];
  areTagged: boolean;
}

/** The outputs of a request, in the order of the pipeline. @throws a gRPC status that says which there are */
function chooseOutputs(outputs: TestStreamOutput[], ids: string[]): ChosenOutputs {
  const isUnnamed = ids.every((id) => id === unnamedOutput);
  if (isUnnamed && (outputs.length === 1 || ids.length === 0)) {
    return { outputs, areTagged: outputs.length > 1 };
  }
  if (!ids.every((id) => outputs.some(({ tag }) => tag === id))) {
    const tags = outputs.map(({ tag }) => `"${tag}"`).join(', ');
    throw statusError(status.INVALID_ARGUMENT, `The outputs of this test stream are ${tags}.`);
  }
  return { outputs: outputs.filter(({ tag }) => ids.includes(tag)), areTagged: true };
}
