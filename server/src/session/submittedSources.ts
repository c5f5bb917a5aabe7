import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import {
  boundedSources,
  transformOf,
  unboundedSources,
} from '../beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import { isNamed } from '../language/recordable.js';
import type { PipelineSource } from '../language/source.js';
import { areMatchedByName, isNamedInText, matchByName } from './matchByName.js';
import type { MatchedSource } from './matchSources.js';
import { matchSources } from './matchSources.js';

/**
 * The sources of a submitted pipeline that are recorded and replayed, each with what the text says of it:
 * the unbounded ones, then the bounded ones that the patterns name.
 * @param texts sources of the text, with those marked that the patterns name
 * @param patterns see `LaunchOptions.recordableSources`
 * @throws Error that says what to do, where a source could be one of two of the text
 */
export function submittedSources(
  pipeline: Pipeline,
  texts: PipelineSource[],
  patterns: string[],
): MatchedSource[] {
  const byName = areMatchedByName(texts);
  const unbounded = byName
    ? matchByName(
        unboundedSources(pipeline, (name) => isNamedInText(texts, name)),
        texts,
      )
    : matchSources(pipeline, unboundedSources(pipeline), texts);
  if (patterns.length === 0) return unbounded;
  const others = texts.filter((one) => unbounded.every(({ text }) => text !== one));
  const candidates = boundedSources(pipeline);
  const bounded = (
    byName ? matchNamed(candidates, others) : matchSources(pipeline, candidates, others)
  ).filter(({ submitted, text }) =>
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

/** Bounded sources that the patterns name. What is inside of one reads the same, and is not meant. */
function matchNamed(candidates: UnboundedSource[], texts: PipelineSource[]): MatchedSource[] {
  const named = texts.filter(({ recordable }) => recordable);
  const meant = candidates.filter(({ uniqueName }) => isNamedInText(named, uniqueName));
  const others = candidates.filter((candidate) => !meant.includes(candidate));
  return [
    ...matchByName(meant, named),
    ...others.map((submitted) => ({ submitted, text: undefined })),
  ];
}

/** A transform without a label of its own is named after its class, with its arguments behind it in some SDKs. */
function defaultNames(uniqueName: string): string[] {
  const last = uniqueName.slice(uniqueName.lastIndexOf('/') + 1);
  return [last, last.replace(/\(.*$/s, '')];
}
