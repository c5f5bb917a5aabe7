import { create } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import { status } from '@grpc/grpc-js';
import type { LocalServer } from '../../beam/grpc.js';
import { addService, listenLocally, statusError } from '../../beam/grpc.js';
import { TestStreamService } from '../../beam/proto/beam/interactive_pb.js';
import type { TestStreamPayload_Event } from '../../beam/proto/beam/pipeline_pb.js';
import { TestStreamPayload_EventSchema } from '../../beam/proto/beam/pipeline_pb.js';
import { encodeStep } from './encodeStep.js';
import type { IdleTimer } from './idleTimer.js';
import type { TestStreamOutput } from './openTestStream.js';
import { openTestStream } from './openTestStream.js';

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
        let isOver = false;
        let drained: (() => void) | undefined;
        const end = (): void => {
          isOver = true;
          leave();
          drained?.();
        };
        call.on('cancelled', end);
        call.on('error', end);
        call.on('close', end);
        call.on('drain', () => drained?.());
        const tell = async (): Promise<void> => {
          const chosen = chooseOutputs(outputs, call.request.outputIds);
          const stream = await openTestStream(
            chosen.outputs,
            { ordinal: 0 },
            onError,
            () => !isOver,
          );
          try {
            for (let event = await stream.next(); event; event = await stream.next()) {
              const { step } = event;
              const tag =
                chosen.areTagged && step.kind !== 'processing time'
                  ? (chosen.outputs[step.output]?.tag ?? '')
                  : '';
              if (!call.write(asMessage(encodeStep(step, tag)))) {
                await new Promise<void>((resolve) => {
                  drained = resolve;
                  if (isOver) resolve();
                });
              }
              if (isOver) return;
            }
            call.end();
          } finally {
            await stream.close();
          }
        };
        tell()
          .catch((error: unknown) => {
            call.emit('error', error);
          })
          .finally(end);
      },
    });
  });
}

/** The outputs of a request, in the order of the pipeline. @throws a gRPC status that says which there are */
function chooseOutputs(outputs: TestStreamOutput[], ids: string[]) {
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

/** An encoded event as a message: its one member is passed through as an unknown field, not encoded again. */
function asMessage(event: Uint8Array): TestStreamPayload_Event {
  const message = create(TestStreamPayload_EventSchema);
  const no = (event[0] ?? 0) >> 3;
  message.$unknown = [{ no, wireType: WireType.LengthDelimited, data: event.subarray(1) }];
  return message;
}
