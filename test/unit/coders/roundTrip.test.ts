import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ByteReader } from '../../../server/src/beam/coders/byteReader.js';
import { CoderError } from '../../../server/src/beam/coders/coderError.js';
import { formatValue } from '../../../server/src/beam/coders/formatValue.js';
import { toJson } from '../../../server/src/beam/coders/toJson.js';
import { coderOf, decode, encode, fromHex } from './coderSpec.js';
import { everyCoder } from './everyCoder.js';

const contexts = fc.constantFrom('nested' as const, 'outer' as const);

describe('every coder', () => {
  for (const { name, spec, values } of everyCoder) {
    const coder = coderOf(spec);

    it(`decodes what it encoded: ${name}`, () => {
      fc.assert(
        fc.property(values, contexts, (value, context) => {
          assert.deepEqual(decode(coder, fromHex(encode(coder, value, context)), context), value);
        }),
      );
    });

    it(`finds the end of a nested value: ${name}`, () => {
      fc.assert(
        fc.property(values, fc.uint8Array({ minLength: 1, maxLength: 5 }), (value, rest) => {
          const encoded = fromHex(encode(coder, value, 'nested'));
          const input = new ByteReader(Buffer.concat([encoded, rest]));
          coder.decode(input, 'nested');
          assert.equal(input.offset, encoded.length);
        }),
      );
    });

    it(`shows its values on one line and as JSON: ${name}`, () => {
      fc.assert(
        fc.property(values, (value) => {
          assert.match(formatValue(value, 80), /^[^\n\r]{1,80}$/);
          JSON.stringify(toJson(value));
        }),
      );
    });

    it(`decodes or refuses any bytes: ${name}`, () => {
      const damaged = fc
        .tuple(values, contexts, fc.infiniteStream(fc.nat()))
        .map(([value, context, numbers]) => {
          const bytes = fromHex(encode(coder, value, context));
          for (let change = 0; change < 3 && bytes.length > 0; change++) {
            bytes[(numbers.next().value as number) % bytes.length] = numbers.next().value as number;
          }
          return bytes;
        });
      fc.assert(
        fc.property(
          fc.oneof(fc.uint8Array({ maxLength: 100 }), damaged),
          contexts,
          (bytes, context) => {
            try {
              const value = coder.decode(new ByteReader(bytes), context);
              formatValue(value);
              JSON.stringify(toJson(value));
            } catch (error) {
              assert.ok(error instanceof CoderError, String(error));
            }
          },
        ),
        { numRuns: 200 },
      );
    });
  }
});
