import type { Place } from './place.js';
import type { Speed } from './playback.js';

/** What a client may say; docs/test-stream.md describes each. */
export type ClientMessage =
  | { type: 'start'; from: Place; speed: Speed }
  | { type: 'seek'; to: Place }
  | { type: 'pause' | 'resume' | 'step' | 'stepToWatermark' | 'stop' };

/** A message that is not understood. Its words hold nothing of what the client sent. */
export class ClientMessageError extends Error {
  /** @param closeCode of the WebSocket */
  constructor(
    message: string,
    readonly closeCode: 1007 | 1008,
  ) {
    super(message);
  }
}

const plain = ['pause', 'resume', 'step', 'stepToWatermark', 'stop'] as const;
const maxSpeed = 1e6;
const maxMicros = (1n << 63n) - 1n;

/** Reads a text message of a client. @throws ClientMessageError */
export function parseClientMessage(text: string): ClientMessage {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ClientMessageError('A message is not JSON.', 1007);
  }
  const message = objectOf(value, 'A message is not a JSON object.');
  const { type } = message;
  const plainType = plain.find((name) => name === type);
  if (plainType) {
    checkMembers(message, ['type']);
    return { type: plainType };
  }
  if (type === 'start') {
    checkMembers(message, ['type', 'from', 'speed']);
    const from = message['from'] === undefined ? { ordinal: 0 } : placeOf(message['from']);
    return { type, from, speed: speedOf(message['speed']) };
  }
  if (type === 'seek') {
    checkMembers(message, ['type', 'to']);
    return { type, to: placeOf(message['to']) };
  }
  throw refused(`"type" is one of start, seek, ${plain.join(', ')}.`);
}

function placeOf(value: unknown): Place {
  const what = 'A place has one member: ordinal, eventTime or processingTime.';
  const [entry, ...others] = Object.entries(objectOf(value, what));
  if (!entry || others.length > 0) throw refused(what);
  const [name, number] = entry;
  switch (name) {
    case 'ordinal':
      if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) {
        return { ordinal: number };
      }
      throw refused('"ordinal" is a whole number from 0.');
    case 'eventTime':
      return { eventTime: microsOf(number) };
    case 'processingTime':
      return { processingTime: microsOf(number) };
    default:
      throw refused(what);
  }
}

function microsOf(value: unknown): bigint {
  const isInteger =
    typeof value === 'number'
      ? Number.isSafeInteger(value)
      : typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  if (isInteger) {
    const micros = BigInt(value as number | string);
    if (micros <= maxMicros && micros >= -maxMicros) return micros;
  }
  throw refused('A time is whole microseconds since the epoch, as a number or a string.');
}

function speedOf(value: unknown): Speed {
  if (value === undefined || value === 'max') return 'max';
  if (typeof value === 'number' && value > 0 && value <= maxSpeed) return value;
  throw refused(`"speed" is "max" or a number above 0, at most ${maxSpeed}.`);
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw refused(what);
}

function checkMembers(message: Record<string, unknown>, known: string[]): void {
  if (Object.keys(message).some((name) => !known.includes(name))) {
    throw refused(`A message of this type has no members but ${known.join(', ')}.`);
  }
}

function refused(what: string): ClientMessageError {
  return new ClientMessageError(what, 1008);
}
