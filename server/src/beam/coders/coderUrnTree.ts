import { coderOf } from '../pipeline/recordedCoder.js';
import type { Coder } from '../proto/beam/pipeline_pb.js';

/** Coders are nested a few levels deep; one that contains itself has no end. */
const maxDepth = 100;

/**
 * A coder and its components by URN, e.g. `beam:coder:kv:v1<beam:coder:bytes:v1,beam:coder:varint:v1>`.
 * @throws Error if a coder is missing, or contains itself.
 */
export function coderUrnTree(coderId: string, coders: Record<string, Coder>): string {
  return urnTreeAt(coderId, coders, 0);
}

function urnTreeAt(coderId: string, coders: Record<string, Coder>, depth: number): string {
  const { spec, componentCoderIds } = coderAtDepth(coderId, coders, depth);
  const components = componentCoderIds.map((id) => urnTreeAt(id, coders, depth + 1));
  const urn = spec?.urn ?? '';
  return components.length > 0 ? `${urn}<${components.join(',')}>` : urn;
}

/** A coder that stands so many levels below another. @throws Error as above. */
export function coderAtDepth(coderId: string, coders: Record<string, Coder>, depth: number): Coder {
  if (depth > maxDepth) throw new Error(`Coder "${coderId}" contains itself.`);
  return coderOf(coders, coderId);
}
