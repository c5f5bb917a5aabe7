import type { BeamValue } from './beamValue.js';
import { CoderError } from './coderError.js';

/** A value that is an object with a kind. */
export type KindedValue = Extract<BeamValue, { kind: string }>;

/** The value, if it is of the kind. @throws CoderError */
export function expectKind<K extends KindedValue['kind']>(
  value: BeamValue,
  kind: K,
): Extract<KindedValue, { kind: K }> {
  if (isKinded(value) && value.kind === kind) {
    return value as Extract<KindedValue, { kind: K }>;
  }
  throw unexpected(value, kind);
}

/** The value, if it is an integer between two bounds, both included. @throws CoderError */
export function expectInteger(value: BeamValue, min: bigint, max: bigint): bigint {
  if (typeof value !== 'bigint') throw unexpected(value, 'an integer');
  if (value < min || value > max) throw new CoderError(`${value} is not within ${min} to ${max}`);
  return value;
}

/** The error for a value that a coder cannot encode. */
export function unexpected(value: BeamValue, expected: string): CoderError {
  const found = isKinded(value)
    ? value.kind
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : value instanceof Uint8Array
          ? 'bytes'
          : typeof value;
  return new CoderError(`Expected ${expected}, got ${found}`);
}

/** Whether a value is an object with a kind. */
export function isKinded(value: BeamValue): value is KindedValue {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}
