import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { crc32 } from 'node:zlib';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { LogRecordSchema } from '../beam/proto/beam_rewind/recording_pb.js';

/** First bytes of every log; docs/recording-format.md. */
export const logMagic = Buffer.from('BEAMRWD1', 'latin1');

/** Bytes before a payload: its length and its CRC-32, both little-endian uint32. */
export const frameHeaderBytes = 8;

/** No whole bundle is larger; a greater length in a frame is damage. */
export const maxPayloadBytes = 0x7fffffff;

/** A record as it stands in the log: `length | crc32 | payload`. */
export function encodeFrame(record: LogRecord): Buffer {
  const payload = toBinary(LogRecordSchema, record);
  const frame = Buffer.allocUnsafe(frameHeaderBytes + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload), 4);
  frame.set(payload, frameHeaderBytes);
  return frame;
}

/** A payload whose checksum agrees. @throws if it does not, or if it is not a log record. */
export function decodePayload(payload: Uint8Array, checksum: number): LogRecord {
  if (crc32(payload) !== checksum) throw new Error('its checksum does not agree');
  return fromBinary(LogRecordSchema, payload);
}
