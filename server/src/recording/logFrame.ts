import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { crc32 } from 'node:zlib';
import type { LogRecord, LogRecord_Elements } from '../beam/proto/beam_rewind/recording_pb.js';
import type { StoredElements } from './elementData.js';
import {
  LogRecord_ElementsSchema,
  LogRecordSchema,
} from '../beam/proto/beam_rewind/recording_pb.js';

// docs/recording-format.md describes all of this.

/** First bytes of every segment of a log. */
export const logMagic = Buffer.from('BEAMRWD3', 'latin1');

/** The same of the version before, which is read too. */
export const earlierLogMagic = Buffer.from('BEAMRWD2', 'latin1');

/** First bytes of every frame: where reading goes on behind damage. */
export const frameMarker = Buffer.from([0xfe, 0x42, 0x52, 0x57]);

const markerNumber = frameMarker.readUInt32BE();

/** Bytes before a payload: marker, length, checksum of these two, checksum of the payload. */
export const frameHeaderBytes = 16;

/** No whole bundle is larger; a greater length in a frame is damage. */
export const maxPayloadBytes = 0x7fffffff;

/** Data of fewer bytes is copied behind their frame's header: one buffer is written faster than two. */
const copiedBytes = 4096;

/** Version of the format. */
export const logFormat = 3;

/** What the checksums of a header begin with: it names the recording, so it is read without knowing that. */
export const headerSeed = 0;

/** What the checksums of a recording begin with, so that no frame of another log is taken for one of its own. */
export function checksumSeed(recordingId: string): number {
  return crc32(recordingId);
}

/** A record as it goes into the log. */
export interface EncodedFrame {
  readonly bytes: number;
  /** Says that a bundle of elements is whole with this record. Before {@link EncodedFrame.finish} only. */
  endBundle(): void;
  /** Makes the checksums; answers the frame in pieces that are written one after the other. */
  finish(): Uint8Array[];
}

/** Frames a record of anything but elements. */
export function encodeFrame(
  record: Exclude<LogRecord['record'], { case: 'elements' }>,
  seed: number,
): EncodedFrame {
  return framed(toBinary(LogRecordSchema, { $typeName: LogRecordSchema.typeName, record }), seed);
}

/**
 * Frames a record of elements. What is stored of them is not copied: it must stay as it is until the frame is written.
 * The message is that of protobuf's own encoding, with `ends_bundle` written also when it is false, so that it can be set in
 * place, and what is stored last.
 */
export function elementsFrame(
  elements: Omit<LogRecord_Elements, 'data' | 'columns' | 'inflatedLength'>,
  { bytes, inflatedLength }: StoredElements,
  seed: number,
): EncodedFrame {
  const field = LogRecord_ElementsSchema.field;
  const writer = new BinaryWriter()
    .tag(field.arrivalMicros.number, WireType.Varint)
    .int64(elements.arrivalMicros)
    .tag(field.count.number, WireType.Varint)
    .uint32(elements.count)
    .tag(field.minTimestampMillis.number, WireType.Varint)
    .sint64(elements.minTimestampMillis)
    .tag(field.maxTimestampMillis.number, WireType.Varint)
    .sint64(elements.maxTimestampMillis)
    .tag(field.bundle.number, WireType.Varint)
    .uint32(elements.bundle);
  if (inflatedLength !== undefined) {
    writer.tag(field.inflatedLength.number, WireType.Varint).uint32(inflatedLength);
  }
  const message = writer
    .tag(field.endsBundle.number, WireType.Varint)
    .bool(elements.endsBundle)
    .tag(field.columns.number, WireType.LengthDelimited)
    .uint32(bytes.length)
    .finish();
  const head = new BinaryWriter()
    .tag(LogRecordSchema.field.elements.number, WireType.LengthDelimited)
    .uint32(message.length + bytes.length)
    .raw(message)
    .finish();
  return framed(head, seed, bytes);
}

/** @param data what follows the head in the payload */
function framed(head: Uint8Array, seed: number, data?: Uint8Array): EncodedFrame {
  const length = head.length + (data?.length ?? 0);
  return {
    bytes: frameHeaderBytes + length,
    endBundle() {
      head[head.length - endsBundleFromEnd(data?.length ?? 0)] = 1;
    },
    finish() {
      const isCopied = data !== undefined && data.length < copiedBytes;
      const first = Buffer.allocUnsafe(frameHeaderBytes + (isCopied ? length : head.length));
      first.set(frameMarker, 0);
      first.writeUInt32LE(length, 4);
      first.writeUInt32LE(crc32(first.subarray(0, 8), seed), 8);
      first.set(head, frameHeaderBytes);
      const headChecksum = crc32(head, seed);
      first.writeUInt32LE(data ? crc32(data, headChecksum) : headChecksum, 12);
      if (isCopied) first.set(data, frameHeaderBytes + head.length);
      return data && !isCopied ? [first, data] : [first];
    },
  };
}

/** How far before the end of an elements record's head its `ends_bundle` stands: before tag and length of what is stored. */
function endsBundleFromEnd(dataLength: number): number {
  let lengthBytes = 1;
  for (let rest = dataLength >>> 7; rest > 0; rest >>>= 7) lengthBytes++;
  return lengthBytes + 2;
}

/** Length of the payload of the frame with which bytes begin; undefined if they do not begin with one. */
export function frameLength(bytes: Buffer, seed: number): number | undefined {
  if (bytes.readUInt32BE(0) !== markerNumber) return undefined;
  const length = bytes.readUInt32LE(4);
  const isWhole = crc32(bytes.subarray(0, 8), seed) === bytes.readUInt32LE(8);
  return isWhole && length <= maxPayloadBytes ? length : undefined;
}

/** The record in a whole frame; undefined if its checksum does not agree, or it is no log record. */
export function decodeFrame(frame: Buffer, seed: number): LogRecord | undefined {
  const payload = frame.subarray(frameHeaderBytes);
  if (crc32(payload, seed) !== frame.readUInt32LE(12)) return undefined;
  try {
    return fromBinary(LogRecordSchema, payload);
  } catch {
    return undefined;
  }
}
