import type { OpaqueValue } from './beamValue.js';
import type { ElementCoder } from './elementCoder.js';
import { expectKind } from './expectValue.js';
import { bytesCoder } from './primitiveCoders.js';

/**
 * The coder of values that only their own SDK understands: all bytes that are left.
 * @param coder its URN tree
 * @param coderClass the SDK's class of the coder, where it is known
 */
export function opaqueCoder(coder: string, coderClass?: string): ElementCoder {
  return {
    endIsKnown: false,
    decode: (input): OpaqueValue => ({
      kind: 'opaque',
      coder,
      ...(coderClass && { coderClass }),
      bytes: input.takeRest(),
    }),
    encode(value, output) {
      output.write(expectKind(value, 'opaque').bytes);
    },
  };
}

/** The same for coders that are known to write a length when nested, as bytes do. */
export function opaqueBytesCoder(coder: string, coderClass: string): ElementCoder {
  return {
    endIsKnown: true,
    decode: (input, context): OpaqueValue => ({
      kind: 'opaque',
      coder,
      coderClass,
      bytes: context === 'outer' ? input.takeRest() : input.take(input.length()),
    }),
    encode(value, output, context) {
      bytesCoder.encode(expectKind(value, 'opaque').bytes, output, context);
    },
  };
}
