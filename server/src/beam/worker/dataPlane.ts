import { create } from '@bufbuild/protobuf';
import type * as grpc from '@grpc/grpc-js';
import { callBidi, connect } from '../grpc.js';
import type { Elements, Elements_Data, Elements_Timers } from '../proto/beam/fn_pb.js';
import { BeamFnData, ElementsSchema } from '../proto/beam/fn_pb.js';

/** Receives what the runner sends for one instruction. */
export interface InstructionReceiver {
  onData(data: Elements_Data): void;
  onTimers(timers: Elements_Timers): void;
  onError(error: Error): void;
}

/** One BeamFnData stream, shared by all bundles of a worker. */
export interface DataPlane {
  /** What arrived for the instruction before is delivered at once; if the stream broke, that. */
  register(instructionId: string, receiver: InstructionReceiver): void;
  unregister(instructionId: string): void;
  /** Takes nothing more from the runner, for any bundle, until the promise has settled. */
  holdUntil(settled: Promise<unknown>): void;
  send(elements: { data: Elements_Data[]; timers: Elements_Timers[] }): Promise<void>;
  close(): void;
}

/** Opens the data stream of a worker to the runner. */
export function openDataPlane(endpoint: string, workerId: string): DataPlane {
  const client = connect(endpoint);
  const stream = callBidi(client, BeamFnData.method.data, { worker_id: workerId });
  const receivers = new Map<string, InstructionReceiver>();
  // The runner may send elements before the instruction they belong to.
  const early = new Map<string, Elements[]>();
  let holds = 0;
  let broken: Error | undefined;

  const deliver = (receiver: InstructionReceiver, elements: Elements): void => {
    elements.data.forEach((data) => {
      receiver.onData(data);
    });
    elements.timers.forEach((timers) => {
      receiver.onTimers(timers);
    });
  };
  stream.on('data', (elements: Elements) => {
    for (const [instructionId, part] of byInstruction(elements)) {
      const receiver = receivers.get(instructionId);
      if (receiver) deliver(receiver, part);
      else early.set(instructionId, [...(early.get(instructionId) ?? []), part]);
    }
  });
  const breaks = (reason: string): void => {
    broken ??= new Error(`The data stream of the runner broke: ${reason}`);
    for (const receiver of receivers.values()) receiver.onError(broken);
  };
  stream.on('error', ({ details }: grpc.ServiceError) => {
    breaks(details);
  });
  stream.on('end', () => {
    breaks('it was closed.');
  });
  return {
    register(instructionId, receiver) {
      // A bundle that comes later would wait for ever.
      if (broken) receiver.onError(broken);
      receivers.set(instructionId, receiver);
      const waiting = early.get(instructionId) ?? [];
      early.delete(instructionId);
      waiting.forEach((elements) => {
        deliver(receiver, elements);
      });
    },
    unregister(instructionId) {
      receivers.delete(instructionId);
      early.delete(instructionId);
    },
    holdUntil(settled) {
      holds++;
      stream.pause();
      const release = (): void => {
        if (--holds === 0) stream.resume();
      };
      settled.then(release, release);
    },
    send: (elements) =>
      new Promise((resolve, reject) => {
        if (broken) {
          reject(broken);
          return;
        }
        stream.write(create(ElementsSchema, elements), (error?: Error | null) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    close() {
      stream.cancel();
      client.close();
    },
  };
}

/** A message usually carries one instruction; then nothing is copied. */
function byInstruction(elements: Elements): Iterable<[string, Elements]> {
  const ids = new Set([...elements.data, ...elements.timers].map((part) => part.instructionId));
  const [only] = ids;
  if (ids.size === 1 && only !== undefined) return [[only, elements]];
  return [...ids].map((id) => [
    id,
    create(ElementsSchema, {
      data: elements.data.filter((data) => data.instructionId === id),
      timers: elements.timers.filter((timers) => timers.instructionId === id),
    }),
  ]);
}
