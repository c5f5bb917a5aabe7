import { randomUUID } from 'node:crypto';
import { status } from '@grpc/grpc-js';
import { addService, listenLocally, statusError } from '../beam/grpc.js';
import type { Elements_Data } from '../beam/proto/beam/fn_pb.js';
import { RecordService } from '../beam/proto/beam_rewind/record_pb.js';
import { GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS, MAX_TIMESTAMP_MILLIS } from '../beam/urns.js';
import type { BundleContext, EncodedDoFn } from '../beam/worker/encodedDoFn.js';
import type { RecordingWriter } from './recordingWriter.js';

/** An output whose elements are sent here. */
export interface SentOutput {
  /** What takes them. */
  sink: EncodedDoFn;
  /** Its recording, where it is recorded; the sink writes to it. */
  writer?: RecordingWriter;
}

/** An output that is recorded, once its recording is open. */
export type RecordedOutput = Required<SentOutput>;

export interface RecordServiceOptions<Output extends SentOutput = SentOutput> {
  /** An output by its number, when its first element comes. */
  outputOf: (output: number) => Output | undefined;
  /** The watermark of a recorded output is at the end of time. */
  onSourceEnd?: (writer: RecordingWriter) => void;
  /** Something cannot be taken: the bundle fails. */
  onError: (message: string) => void;
}

/** A running record service. */
export interface RunningRecordService {
  /** `127.0.0.1:port`. */
  endpoint: string;
  /** What each output is called there. Nobody can guess it: who knows the name may write. */
  names: string[];
  close: () => void;
}

/**
 * Takes elements and watermarks from a runner in the user's process, which has no SDK workers. A bundle is
 * acknowledged after the write. The runner processes one bundle of an output at a time: one that another follows
 * before its end has failed.
 * @param count of the outputs
 */
export async function serveRecordService(
  count: number,
  { outputOf, onSourceEnd, onError }: RecordServiceOptions,
): Promise<RunningRecordService> {
  const names = Array.from({ length: count }, (): string => randomUUID());
  const openBundles = new Map<string, string>();
  const outputs = new Map<string, SentOutput>();
  const served = (name: string): SentOutput => {
    const output = outputs.get(name) ?? outputOf(names.indexOf(name));
    if (!output) {
      throw statusError(status.PERMISSION_DENIED, 'Beam Rewind records no output of this name.');
    }
    outputs.set(name, output);
    return output;
  };
  const record = async (
    { sink }: SentOutput,
    { transformId: name, instructionId: bundle, data, isLast }: Elements_Data,
  ): Promise<void> => {
    const open = openBundles.get(name);
    if (open !== undefined && open !== bundle) sink.failBundle?.(open);
    openBundles.set(name, bundle);
    if (data.length > 0) await sink.process(data, bundleContext(bundle));
    if (!isLast) return;
    openBundles.delete(name);
    await sink.finishBundle(bundle);
  };
  const server = await listenLocally((grpcServer) => {
    addService(grpcServer, RecordService, {
      record: async (part) => {
        const output = served(part.transformId);
        try {
          await record(output, part);
        } catch (error) {
          onError(error instanceof Error ? error.message : String(error));
          throw error;
        }
        return {};
      },
      advanceWatermark: async ({ tag, newWatermark }) => {
        const { writer } = served(tag);
        if (!writer) throw statusError(status.FAILED_PRECONDITION, 'This output is not recorded.');
        const millis = floorMillis(newWatermark);
        const isEnd = millis >= GLOBAL_WINDOW_MAX_TIMESTAMP_MILLIS;
        writer.addWatermark(isEnd ? MAX_TIMESTAMP_MILLIS : millis);
        await writer.flush();
        if (isEnd) onSourceEnd?.(writer);
        return {};
      },
    });
  });
  return {
    endpoint: server.endpoint,
    names,
    close: () => {
      server.close();
    },
  };
}

function floorMillis(micros: bigint): bigint {
  const millis = micros / 1000n;
  return millis * 1000n > micros ? millis - 1n : millis;
}

/** A bundle of a record sink whose watermark is observed elsewhere: what it emits and sets goes nowhere. */
function bundleContext(id: string): BundleContext {
  const unexpected = (): never => {
    throw new Error('A record sink sets no timers and gives nothing back.');
  };
  return {
    id,
    emit: () => undefined,
    wireCoderUrn: () => '',
    setTimers: unexpected,
    defer: unexpected,
  };
}
