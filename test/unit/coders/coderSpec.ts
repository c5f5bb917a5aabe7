import { create } from '@bufbuild/protobuf';
import { coderFor } from '../../../server/src/beam/coders/coderFor.js';
import { ByteReader } from '../../../server/src/beam/coders/byteReader.js';
import { ByteWriter } from '../../../server/src/beam/coders/byteWriter.js';
import type { BeamValue } from '../../../server/src/beam/coders/beamValue.js';
import type { CoderContext, ElementCoder } from '../../../server/src/beam/coders/elementCoder.js';
import type { Coder } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { CoderSchema } from '../../../server/src/beam/proto/beam/pipeline_pb.js';

/** A coder written as a tree. */
export interface CoderSpec {
  urn: string;
  payload?: Uint8Array;
  components?: CoderSpec[];
}

/** `spec('kv', spec('bytes'), spec('varint'))` for Beam's own coders of version 1. */
export function spec(name: string, ...components: CoderSpec[]): CoderSpec {
  return { urn: name.includes(':') ? name : `beam:coder:${name}:v1`, components };
}

/** The tree as a pipeline holds it. */
export function toCoders(root: CoderSpec): { coderId: string; coders: Record<string, Coder> } {
  const coders: Record<string, Coder> = {};
  const add = ({ urn, payload, components = [] }: CoderSpec): string => {
    const componentCoderIds = components.map(add);
    const id = `c${Object.keys(coders).length}`;
    coders[id] = create(CoderSchema, {
      spec: { urn, payload: payload ?? new Uint8Array() },
      componentCoderIds,
    });
    return id;
  };
  return { coderId: add(root), coders };
}

export function coderOf(root: CoderSpec): ElementCoder {
  const { coderId, coders } = toCoders(root);
  return coderFor(coderId, coders);
}

/** Decodes bytes that must be used up. */
export function decode(coder: ElementCoder, bytes: Uint8Array, context: CoderContext): BeamValue {
  const input = new ByteReader(bytes);
  const value = coder.decode(input, context);
  if (input.remaining > 0) throw new Error(`${input.remaining} bytes left`);
  return value;
}

/** The encoded value, as hex. */
export function encode(coder: ElementCoder, value: BeamValue, context: CoderContext): string {
  const output = new ByteWriter();
  coder.encode(value, output, context);
  return Buffer.from(output.bytes).toString('hex');
}

export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
