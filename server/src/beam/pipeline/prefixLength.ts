import type { Components, PCollection } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';
import { addLengthPrefix, recordedCoder } from './recordedCoder.js';

/**
 * Makes a PCollection's elements arrive length-prefixed, whatever their coder: they can be stored
 * without being understood. A flatten copies bytes, so what goes into it must be encoded alike.
 */
export function prefixLength(components: Components, pcollectionId: string): void {
  const pcollection = pcollectionOf(components, pcollectionId);
  const recorded = recordedCoder(components, pcollection.coderId);
  pcollection.coderId = addLengthPrefix(components.coders, recorded);
  for (const transform of Object.values(components.transforms)) {
    if (transform.spec?.urn !== urns.flatten) continue;
    if (!Object.values(transform.outputs).includes(pcollectionId)) continue;
    for (const input of Object.values(transform.inputs)) prefixLength(components, input);
  }
}

/** @throws if the pipeline refers to a PCollection it does not contain */
export function pcollectionOf(components: Components, id: string): PCollection {
  const pcollection = components.pcollections[id];
  if (!pcollection) {
    throw new Error(`The pipeline refers to PCollection "${id}", which it does not contain.`);
  }
  return pcollection;
}
