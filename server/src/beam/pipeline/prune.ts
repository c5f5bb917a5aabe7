import type { Components, Pipeline, PTransform } from '../proto/beam/pipeline_pb.js';
import { transformOf } from './unboundedSources.js';

/**
 * Removes every transform that is not in or below the roots, and the PCollections, windowing strategies
 * and environments nothing uses any more: a runner validates, or starts, what it finds. Coders stay;
 * they cost nothing and payloads we do not read may refer to them.
 */
export function prune(pipeline: Pipeline): void {
  const { components } = pipeline;
  if (!components) return;
  const transforms = new Set<string>();
  const visit = (id: string): void => {
    if (transforms.has(id)) return;
    transforms.add(id);
    transformOf(components, id).subtransforms.forEach(visit);
  };
  pipeline.rootTransformIds.forEach(visit);
  keepOnly(components.transforms, transforms);
  keepOnly(components.pcollections, usedPcollections(components));
  const pcollections = Object.values(components.pcollections);
  keepOnly(
    components.windowingStrategies,
    new Set(pcollections.map(({ windowingStrategyId }) => windowingStrategyId)),
  );
  keepOnly(components.environments, usedEnvironments(components));
}

function usedPcollections(components: Components): Set<string> {
  const ofTransform = ({ inputs, outputs }: PTransform): string[] => [
    ...Object.values(inputs),
    ...Object.values(outputs),
  ];
  return new Set(Object.values(components.transforms).flatMap(ofTransform));
}

function usedEnvironments(components: Components): Set<string> {
  return new Set([
    ...Object.values(components.transforms).map(({ environmentId }) => environmentId),
    ...Object.values(components.windowingStrategies).map(({ environmentId }) => environmentId),
  ]);
}

function keepOnly(record: Record<string, unknown>, keep: Set<string>): void {
  for (const id of Object.keys(record)) {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- a proto map is a plain object
    if (!keep.has(id)) delete record[id];
  }
}
