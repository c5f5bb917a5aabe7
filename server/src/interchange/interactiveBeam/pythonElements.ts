import { create, toBinary } from '@bufbuild/protobuf';
import { BytesValueSchema } from '@bufbuild/protobuf/wkt';
import { ByteWriter } from '../../beam/coders/byteWriter.js';
import { CoderError } from '../../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../../beam/coders/coderFor.js';
import { coderUrnTree } from '../../beam/coders/coderUrnTree.js';
import { fastPrimitivesCoder } from '../../beam/coders/fastPrimitives.js';
import type { Coder } from '../../beam/proto/beam/pipeline_pb.js';
import { CoderSchema } from '../../beam/proto/beam/pipeline_pb.js';
import { withPickledRows } from './pickledRows.js';

/** `FastPrimitivesCoder()` as the Python SDK writes it into a pipeline: class, `$`, a compressed pickle. */
const fastPrimitivesPayload =
  'FastPrimitivesCoder$eNprYJ2axgABPZKJBYnJGanxSamJuXrJ+SmpRcVQakqPsFticUlAUWZuZklm' +
  'WWqxM0h4yuQpmo1Taqf08MenJebkJCUmZ8eD1U/JYOjhDshMzs5JRVGYVJykBwDOwCqZ';

/** Id, in {@link fastPrimitivesCoders}, of the coder of elements that come from Interactive Beam. */
export const fastPrimitivesCoderId = 'FastPrimitivesCoder';

/** Python's FastPrimitivesCoder as a recording holds its coder. */
export function fastPrimitivesCoders(): Record<string, Coder> {
  const value = new TextEncoder().encode(fastPrimitivesPayload);
  const payload = toBinary(BytesValueSchema, create(BytesValueSchema, { value }));
  const spec = { urn: 'beam:coder:pickled_python:v1', payload };
  return { [fastPrimitivesCoderId]: create(CoderSchema, { spec }) };
}

/**
 * How elements of a coder become bytes of FastPrimitivesCoder: pairs are tuples there, iterables lists, rows pickles of
 * `beam.Row`. Pickles are carried over as they are.
 * @throws Error, from the function it answers, for an element that has no form in FastPrimitivesCoder
 */
export function pythonEncoder(
  coderId: string,
  coders: Record<string, Coder>,
): (element: Uint8Array) => Uint8Array {
  const coder = coderFor(coderId, coders);
  if (coder === fastPrimitivesCoder) return (element) => element;
  return (element) => {
    const output = new ByteWriter();
    try {
      const value = withPickledRows(decodeElement(coder, element));
      fastPrimitivesCoder.encode(value, output, 'outer');
    } catch (error) {
      if (!(error instanceof CoderError)) throw error;
      throw new Error(
        `Elements of ${coderUrnTree(coderId, coders)} have no form in Interactive Beam's cache (${error.message}). ` +
          'The format jsonl has one.',
      );
    }
    return output.bytes.slice();
  };
}
