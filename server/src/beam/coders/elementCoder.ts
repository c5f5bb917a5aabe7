import type { BeamValue } from './beamValue.js';
import type { ByteReader } from './byteReader.js';
import type { ByteWriter } from './byteWriter.js';

/**
 * Where a value stands. `outer`: it has all of the remaining bytes to itself, so its end need not be
 * marked. `nested`: others follow.
 */
export type CoderContext = 'nested' | 'outer';

/** Reads and writes one type of element as Beam's SDKs do. */
export interface ElementCoder {
  /** Whether the end of a nested value can be found. If not, what holds such a value is opaque as a whole. */
  readonly endIsKnown: boolean;
  /** @throws CoderError for bytes that are not of this coder. */
  decode(input: ByteReader, context: CoderContext): BeamValue;
  /** @throws CoderError for a value that is not of this coder. */
  encode(value: BeamValue, output: ByteWriter, context: CoderContext): void;
}
