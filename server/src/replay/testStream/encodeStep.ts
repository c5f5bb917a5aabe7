import { create, toBinary } from '@bufbuild/protobuf';
import { varintBytes, writeVarint } from '../../beam/coders/varint.js';
import { exactTimestampMillis, forEachWindowedElement } from '../../beam/coders/windowedValue.js';
import { TestStreamPayload_EventSchema } from '../../beam/proto/beam/pipeline_pb.js';
import type { TestStreamStep } from './steps.js';

// Field numbers of TestStreamPayload.Event, with the wire type that follows from them.
const elementEventField = (3 << 3) | 2;
const elementsField = (1 << 3) | 2;
const tagField = (3 << 3) | 2;
const encodedElementField = (1 << 3) | 2;
const timestampField = 2 << 3;

/** A timestamp whose microseconds are a safe integer goes the fast way. */
const maxFastMillis = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/**
 * A step as a binary TestStreamPayload.Event, times in µs. Elements are written from the log's bytes: by way
 * of messages it would take ten times as long.
 * @param tag of its output; empty in a stream with one output
 */
export function encodeStep(step: TestStreamStep, tag: string): Uint8Array {
  switch (step.kind) {
    case 'processing time': {
      const value = { advanceDuration: step.advance };
      return encodeEvent({ case: 'processingTimeEvent', value });
    }
    case 'watermark': {
      const value = { newWatermark: step.watermarkMillis * 1000n, tag };
      return encodeEvent({ case: 'watermarkEvent', value });
    }
    case 'elements':
      return encodeElements(step.elements.data, Buffer.from(tag));
  }
}

/** A step as the JSON of the same message: 64-bit integers are strings, bytes are Base64. */
export function stepJson(step: TestStreamStep, tag: string): string {
  const tagMember = tag ? `,"tag":${JSON.stringify(tag)}` : '';
  switch (step.kind) {
    case 'processing time':
      return `{"processingTimeEvent":{"advanceDuration":"${step.advance}"}}`;
    case 'watermark':
      return `{"watermarkEvent":{"newWatermark":"${step.watermarkMillis * 1000n}"${tagMember}}}`;
    case 'elements':
      return `{"elementEvent":{"elements":[${elementsJson(step.elements.data)}]${tagMember}}}`;
  }
}

type EventInit = Parameters<typeof create<typeof TestStreamPayload_EventSchema>>[1];

function encodeEvent(event: NonNullable<NonNullable<EventInit>['event']>): Uint8Array {
  return toBinary(TestStreamPayload_EventSchema, create(TestStreamPayload_EventSchema, { event }));
}

function elementsJson(data: Uint8Array): string {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  let json = '';
  forEachWindowedElement(data, (millis, _pane, start, end) => {
    const micros =
      Math.abs(millis) <= maxFastMillis ? millis * 1000 : exactTimestampMillis(millis) * 1000n;
    if (json) json += ',';
    json += `{"encodedElement":"${bytes.toString('base64', start, end)}","timestamp":"${micros}"}`;
  });
  return json;
}

function encodeElements(data: Uint8Array, tag: Buffer): Buffer {
  let contentBytes = tag.length > 0 ? 1 + varintBytes(tag.length) + tag.length : 0;
  forEachWindowedElement(data, (millis, _pane, start, end) => {
    const bytes = elementBytes(millis, end - start);
    contentBytes += 1 + varintBytes(bytes) + bytes;
  });
  const event = Buffer.allocUnsafe(1 + varintBytes(contentBytes) + contentBytes);
  event[0] = elementEventField;
  let at = writeVarint(event, 1, contentBytes);
  forEachWindowedElement(data, (millis, _pane, start, end) => {
    const length = end - start;
    event[at++] = elementsField;
    at = writeVarint(event, at, elementBytes(millis, length));
    if (length > 0) {
      event[at++] = encodedElementField;
      at = writeVarint(event, at, length);
      event.set(data.subarray(start, end), at);
      at += length;
    }
    if (millis !== 0) {
      event[at++] = timestampField;
      at = writeMicros(event, at, millis);
    }
  });
  if (tag.length > 0) {
    event[at++] = tagField;
    at = writeVarint(event, at, tag.length);
    event.set(tag, at);
  }
  return event;
}

/** Bytes of a TimestampedElement; members that are empty or 0 are left out, as in all of proto3. */
function elementBytes(millis: number, length: number): number {
  const element = length > 0 ? 1 + varintBytes(length) + length : 0;
  return element + (millis === 0 ? 0 : 1 + microsBytes(millis));
}

function microsBytes(millis: number): number {
  // Negative numbers are written as 64 bits; Beam's end of time has 63, its nearest double one more.
  return millis < 0 ? 10 : varintBytes(Math.min(millis * 1000, 2 ** 62));
}

function writeMicros(bytes: Buffer, at: number, millis: number): number {
  if (millis >= 0 && millis <= maxFastMillis) return writeVarint(bytes, at, millis * 1000);
  let rest = BigInt.asUintN(64, exactTimestampMillis(millis) * 1000n);
  while (rest > 0x7fn) {
    bytes[at++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  bytes[at++] = Number(rest);
  return at;
}
