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
 */
export function unboundedSources(pipeline: Pipeline): UnboundedSource[] {
  const { components } = pipeline;
  if (!components) return [];
  const sources: UnboundedSource[] = [];
  const visit = (id: string): void => {
    const transform = transformOf(components, id);
    if (transform.spec?.urn === urns.testStream) return;
    const unbounded = Object.entries(transform.outputs).filter(([, pcollection]) =>
      isUnbounded(components, pcollection),
    );
    const isFrontier =
      unbounded.length > 0 &&
      !Object.values(transform.inputs).some((pcollection) => isUnbounded(components, pcollection));
    if (
      isFrontier &&
      unbounded.every(([, pcollection]) => isGlobal(components, pcollection)) &&
      !isYamlGroup(components, transform)
    ) {
      sources.push({
        transformId: id,
        uniqueName: transform.uniqueName,
        outputs: unbounded.map(([tag, pcollectionId]) => ({ tag, pcollectionId })),
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
