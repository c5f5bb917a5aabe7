import {
  boundedSources,
  transformOf,
  unboundedSources,
} from '../beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { isNamed } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import type { MatchedSource } from './matchSources.js';
import { matchSources } from './matchSources.js';

/**
 * The sources of a submitted pipeline that are recorded and replayed, each with what the text says of it:
 * the unbounded ones, then the bounded ones that the patterns name.
 * @param texts sources of the text, with those marked that the patterns name
 * @param patterns see `LaunchOptions.recordableSources`
 */
export function submittedSources(
  pipeline: Pipeline,
  texts: PipelineSource[],
  patterns: string[],
): MatchedSource[] {
  const unbounded = matchSources(pipeline, unboundedSources(pipeline), texts);
  if (patterns.length === 0) return unbounded;
  const others = texts.filter((one) => unbounded.every(({ text }) => text !== one));
  const bounded = matchSources(pipeline, boundedSources(pipeline), others).filter(
    ({ submitted, text }) =>
      text ? text.recordable : isNamed(defaultNames(submitted.uniqueName), patterns),
  );
  const recorded = new Set<string>();
  for (const { submitted } of unbounded) addWithParts(submitted.transformId);
  return [
    ...unbounded,
    ...bounded.filter(({ submitted }) => {
      if (recorded.has(submitted.transformId)) return false;
      addWithParts(submitted.transformId);
      return true;
    }),
  ];

  function addWithParts(id: string): void {
    recorded.add(id);
    const { components } = pipeline;
    if (components) transformOf(components, id).subtransforms.forEach(addWithParts);
  }
}

/** A transform without a label of its own is named after its class, with its arguments behind it in some SDKs. */
function defaultNames(uniqueName: string): string[] {
  const last = uniqueName.slice(uniqueName.lastIndexOf('/') + 1);
  return [last, last.replace(/\(.*$/s, '')];
}
