import type { BeamValue } from './beamValue.js';
import type { ByteReader } from './byteReader.js';
import { ByteWriter } from './byteWriter.js';
import { CoderError } from './coderError.js';
import type { ElementCoder } from './elementCoder.js';
import { expectKind, isKinded, unexpected } from './expectValue.js';
import { bytesCoder, decodeFlag, sameInAllContexts } from './primitiveCoders.js';

/** More elements of no bytes than any iterable has, so that a damaged count cannot fill the memory. */
const maxEmptyElements = 16;

/** Key and value one after the other; the value stands in the pair's own context. */
export function kvCoder(key: ElementCoder, value: ElementCoder): ElementCoder {
  return {
    endIsKnown: value.endIsKnown,
    decode: (input, context) => ({
      kind: 'kv',
      key: key.decode(input, 'nested'),
      value: value.decode(input, context),
    }),
    encode(pair, output, context) {
      const [first, second] = pairOf(pair);
      key.encode(first, output, 'nested');
      value.encode(second, output, context);
    },
  };
}

/** A pair; Python's are tuples of two. */
function pairOf(pair: BeamValue): [key: BeamValue, value: BeamValue] {
  if (isKinded(pair) && pair.kind === 'tuple') {
    const [key, value, ...more] = pair.items;
    if (key !== undefined && value !== undefined && more.length === 0) return [key, value];
  }
  const kv = expectKind(pair, 'kv');
  return [kv.key, kv.value];
}

/** Python's tuples: the last component stands in the tuple's own context. */
export function tupleCoder(components: ElementCoder[]): ElementCoder {
  const last = components.length - 1;
  return {
    endIsKnown: components.at(-1)?.endIsKnown ?? true,
    decode: (input, context) => ({
      kind: 'tuple',
      items: components.map((component, index) =>
        component.decode(input, index === last ? context : 'nested'),
      ),
    }),
    encode(value, output, context) {
      const { items } = expectKind(value, 'tuple');
      if (items.length !== components.length) {
        throw new CoderError(`Expected a tuple of ${components.length}, got ${items.length}`);
      }
      components.forEach((component, index) => {
        component.encode(items[index] ?? null, output, index === last ? context : 'nested');
      });
    },
  };
}

/**
 * A list or iterable: its length and its elements, or, when the length was not known at first, -1 and
 * counted chunks up to an empty one. It is written with its length.
 */
export function iterableCoder(element: ElementCoder): ElementCoder {
  return sameInAllContexts(
    (input) => {
      const offset = input.offset;
      const { items, token } = decodeIterable(input, element);
      if (token) throw new CoderError("An iterable that ends in the runner's state", offset);
      return items;
    },
    (value, output) => {
      if (!Array.isArray(value)) throw unexpected(value, 'a list');
      output.int32(value.length);
      for (const item of value) element.encode(item, output, 'nested');
    },
  );
}

/** An iterable whose end may be in the runner's state: a last chunk of -1 elements, and a token. */
export function stateBackedIterableCoder(element: ElementCoder): ElementCoder {
  const whole = iterableCoder(element);
  return sameInAllContexts(
    (input) => {
      const { items, token } = decodeIterable(input, element);
      return token ? { kind: 'state-backed', items, token } : items;
    },
    (value, output) => {
      if (Array.isArray(value)) {
        whole.encode(value, output, 'nested');
        return;
      }
      const { items, token } = expectKind(value, 'state-backed');
      output.int32(-1);
      if (items.length > 0) output.varint(items.length);
      for (const item of items) element.encode(item, output, 'nested');
      output.varint(-1);
      bytesCoder.encode(token, output, 'nested');
    },
  );
}

function decodeIterable(
  input: ByteReader,
  element: ElementCoder,
): { items: BeamValue[]; token?: Uint8Array } {
  const start = input.offset;
  const length = input.int32();
  if (length < -1) throw new CoderError(`An iterable of ${length} elements`, start);
  if (length >= 0) return { items: decodeElements(input, element, length) };
  const items: BeamValue[] = [];
  for (;;) {
    const offset = input.offset;
    const chunk = input.varint();
    if (chunk === 0n) return { items };
    if (chunk === -1n) return { items, token: input.take(input.length()) };
    if (chunk < 0n) throw new CoderError(`A chunk of ${chunk} elements`, offset);
    for (const item of decodeElements(input, element, Number(chunk))) items.push(item);
  }
}

/** A map as Python's MapCoder and row fields write it. */
export function mapCoder(key: ElementCoder, value: ElementCoder): ElementCoder {
  const entries = iterableCoder(kvCoder(key, value));
  return sameInAllContexts(
    (input) => ({
      kind: 'map',
      entries: (entries.decode(input, 'nested') as BeamValue[]).map((entry) => {
        const kv = expectKind(entry, 'kv');
        return [kv.key, kv.value];
      }),
    }),
    (map, output) => {
      const pairs = expectKind(map, 'map').entries.map(([entryKey, entryValue]): BeamValue => ({
        kind: 'kv',
        key: entryKey,
        value: entryValue,
      }));
      entries.encode(pairs, output, 'nested');
    },
  );
}

/** A byte that tells whether there is a value, and the value in the same context. */
export function nullableCoder(value: ElementCoder): ElementCoder {
  return {
    endIsKnown: value.endIsKnown,
    decode: (input, context) =>
      decodeFlag(input, 'null indicator') ? value.decode(input, context) : null,
    encode(present, output, context) {
      output.byte(present === null ? 0 : 1);
      if (present !== null) value.encode(present, output, context);
    },
  };
}

/** A length, and as many bytes of a value that has them to itself. */
export function lengthPrefixCoder(value: ElementCoder): ElementCoder {
  return sameInAllContexts(
    (input) => decodeWhole(value, input.part(input.length())),
    (prefixed, output) => {
      const inner = new ByteWriter();
      value.encode(prefixed, inner, 'outer');
      bytesCoder.encode(inner.bytes, output, 'nested');
    },
  );
}

/** A shard id and the user's key. */
export function shardedKeyCoder(key: ElementCoder): ElementCoder {
  return sameInAllContexts(
    (input) => ({
      kind: 'sharded key',
      shardId: input.take(input.length()),
      key: key.decode(input, 'nested'),
    }),
    (value, output) => {
      const sharded = expectKind(value, 'sharded key');
      bytesCoder.encode(sharded.shardId, output, 'nested');
      key.encode(sharded.key, output, 'nested');
    },
  );
}

/** Decodes a value that must fill its reader. @throws CoderError if bytes are left. */
export function decodeWhole(coder: ElementCoder, input: ByteReader): BeamValue {
  const value = coder.decode(input, 'outer');
  if (input.remaining > 0) {
    throw new CoderError(`${input.remaining} bytes are left after the value`, input.offset);
  }
  return value;
}

/** Decodes a counted number of nested values. */
function decodeElements(input: ByteReader, element: ElementCoder, count: number): BeamValue[] {
  const start = input.offset;
  const items: BeamValue[] = [];
  for (let index = 0; index < count; index++) {
    items.push(element.decode(input, 'nested'));
    if (index === maxEmptyElements && input.offset === start) {
      throw new CoderError(`${count} elements of no bytes`, start);
    }
  }
  return items;
}
