import assert from 'node:assert/strict';
import { create } from '@bufbuild/protobuf';
import { CoderError } from '../../../server/src/beam/coders/coderError.js';
import { coderFor, decodeElement } from '../../../server/src/beam/coders/coderFor.js';
import { coderUrnTree } from '../../../server/src/beam/coders/coderUrnTree.js';
import { CoderSchema } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { coderOf, decode, fromHex, spec, toCoders, utf8 } from './coderSpec.js';

const own = spec('beam:coders:javasdk:0.1');

describe('coderFor', () => {
  it('tells the contexts apart', () => {
    const pair = spec('kv', spec('bytes'), spec('bytes'));
    const value = { kind: 'kv', key: utf8('ab'), value: utf8('cd') };
    assert.deepEqual(decode(coderOf(pair), fromHex('02 6162 6364'), 'outer'), value);
    assert.deepEqual(decode(coderOf(pair), fromHex('02 6162 02 6364'), 'nested'), value);
    assert.deepEqual(
      decode(coderOf(spec('length_prefix', pair)), fromHex('05 02 6162 6364'), 'nested'),
      value,
    );
  });

  it('makes an opaque value of a coder that only its SDK knows', () => {
    assert.deepEqual(decodeElement(coderOf(own), fromHex('0102')), {
      kind: 'opaque',
      coder: 'beam:coders:javasdk:0.1',
      bytes: fromHex('0102'),
    });
  });

  it('decodes what is around an opaque value if its end is known', () => {
    const value = { kind: 'opaque', coder: own.urn, bytes: fromHex('0102') };
    assert.deepEqual(decodeElement(coderOf(spec('kv', spec('varint'), own)), fromHex('05 0102')), {
      kind: 'kv',
      key: 5n,
      value,
    });
    const prefixed = spec('kv', spec('length_prefix', own), spec('varint'));
    assert.deepEqual(decodeElement(coderOf(prefixed), fromHex('02 0102 05')), {
      kind: 'kv',
      key: value,
      value: 5n,
    });
  });

  it('makes all of a value opaque if the end of a part cannot be found', () => {
    for (const [whole, coder] of [
      [spec('kv', own, spec('varint')), `beam:coder:kv:v1<${own.urn},beam:coder:varint:v1>`],
      [spec('iterable', own), `beam:coder:iterable:v1<${own.urn}>`],
      [spec('iterable', spec('kv', spec('varint'), own)), undefined],
      [spec('tuple', spec('varint'), own, spec('varint')), undefined],
      [spec('nullable', spec('sharded_key', own)), undefined],
      [spec('windowed_value', spec('varint'), own), undefined],
    ] as const) {
      const decoded = decodeElement(coderOf(whole), fromHex('01 0102'));
      assert.ok(JSON.stringify(decoded).includes('opaque'), coderUrnTreeOf(whole));
      if (coder) assert.deepEqual(decoded, { kind: 'opaque', coder, bytes: fromHex('01 0102') });
    }
  });

  it('refuses bytes that are left over', () => {
    assert.throws(() => decodeElement(coderOf(spec('varint')), fromHex('05 06')), {
      message: '1 bytes are left after the value (at byte 1)',
    });
    const prefixed = coderOf(spec('length_prefix', spec('varint')));
    assert.throws(() => decodeElement(prefixed, fromHex('02 05 06')), CoderError);
  });

  it('counts the bytes of an error from the start of the element', () => {
    const pair = coderOf(spec('kv', spec('bytes'), spec('length_prefix', spec('bool'))));
    assert.throws(() => decodeElement(pair, fromHex('02 6162 01 07')), {
      message: 'Expected 0 or 1 for a boolean, got 7 (at byte 4)',
    });
  });

  it('refuses an iterable that claims elements without bytes', () => {
    const windows = coderOf(spec('iterable', spec('global_window')));
    assert.throws(() => decodeElement(windows, fromHex('7fffffff')), /2147483647 elements/);
  });

  it('refuses coders that do not fit together', () => {
    assert.throws(() => coderFor('none', {}), /"none"/);
    assert.throws(() => coderOf(spec('kv', spec('bytes'))), /1 components, but its URN has 2/);
    const loop = create(CoderSchema, {
      spec: { urn: 'beam:coder:nullable:v1' },
      componentCoderIds: ['a'],
    });
    assert.throws(() => coderFor('a', { a: loop }), /"a" contains itself/);
    assert.throws(() => coderUrnTree('a', { a: loop }), /"a" contains itself/);
  });
});

describe('coderUrnTree', () => {
  it('names a coder with its components', () => {
    assert.equal(
      coderUrnTreeOf(spec('kv', spec('bytes'), spec('iterable', spec('varint')))),
      'beam:coder:kv:v1<beam:coder:bytes:v1,beam:coder:iterable:v1<beam:coder:varint:v1>>',
    );
  });
});

function coderUrnTreeOf(root: Parameters<typeof toCoders>[0]): string {
  const { coderId, coders } = toCoders(root);
  return coderUrnTree(coderId, coders);
}
