import { ByteWriter } from '../beam/coders/byteWriter.js';
import { CoderError } from '../beam/coders/coderError.js';
import { coderFor, decodeElement } from '../beam/coders/coderFor.js';
import { coderUrnTree } from '../beam/coders/coderUrnTree.js';
import { fastPrimitivesCoder } from '../beam/coders/fastPrimitives.js';
import type { Coder } from '../beam/proto/beam/pipeline_pb.js';
import type { LogRecord } from '../beam/proto/beam_rewind/recording_pb.js';
import { recordOfElements } from './logRecords.js';
import { elementsOf } from './windowedElements.js';

/**
 * A log of elements that came from Interactive Beam, in the coder of the pipeline that replays it: Interactive Beam writes
 * every element by FastPrimitivesCoder, whatever the pipeline's coder is.
 * @throws Error for an element that the coder cannot encode
 */
export async function* reencoded(
  log: AsyncIterable<LogRecord>,
  coderId: string,
  coders: Record<string, Coder>,
): AsyncGenerator<LogRecord> {
  const coder = coderFor(coderId, coders);
  const encoded = (element: Uint8Array): Uint8Array => {
    if (coder === fastPrimitivesCoder) return element;
    const output = new ByteWriter();
    try {
      coder.encode(decodeElement(fastPrimitivesCoder, element), output, 'outer');
    } catch (error) {
      if (!(error instanceof CoderError)) throw error;
      throw new Error(
        `An element that came from Interactive Beam cannot be encoded by ${coderUrnTree(coderId, coders)}: ${error.message}.`,
      );
    }
    return output.bytes.slice();
  };
  for await (const entry of log) {
    if (entry.record.case === 'elements') {
      const { arrivalMicros, data } = entry.record.value;
      const elements = elementsOf(data).map(({ element, ...rest }) => ({
        ...rest,
        element: encoded(element),
      }));
      yield { ...entry, record: recordOfElements(arrivalMicros, elements) };
    } else yield entry;
  }
}
