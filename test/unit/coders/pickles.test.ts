import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { CoderError } from '../../../server/src/beam/coders/coderError.js';
import { decodeElement } from '../../../server/src/beam/coders/coderFor.js';
import { describePickle } from '../../../server/src/beam/coders/describePickle.js';
import { readPickle } from '../../../server/src/beam/coders/readPickle.js';
import { coderOf, encode, fromHex } from './coderSpec.js';
import { fastPrimitivesSpec, pickledMapSpec, pickledSpec } from './everyCoder.js';

/** An object of the class shop.orders.Order, pickled by each protocol. */
const orders = [
  'Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnAwCihjc2hvcC5vcmRlcnMKT3JkZXIKcDEKY19fYnVpbHRpbl9fCm9iamVjdApwMgpOdHAzClJwNAooZHA1ClZ4CnA2CkkxCnNiLg==',
  'Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnEAKGNzaG9wLm9yZGVycwpPcmRlcgpxAWNfX2J1aWx0aW5fXwpvYmplY3QKcQJOdHEDUnEEfXEFWAEAAAB4cQZLAXNiLg==',
  'gAJjc2hvcC5vcmRlcnMKT3JkZXIKcQApgXEBfXECWAEAAAB4cQNLAXNiLg==',
  'gANjc2hvcC5vcmRlcnMKT3JkZXIKcQApgXEBfXECWAEAAAB4cQNLAXNiLg==',
  'gASVJgAAAAAAAACMC3Nob3Aub3JkZXJzlIwFT3JkZXKUk5QpgZR9lIwBeJRLAXNiLg==',
  'gAWVJgAAAAAAAACMC3Nob3Aub3JkZXJzlIwFT3JkZXKUk5QpgZR9lIwBeJRLAXNiLg==',
].map((base64) => new Uint8Array(Buffer.from(base64, 'base64')));

