import assert from 'node:assert/strict';
import { create, toBinary } from '@bufbuild/protobuf';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import { decodeElement } from '../../../server/src/beam/coders/coderFor.js';
import {
  AtomicType,
  SchemaCoderPayloadSchema,
  SchemaSchema,
} from '../../../server/src/beam/proto/beam/schema_pb.js';
import type { CoderSpec } from './coderSpec.js';
import { coderOf, decode, encode, fromHex } from './coderSpec.js';
import { atomic, fieldType, rowSpec } from './everyCoder.js';

const ab = rowSpec({ a: atomic(AtomicType.INT64), b: atomic(AtomicType.STRING, true) });

function row(fields: Record<string, BeamValue>): BeamValue {
  return { kind: 'row', fields: Object.entries(fields) };
}

describe('the row coder', () => {
  it('reads the null bitmap, also a short one', () => {
    const names = Array.from('abcdefghi');
    const nine = rowSpec(
      Object.fromEntries(names.map((name) => [name, atomic(AtomicType.INT64, true)])),
    );
    const nulls = Object.fromEntries(names.map((name) => [name, null]));
    const bytes = fromHex('09 02 ff01');
    assert.deepEqual(decodeElement(coderOf(nine), bytes), row(nulls));
    // Java leaves out the last bytes if they are zero.
    const withI = fromHex('09 01 ff 05');
    assert.deepEqual(decodeElement(coderOf(nine), withI), row({ ...nulls, i: 5n }));
  });

  it('fills up fields that a later schema added', () => {
    assert.deepEqual(decodeElement(coderOf(ab), fromHex('01 00 05')), row({ a: 5n, b: null }));
  });

  it('leaves out fields that a later schema dropped, where nothing follows', () => {
    const bytes = fromHex('03 00 05 01 78 63');
    assert.deepEqual(decodeElement(coderOf(ab), bytes), row({ a: 5n, b: 'x' }));
    assert.throws(() => decode(coderOf(ab), bytes, 'nested'), /3 fields, but the schema has 2/);
  });

  it('refuses to write null where none may be', () => {
    assert.throws(
      () => encode(coderOf(ab), row({ a: null, b: 'x' }), 'outer'),
      /"a" must not be null/,
    );
  });

  it('counts the bits of the bitmap as Python or as Java, as far as that can be told', () => {
    const schema = create(SchemaSchema, {
      encodingPositionsSet: true,
      fields: [
        { name: 'a', type: atomic(AtomicType.INT64, true), encodingPosition: 1 },
        { name: 'b', type: atomic(AtomicType.INT64), encodingPosition: 0 },
      ],
    });
    const coder = coderOf({ urn: 'beam:coder:row:v1', payload: toBinary(SchemaSchema, schema) });
    const value = row({ a: null, b: 5n });
    assert.deepEqual(decodeElement(coder, fromHex('02 01 01 05')), value);
    assert.deepEqual(decodeElement(coder, fromHex('02 01 02 05')), value);
    assert.equal(encode(coder, value, 'outer'), '02010105');
  });

  it('reads rows of a static encoding, which have no header', () => {
    const schema = create(SchemaSchema, {
      fields: [{ name: 'a', type: atomic(AtomicType.INT64) }],
      options: [
        {
          name: 'beam:option:row:static_encoding',
          value: {
            fieldValue: {
              case: 'atomicValue',
              value: { value: { case: 'boolean', value: true } },
            },
          },
        },
      ],
    });
    const coder = coderOf({ urn: 'beam:coder:row:v1', payload: toBinary(SchemaSchema, schema) });
    assert.deepEqual(decodeElement(coder, fromHex('05')), row({ a: 5n }));
    assert.equal(encode(coder, row({ a: 5n }), 'outer'), '05');
  });

  it('reads the rows of schema coders', () => {
    const schema = create(SchemaSchema, {
      fields: [{ name: 'a', type: atomic(AtomicType.INT64) }],
    });
    const payload = toBinary(
      SchemaCoderPayloadSchema,
      create(SchemaCoderPayloadSchema, { schema }),
    );
    const coder = coderOf({ urn: 'beam:coder:schema:v1', payload });
    assert.deepEqual(decodeElement(coder, fromHex('01 00 05')), row({ a: 5n }));
  });

  it('reads a parameterized timestamp by its precision', () => {
    const coder = coderOf(timestampSpec(9));
    const value = row({ at: { kind: 'timestamp', units: -1n, precision: 9 } });
    const bytes = encode(coder, value, 'outer');
    assert.equal(bytes, '01000200ffffffffffffffffff01ff93ebdc03');
    assert.deepEqual(decodeElement(coder, fromHex(bytes)), value);
  });

  it('is opaque for a schema that cannot be read', () => {
    const own = fieldType({ case: 'logicalType', value: { urn: 'own:type' } });
    for (const unreadable of [
      { urn: 'beam:coder:row:v1', payload: fromHex('ffff') },
      rowSpec({ a: own }),
      rowSpec({ a: atomic(AtomicType.UNSPECIFIED) }),
      rowSpec({ a: {} }),
      timestampSpec(10),
    ]) {
      const value = { kind: 'opaque', coder: 'beam:coder:row:v1', bytes: fromHex('0100') };
      assert.deepEqual(decodeElement(coderOf(unreadable), fromHex('0100')), value);
    }
  });
});

function timestampSpec(precision: number): CoderSpec {
  const seconds = { name: 'seconds', type: atomic(AtomicType.INT64) };
  const subseconds = { name: 'subseconds', type: atomic(AtomicType.INT32) };
  const representation = fieldType({
    case: 'rowType',
    value: { schema: { fields: [seconds, subseconds] } },
  });
  const argument = {
    fieldValue: {
      case: 'atomicValue' as const,
      value: { value: { case: 'int32' as const, value: precision } },
    },
  };
  const type = fieldType({
    case: 'logicalType',
    value: { urn: 'beam:logical_type:timestamp:v1', representation, argument },
  });
  return rowSpec({ at: type });
}
