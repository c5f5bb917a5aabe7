import type { FieldType, LogicalType } from '../proto/beam/schema_pb.js';
import type { BeamValue } from './beamValue.js';
import { CoderError } from './coderError.js';
import type { ElementCoder } from './elementCoder.js';
import { expectKind, unexpected } from './expectValue.js';
import { fastPrimitivesCoder } from './fastPrimitives.js';
import { decimalCoder, timestampCoder } from './primitiveCoders.js';

/**
 * The coder of a logical type. Those of Beam's model that stand for a time or a number come out as such;
 * all others as their representation.
 * @throws CoderError for a type without a representation.
 */
export function logicalTypeCoder(
  type: LogicalType,
  coderOf: (representation: FieldType | undefined) => ElementCoder,
): ElementCoder {
  switch (type.urn) {
    // These two are not written as their representation says.
    case 'beam:logical_type:millis_instant:v1':
      return timestampCoder;
    case 'beam:logical_type:decimal:v1':
      return decimalCoder;
    case 'beam:logical:pythonsdk_any:v1':
      return fastPrimitivesCoder;
    case 'beam:logical_type:micros_instant:v1':
      return instantCoder(coderOf(type.representation), 'micros', 6);
    case 'beam:logical_type:timestamp:v1':
      return instantCoder(coderOf(type.representation), 'subseconds', precisionOf(type));
    case 'beam:logical_type:date:v1':
      return represented(coderOf(type.representation), {
        decode(days) {
          if (typeof days !== 'bigint') throw unexpected(days, 'a number of days');
          return { kind: 'date', days };
        },
        encode: (date) => expectKind(date, 'date').days,
      });
    default:
      if (!type.representation) {
        throw new CoderError(`Logical type "${type.urn}" has no representation`);
      }
      return coderOf(type.representation);
  }
}

/** A row of whole seconds and a fraction, as one timestamp. */
function instantCoder(
  representation: ElementCoder,
  fraction: string,
  precision: number,
): ElementCoder {
  const perSecond = 10n ** BigInt(precision);
  return represented(representation, {
    decode(row) {
      const fields = new Map(expectKind(row, 'row').fields);
      const seconds = fields.get('seconds');
      const rest = fields.get(fraction);
      if (typeof seconds !== 'bigint' || typeof rest !== 'bigint') {
        throw new CoderError(`A timestamp without "seconds" and "${fraction}"`);
      }
      return { kind: 'timestamp', units: seconds * perSecond + rest, precision };
    },
    encode(value) {
      const timestamp = expectKind(value, 'timestamp');
      if (timestamp.precision !== precision) {
        throw new CoderError(`Expected a timestamp of precision ${precision}`);
      }
      const rest = ((timestamp.units % perSecond) + perSecond) % perSecond;
      return {
        kind: 'row',
        fields: [
          ['seconds', (timestamp.units - rest) / perSecond],
          [fraction, rest],
        ],
      };
    },
  });
}

/** Digits of the fraction of a second, of Beam's `timestamp`; it allows 0 to 9. @throws CoderError */
export function precisionOf(type: LogicalType): number {
  const value = type.argument?.fieldValue;
  const atomic = value?.case === 'atomicValue' ? value.value.value : undefined;
  if (atomic?.case !== 'int32' || atomic.value < 0 || atomic.value > 9) {
    throw new CoderError(`Logical type "${type.urn}" without a precision of 0 to 9`);
  }
  return atomic.value;
}

interface Conversion {
  decode: (representation: BeamValue) => BeamValue;
  encode: (value: BeamValue) => BeamValue;
}

function represented(representation: ElementCoder, { decode, encode }: Conversion): ElementCoder {
  return {
    endIsKnown: representation.endIsKnown,
    decode: (input, context) => decode(representation.decode(input, context)),
    encode(value, output, context) {
      representation.encode(encode(value), output, context);
    },
  };
}
