import type { Components, Pipeline, PTransform } from '../proto/beam/pipeline_pb.js';
import { IsBounded_Enum } from '../proto/beam/pipeline_pb.js';
import { urns } from '../urns.js';

/** A place where data enters a pipeline: the transform whose outputs are recorded and replayed. */
export interface UnboundedSource {
  transformId: string;
  uniqueName: string;
  outputs: SourceOutput[];
}

export interface SourceOutput {
  /** Local name of the output in the transform. */
  tag: string;
  pcollectionId: string;
}

/** The pipeline's transform of that id. @throws if the pipeline refers to a transform it does not contain. */
export function transformOf(components: Components, id: string): PTransform {
  const transform = components.transforms[id];
  if (!transform) {
    throw new Error(`The pipeline refers to transform "${id}", which it does not contain.`);
  }
  return transform;
}

/**
 * Finds the unbounded frontier: the outermost transforms that have unbounded outputs and no unbounded
 * input. A composite whose outputs are windowed or triggered is entered, since a test stream can only
 * emit into the global window; and one that only groups transforms of Beam YAML, of which each is the author's.
 * @param isSource tells by its unique name a transform that is known to be a source: a composite that is none, and
 *   holds one, is entered. A scope of the Go SDK may hold a whole pipeline.
 */
export function unboundedSources(
  pipeline: Pipeline,
  isSource: (uniqueName: string) => boolean = () => false,
): UnboundedSource[] {
  const { components } = pipeline;
  if (!components) return [];
  const sources: UnboundedSource[] = [];
  const visit = (id: string): void => {
    const transform = transformOf(components, id);
    if (transform.spec?.urn === urns.testStream) return;
    const unbounded = unboundedOutputs(components, transform);
    const isFrontier =
      unbounded.length > 0 &&
      !Object.values(transform.inputs).some((pcollection) => isUnbounded(components, pcollection));
    if (
      isFrontier &&
      unbounded.every(({ pcollectionId }) => isGlobal(components, pcollectionId)) &&
      !isYamlGroup(components, transform) &&
      (isSource(transform.uniqueName) || !holdsSource(components, transform, isSource))
    ) {
      sources.push({
        transformId: id,
        uniqueName: transform.uniqueName,
        outputs: unbounded,
      });
    } else if (isFrontier && transform.subtransforms.length === 0) {
      throw new Error(
        `The unbounded source "${transform.uniqueName}" puts its elements into windows itself, ` +
          'which a test stream cannot repeat. Move the windowing into a transform after the source.',
      );
    } else {
      transform.subtransforms.forEach(visit);
    }
  };
  pipeline.rootTransformIds.forEach(visit);
  return sources;
}

/**
 * Transforms that read bounded data: all outputs bounded and in the global window, and no input. A composite
 * comes before what is in it, which reads the same data; the caller chooses.
 */
export function boundedSources(pipeline: Pipeline): UnboundedSource[] {
  const { components } = pipeline;
  if (!components) return [];
  const sources: UnboundedSource[] = [];
  const visit = (id: string): void => {
    const { spec, inputs, outputs, subtransforms, uniqueName } = transformOf(components, id);
    if (spec?.urn === urns.testStream || spec?.urn === urns.impulse) return;
    const all = Object.entries(outputs);
    const isBoundedRead =
      all.length > 0 &&
      Object.keys(inputs).length === 0 &&
      all.every(([, output]) => !isUnbounded(components, output) && isGlobal(components, output));
    if (isBoundedRead) {
      const named = all.map(([tag, pcollectionId]) => ({ tag, pcollectionId }));
      sources.push({ transformId: id, uniqueName, outputs: named });
    }
    subtransforms.forEach(visit);
  };
  pipeline.rootTransformIds.forEach(visit);
  return sources;
}

/**
 * Its unbounded outputs. The Go SDK lists some of a composite's that never leave it, and names them all after their
 * PCollections, which are numbered anew when the program is edited: these are named after what makes them.
 */
function unboundedOutputs(components: Components, transform: PTransform): SourceOutput[] {
  const unbounded = Object.entries(transform.outputs).filter(([, id]) =>
    isUnbounded(components, id),
  );
  const named = unbounded.map(([tag, pcollectionId]) => ({ tag, pcollectionId }));
  if (!unbounded.some(([tag, id]) => tag === id)) return named;
  const inner = partsOf(components, transform);
  const readers = Object.values(components.transforms).filter(
    ({ subtransforms }) => subtransforms.length === 0,
  );
  return named
    .filter(({ pcollectionId }) => {
      const own = readers.filter(({ inputs }) => Object.values(inputs).includes(pcollectionId));
      return own.length === 0 || own.some((reader) => !inner.includes(reader));
    })
    .map((output) => ({ ...output, tag: makerOf(inner, output) }));
}

/** The leaf that makes an output, with the leaf's name of it. */
function makerOf(parts: PTransform[], { tag, pcollectionId }: SourceOutput): string {
  for (const { uniqueName, outputs, subtransforms } of parts) {
    if (subtransforms.length > 0) continue;
    const own = Object.entries(outputs).find(([, id]) => id === pcollectionId);
    if (own) return `${uniqueName}.${own[0]}`;
  }
  return tag;
}

function holdsSource(
  components: Components,
  transform: PTransform,
  isSource: (uniqueName: string) => boolean,
): boolean {
  return partsOf(components, transform).some(
    ({ uniqueName, outputs }) =>
      isSource(uniqueName) && Object.values(outputs).some((id) => isUnbounded(components, id)),
  );
}

/** What is in a composite, at any depth. */
function partsOf(components: Components, { subtransforms }: PTransform): PTransform[] {
  return subtransforms.flatMap((id) => {
    const part = transformOf(components, id);
    return [part, ...partsOf(components, part)];
  });
}

/** `composite` or `chain`: Beam YAML annotates what is in them with its type, and not them. */
function isYamlGroup(components: Components, { annotations, subtransforms }: PTransform): boolean {
  return (
    !(yamlType in annotations) &&
    subtransforms.some((id) => {
      const inner = transformOf(components, id);
      return yamlType in inner.annotations || isYamlGroup(components, inner);
    })
  );
}

const yamlType = 'yaml_type';

function isUnbounded(components: Components, pcollectionId: string): boolean {
  return components.pcollections[pcollectionId]?.isBounded === IsBounded_Enum.UNBOUNDED;
}

function isGlobal(components: Components, pcollectionId: string): boolean {
  const strategyId = components.pcollections[pcollectionId]?.windowingStrategyId ?? '';
  const strategy = components.windowingStrategies[strategyId];
  return strategy?.windowFn?.urn === urns.globalWindows && strategy.trigger?.default !== undefined;
}
