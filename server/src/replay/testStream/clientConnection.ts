import type { Writable } from 'node:stream';
import type { WebSocket } from 'ws';
import { ClientMessageError, parseClientMessage } from './clientMessage.js';
import type { Clock } from './clock.js';
import { encodeStep, stepJson } from './encodeStep.js';
import type { OpenTestStream, Position } from './openTestStream.js';
import type { Place, PlacedStep } from './place.js';
import { createPlayback } from './playback.js';

/** Subprotocols: events as text (JSON) or as binary messages (protobuf). All else is JSON in both. */
export const subprotocols = ['beam-rewind.json.v1', 'beam-rewind.proto.v1'] as const;

/** No event is read for a client that has not taken so many bytes yet. */
export const highWaterBytes = 1 << 20;
/** A client that says more than this in a second is not one of ours. */
const maxMessagesPerSecond = 100;

/** The part of a WebSocket that is used here. */
export type ClientSocket = Pick<WebSocket, 'protocol' | 'bufferedAmount' | 'send' | 'close' | 'on'>;

/** Events go to the system together until they have so many bytes, where as many are ready. */
const bytesPerWrite = 1 << 16;

/** A recorded output that is served. */
export interface ServedOutput {
  /** Names the output in events, if several are served. */
  tag: string;
  pipeline: string;
  label: string;
  /** URN tree of the element coder. */
  coder: string;
  elements: number;
  /** It is still being recorded: elements are added. */
  isLive: boolean;
}

/** What a client is served. */
export interface ServedStream {
  /** What a client is told first. */
  outputs: ServedOutput[];
  open: (place: Place, isWanted: () => boolean) => Promise<OpenTestStream>;
  onError: (what: string) => void;
}

/**
 * Serves one admitted client until its socket closes.
 * @param transport the stream below the socket
 * @returns resolves when its files are closed, too
 */
export function serveClient(
  socket: ClientSocket,
  transport: Pick<Writable, 'cork' | 'uncork'>,
  { outputs, open, onError }: ServedStream,
  clock: Clock,
): Promise<void> {
  const isBinary = socket.protocol === 'beam-rewind.proto.v1';
  const tagOf = (output: number): string =>
    outputs.length > 1 ? (outputs[output]?.tag ?? '') : '';
  const tell = (message: Record<string, unknown>): void => {
    socket.send(JSON.stringify(message), () => undefined);
  };
  let isGathering = false;
  const flush = (): void => {
    isGathering = false;
    transport.uncork();
  };
  /** Small events are gathered for as long as the playback does not wait. */
  const gather = (): void => {
    if (!isGathering) {
      isGathering = true;
      transport.cork();
      process.nextTick(flush);
    } else if (socket.bufferedAmount >= bytesPerWrite) {
      transport.uncork();
      transport.cork();
    }
  };
  const playback = createPlayback(
    open,
    {
      isFull: () => socket.bufferedAmount >= highWaterBytes,
      event: ({ ordinal, step }: PlacedStep) => {
        const tag = step.kind === 'processing time' ? '' : tagOf(step.output);
        gather();
        socket.send(
          isBinary
            ? encodeStep(step, tag)
            : `{"type":"event","ordinal":${ordinal},"event":${stepJson(step, tag)}}`,
          playback.wake,
        );
      },
      at: ({ ordinal, processingTime, watermarks }: Position) => {
        const told = [...watermarks].map(([output, micros]) => [tagOf(output), micros.toString()]);
        tell({
          type: 'at',
          ordinal,
          ...(processingTime !== undefined && { processingTime: processingTime.toString() }),
          watermarks: Object.fromEntries(told),
        });
      },
      paused: (ordinal) => {
        tell({ type: 'paused', ordinal });
      },
      ended: (ordinal) => {
        tell({ type: 'end', ordinal });
      },
      failed: (error) => {
        onError(error instanceof Error ? error.message : String(error));
        tell({ type: 'error', message: 'The recording cannot be read.' });
        socket.close(1011);
      },
    },
    clock,
  );
  const refuse = (message: string, closeCode: number): void => {
    tell({ type: 'error', message });
    socket.close(closeCode);
    void playback.close();
  };

  let second = clock.now();
  let messages = 0;
  let isOpen = true;
  const onMessage = (data: Buffer, isBinaryMessage: boolean): void => {
    if (!isOpen) return;
    if (clock.now() - second >= 1000) {
      second = clock.now();
      messages = 0;
    }
    try {
      if (++messages > maxMessagesPerSecond) {
        throw new ClientMessageError('More than 100 messages in a second.', 1008);
      }
      if (isBinaryMessage) throw new ClientMessageError('Messages of clients are text.', 1008);
      const message = parseClientMessage(data.toString());
      if (message.type === 'start') playback.start(message.from, message.speed);
      else if (message.type === 'seek') playback.seek(message.to);
      else if (message.type === 'stop') socket.close(1000);
      else playback[message.type]();
    } catch (error) {
      if (!(error instanceof ClientMessageError)) throw error;
      isOpen = false;
      refuse(error.message, error.closeCode);
    }
  };
  tell({ type: 'hello', unit: 'microseconds', outputs });
  return new Promise((resolve) => {
    socket.on('message', onMessage);
    // What broke the protocol below (a frame too large, text that is not UTF-8) was answered by ws.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      isOpen = false;
      void playback.close().then(resolve);
    });
  });
}