describe('describePickle', () => {
  for (const [protocol, pickle] of orders.entries()) {
    it(`names the class of an object, protocol ${protocol}`, () => {
      assert.deepEqual(describePickle(pickle), { typeName: 'shop.orders.Order' });
    });
  }

  for (const [name, ...pickles] of [
    ['None', 'gAROLg==', 'Ti4='],
    ['bool', 'gASILg==', 'STAxCi4='],
    ['int', 'gARLBS4=', 'STUKLg==', 'gASVDAAAAAAAAACKCQAAAAAAAAAAQC4='],
    ['float', 'gASVCgAAAAAAAABHP/gAAAAAAAAu', 'RjEuNQou'],
    ['str', 'gASVBQAAAAAAAACMAXiULg==', 'VngKcDAKLg=='],
    ['bytes', 'gASVBQAAAAAAAABDAXiULg=='],
    ['list', 'gASVBgAAAAAAAABdlEsBYS4=', 'KGxwMApJMQphLg=='],
    ['tuple', 'gASVDAAAAAAAAAAoSwFLAksDSwR0lC4=', 'KEkxCkkyCkkzCkk0CnRwMAou'],
    ['dict', 'gASVCAAAAAAAAAB9lEsBSwJzLg==', 'KGRwMApJMQpJMgpzLg=='],
    ['set', 'gASVBwAAAAAAAACPlChLAZAu'],
    ['shop.orders.Order', 'gASVGQAAAAAAAACMC3Nob3Aub3JkZXJzlIwFT3JkZXKUk5Qu'],
    [
      'Mine', // a class of the main program, which cloudpickle writes out
      'gAWVPAEAAAAAAACMLGFwYWNoZV9iZWFtLmludGVybmFsLmNsb3VkcGlja2xlLmNsb3VkcGlja2xllIwUX21ha2Vfc2tlbGV0b25fY2xhc3OUk5QojAhidWlsdGluc5SMBHR5cGWUk5SMBE1pbmWUaAOMBm9iamVjdJSTlIWUfZSMCl9fbW9kdWxlX1+UjAhfX21haW5fX5RzjCA1NjIwZmFiNjIyZjE0MzE1YjNiYzg1ZjMwYTcxOTg2ZZROdJRSlIwJZnVuY3Rvb2xzlIwHcGFydGlhbJSTlGgAjA9fY2xhc3Nfc2V0c3RhdGWUk5SFlFKUKGgUKX2UjB1za2lwX3Jlc2V0X2R5bmFtaWNfdHlwZV9zdGF0ZZSJc050lGJoD32UKIwHX19kb2NfX5ROjApfX21vZHVsZV9flGgMdX2UhpSGUjAu',
    ],
  ] as const) {
    it(`tells ${name}`, () => {
      for (const base64 of pickles) {
        assert.deepEqual(describePickle(Buffer.from(base64, 'base64')), { typeName: name });
      }
    });
  }

  it('says nothing of what is not a pickle', () => {
    for (const hex of ['', '2e', '4e', '28', '304e2e', 'fe', '52', '8c05', '8b7fffffff', '6705']) {
      assert.deepEqual(describePickle(fromHex(hex)), {});
    }
  });

  it('is not led into depth or loops', () => {
    const calls = Buffer.concat([
      Buffer.from('cm\nn\n'),
      Buffer.from(')R'.repeat(100_000)),
      Buffer.from('.'),
    ]);
    assert.deepEqual(describePickle(calls), {});
    const loop = Buffer.from(']q\0h\0a.', 'latin1'); // a list that contains itself
    assert.deepEqual(describePickle(loop), { typeName: 'list' });
  });

  it('reads or refuses any bytes', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...orders), fc.nat(), fc.nat(255))
      .map(([pickle, at, byte]) => pickle.with(at % pickle.length, byte));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), damaged), (bytes) => {
        try {
          readPickle(bytes);
        } catch (error) {
          assert.ok(error instanceof CoderError, String(error));
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("Python's pickled coders", () => {
  it("are recognised if they are Beam's", () => {
    assert.equal(decodeElement(coderOf(fastPrimitivesSpec), fromHex('01 05')), 5n);
    assert.deepEqual(decodeElement(coderOf(pickledMapSpec), fromHex('00000001 01 61 01 01 78')), {
      kind: 'map',
      entries: [['a', fromHex('78')]],
    });
  });

  it('are opaque if only their name is that of one', () => {
    // What comes before the dollar is the name alone, which a user's coder may have, too.
    for (const module of ['shop.coders', 'apache_bean.coders.coders']) {
      const pickle = compressed(`c${module}\nFastPrimitivesCoder\n)\x81.`);
      const coder = coderOf(pickledSpec(`FastPrimitivesCoder$${pickle}`));
      assert.deepEqual(decodeElement(coder, fromHex('01 05')), {
        kind: 'opaque',
        coder: 'beam:coder:pickled_python:v1',
        coderClass: `${module}.FastPrimitivesCoder`,
        bytes: fromHex('01 05'),
      });
    }
  });

  it('are opaque if they cannot be read', () => {
    const opaque = { kind: 'opaque', coder: 'beam:coder:pickled_python:v1', bytes: fromHex('01') };
    for (const payload of ['', 'FastPrimitivesCoder$', 'FastPrimitivesCoder$AAAA', 'nonsense']) {
      assert.deepEqual(decodeElement(coderOf(pickledSpec(payload)), fromHex('01')), opaque);
    }
    const pickle = Buffer.from('capache_beam.coders.coders\nVarIntCoder\n)\x81.', 'latin1');
    const huge = deflateSync(Buffer.concat([pickle, Buffer.alloc(2_000_000)])).toString('base64');
    assert.deepEqual(decodeElement(coderOf(pickledSpec(`X$${huge}`)), fromHex('01')), opaque);
  });

  it('nested deeper than any are opaque', () => {
    let inner = 'capache_beam.coders.coders\nVarIntCoder\n)\x81';
    for (let depth = 0; depth < 60; depth++) {
      inner = `capache_beam.coders.coders\nListCoder\n)\x81}X\x0b\0\0\0_elem_coder${inner}sb`;
    }
    const value = decodeElement(
      coderOf(pickledSpec(`ListCoder$${compressed(`${inner}.`)}`)),
      fromHex('00000000'),
    );
    assert.ok(
      typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'opaque',
    );
  });
});

describe('FastPrimitivesCoder', () => {
  const coder = coderOf(fastPrimitivesSpec);

  it('refuses unknown type tags and values nested without end', () => {
    assert.throws(() => decodeElement(coder, fromHex('05 01 63')), {
      message: 'Unknown type tag 99 of FastPrimitivesCoder (at byte 2)',
    });
    const deep = new Uint8Array(200_000).map((_, index) => (index % 2 === 0 ? 5 : 1));
    assert.throws(() => decodeElement(coder, deep), /nested deeper than 500/);
    assert.throws(() => decodeElement(coder, fromHex('05 ffffffff07 00')), /1 bytes are left/);
  });

  it('refuses values that Python has not', () => {
    assert.throws(() => encode(coder, { kind: 'date', days: 1n }, 'outer'), {
      message: 'Expected a Python value, got date',
    });
    assert.throws(() => encode(coder, 1n << 63n, 'outer'), CoderError);
  });
});

function compressed(pickle: string): string {
  return deflateSync(Buffer.from(pickle, 'latin1')).toString('base64');
}
