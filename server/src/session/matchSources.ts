import { transformOf } from '../beam/pipeline/unboundedSources.js';
import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { PipelineSource } from '../language/source.js';

/**
 * Set by the program's launcher: the line of the program, from 1, that applied the transform; of a notebook
 * `line@cell`, the cell from 0.
 */
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
      if (!only.repeated) free.delete(only);
    }
  };
  const isOnLine = (source: UnboundedSource, { statement, cell }: PipelineSource): boolean => {
    const place = placeOf(pipeline, source);
    return (
      place !== undefined &&
      place.cell === cell &&
      statement.start.line <= place.line &&
      place.line <= statement.end.line
    );
  };
  const hasLabel = (source: UnboundedSource, { label }: PipelineSource): boolean => {
    if (!label.includes('{}')) return `/${source.uniqueName}/`.includes(`/${label}/`);
    // Each `{}` is something that only running the program told.
    const parts = label.split('{}').map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
    return new RegExp(`/${parts.join('.*')}/`).test(`/${source.uniqueName}/`);
  };
  assign((source, text) => isOnLine(source, text) && hasLabel(source, text));
  assign(isOnLine);
  assign(hasLabel);
  return submitted.map((source) => ({ submitted: source, text: matches.get(source) }));
}

/** Zero-based line of the program, or of a cell of it, that applied a source. */
function placeOf(
  pipeline: Pipeline,
  source: UnboundedSource,
): { line: number; cell: number | undefined } | undefined {
  if (!pipeline.components) return undefined;
  const { annotations } = transformOf(pipeline.components, source.transformId);
  const annotation = annotations[lineAnnotation];
  if (!annotation) return undefined;
  const [line, cell] = new TextDecoder().decode(annotation).split('@').map(Number);
  return { line: (line ?? 0) - 1, cell };
}
