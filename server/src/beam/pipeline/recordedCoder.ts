import { create } from '@bufbuild/protobuf';
import type { Coder, Components } from '../proto/beam/pipeline_pb.js';
import { CoderSchema } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';

/** The coder of that id. @throws if the pipeline refers to a coder it does not contain. */
export function coderOf(coders: Record<string, Coder>, id: string): Coder {
  const coder = coders[id];
  if (!coder) throw new Error(`The pipeline refers to coder "${id}", which it does not contain.`);
  return coder;
}

/** Adds a coder and answers its id, the same id for the same content. */
export function addCoder(
  coders: Record<string, Coder>,
  urn: string,
  componentCoderIds: string[],
): string {
  const id = `beam-rewind:${urn}(${componentCoderIds.join(',')})`;
  coders[id] ??= create(CoderSchema, { spec: { urn }, componentCoderIds });
  return id;
}

/**
 * Adds the length-prefixed form of a coder. It wraps a copy: Prism takes a coder that it has once seen
 * inside of a length prefix for one it need not prefix elsewhere.
 */
export function addLengthPrefix(coders: Record<string, Coder>, coderId: string): string {
  const copy = `beam-rewind:copy(${coderId})`;
  coders[copy] = coderOf(coders, coderId);
  return addCoder(coders, urns.lengthPrefixCoder, [copy]);
}

/**
 * The coder in which elements of a coder are recorded and replayed. Keys and values of a KV become
 * length-prefixed, so that the bytes mean the same in every context (Beam encodes the last component of
 * a pair differently inside and outside of a container) and a runner can find a key it does not
 * understand. All other coders stay as they are.
 */
export function recordedCoder(components: Components, coderId: string): string {
  const coder = coderOf(components.coders, coderId);
  if (coder.spec?.urn !== urns.kvCoder) return coderId;
  const prefixed = coder.componentCoderIds.map((component) =>
    coderOf(components.coders, component).spec?.urn === urns.lengthPrefixCoder
      ? component
      : addLengthPrefix(components.coders, component),
  );
  return addCoder(components.coders, urns.kvCoder, prefixed);
}

/** A coder and all its components, by id: enough to decode the elements later. */
export function coderClosure(coders: Record<string, Coder>, id: string): Record<string, Coder> {
  const closure: Record<string, Coder> = {};
  const visit = (current: string): void => {
    if (current in closure) return;
    const coder = coderOf(coders, current);
    closure[current] = coder;
    coder.componentCoderIds.forEach(visit);
  };
  visit(id);
  return closure;
}
