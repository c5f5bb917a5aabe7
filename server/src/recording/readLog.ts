import { open } from 'node:fs/promises';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { decodePayload, frameHeaderBytes, logMagic, maxPayloadBytes } from './logFrame.js';

const readBytes = 1 << 20;

/** A place where a log is not as it was written. */
export interface LogDamage {
  /** Byte offset in the file. */
  offset: number;
  /** Words for people. */
  what: string;
}

/**
 * Reads a log from its start: whole records, in order. A damaged record is reported and skipped where the
 * framing allows; a record cut off at the end is reported and ends the log. Memory does not depend on the
 * log's length.
 * @throws if the file cannot be read or is not a recording log.
 */
export async function* readLog(
  path: string,
  onDamage: (damage: LogDamage) => void,
): AsyncGenerator<LogRecord> {
  const file = await open(path, 'r');
  try {
    let buffered: Buffer = Buffer.alloc(0);
    let offset = 0;
    /** Makes at least `bytes` available, unless the file ends before. */
    const fill = async (bytes: number): Promise<boolean> => {
      while (buffered.length < bytes) {
        const chunk = Buffer.allocUnsafe(Math.max(readBytes, bytes - buffered.length));
        const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + buffered.length);
        if (bytesRead === 0) return false;
        buffered = Buffer.concat([buffered, chunk.subarray(0, bytesRead)]);
      }
      return true;
    };
    const take = (bytes: number): Buffer => {
      const taken = buffered.subarray(0, bytes);
      buffered = buffered.subarray(bytes);
      offset += bytes;
      return taken;
    };
    if (!(await fill(logMagic.length)) || !take(logMagic.length).equals(logMagic)) {
      throw new Error(`${path} is not a recording log of Beam Rewind, or of a newer version.`);
    }
    for (;;) {
      const start = offset;
      if (!(await fill(frameHeaderBytes))) {
        if (buffered.length > 0) onDamage({ offset: start, what: 'the last record is cut off' });
        return;
      }
      const length = buffered.readUInt32LE(0);
      const checksum = buffered.readUInt32LE(4);
      if (length > maxPayloadBytes || !(await fill(frameHeaderBytes + length))) {
        onDamage({ offset: start, what: 'the last record is cut off, or its length is damaged' });
        return;
      }
      const payload = take(frameHeaderBytes + length).subarray(frameHeaderBytes);
      let record: LogRecord;
      try {
        record = decodePayload(payload, checksum);
      } catch (error) {
        onDamage({ offset: start, what: `a record is damaged: ${String(error)}` });
        continue;
      }
      yield record;
    }
  } finally {
    await file.close();
  }
}
