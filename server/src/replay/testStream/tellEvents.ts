import { create } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventsRequest } from '../../beam/proto/beam/interactive_pb.js';
import type { TestStreamPayload_Event } from '../../beam/proto/beam/pipeline_pb.js';
import { TestStreamPayload_EventSchema } from '../../beam/proto/beam/pipeline_pb.js';

/** A call of Beam's TestStreamService. */
export type EventsCall = ServerWritableStream<EventsRequest, TestStreamPayload_Event>;

/**
 * Answers a call with encoded events, as fast as the caller takes them.
 * @param open is given what tells whether the caller still wants more
 * @returns whether all was told; an error is the caller's, too
 */
export async function tellEvents(
  call: EventsCall,
  open: (isWanted: () => boolean) => AsyncIterable<Uint8Array>,
): Promise<boolean> {
  let isOver = false;
  let drained: (() => void) | undefined;
  const end = (): void => {
    isOver = true;
    drained?.();
  };
  call.on('cancelled', end);
  call.on('error', end);
  call.on('close', end);
  call.on('drain', () => drained?.());
  // A function: it may become true at any await.
  const isWanted = (): boolean => !isOver;
  try {
    for await (const event of open(isWanted)) {
      if (!call.write(asMessage(event))) {
        await new Promise<void>((resolve) => {
          drained = resolve;
          if (!isWanted()) resolve();
        });
      }
      if (!isWanted()) return false;
    }
    call.end();
    return true;
  } catch (error) {
    call.emit('error', error);
    throw error;
  }
}

/** An encoded event as a message: its one member is passed through as an unknown field, not encoded again. */
function asMessage(event: Uint8Array): TestStreamPayload_Event {
  const message = create(TestStreamPayload_EventSchema);
  const no = (event[0] ?? 0) >> 3;
  message.$unknown = [{ no, wireType: WireType.LengthDelimited, data: event.subarray(1) }];
  return message;
}
