import { transformOf } from '../beam/pipeline/unboundedSources.js';
import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { PipelineSource } from '../language/source.js';

/** Set by the program's launcher: the line of the program, from 1, that applied the transform. */
const lineAnnotation = 'beam-rewind:line:v1';

/** A submitted source and what the text says of it, if it says anything. */
export interface MatchedSource {
  submitted: UnboundedSource;
  text: PipelineSource | undefined;
}

/**
 * Finds the submitted sources in the text: by the line that applied them and their label, then by the
 * line alone, then by the label alone. A label may stand above or below the transform that is recorded.
 */
export function matchSources(
  pipeline: Pipeline,
  submitted: UnboundedSource[],
  texts: PipelineSource[],
): MatchedSource[] {
  // Bounded ones too: Beam calls some unbounded that end, a PeriodicImpulse with a stop_timestamp, say.
  const free = new Set(texts);
  const matches = new Map<UnboundedSource, PipelineSource>();
  const assign = (fits: (source: UnboundedSource, text: PipelineSource) => boolean): void => {
    for (const source of submitted) {
      if (matches.has(source)) continue;
      const fitting = [...free].filter((text) => fits(source, text));
      const [only] = fitting;
      if (!only || fitting.length > 1) continue;
      matches.set(source, only);
      free.delete(only);
    }
  };
  const isOnLine = (source: UnboundedSource, { statement }: PipelineSource): boolean => {
    const line = lineOf(pipeline, source);
    return line !== undefined && statement.start.line <= line && line <= statement.end.line;
  };
  const hasLabel = (source: UnboundedSource, { label }: PipelineSource): boolean =>
    `/${source.uniqueName}/`.includes(`/${label}/`);
  assign((source, text) => isOnLine(source, text) && hasLabel(source, text));
  assign(isOnLine);
  assign(hasLabel);
  return submitted.map((source) => ({ submitted: source, text: matches.get(source) }));
}

/** Zero-based line of the program that applied a source. */
function lineOf(pipeline: Pipeline, source: UnboundedSource): number | undefined {
  if (!pipeline.components) return undefined;
  const annotation = transformOf(pipeline.components, source.transformId).annotations[
    lineAnnotation
  ];
  return annotation && Number(new TextDecoder().decode(annotation)) - 1;
}
