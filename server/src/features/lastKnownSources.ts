import type { PipelineFile, PipelineSource, TextRange } from '../language/source.js';
import type { TextEdit } from './shiftRange.js';
import { shiftRange, touches } from './shiftRange.js';

/** A source as it was when the text around it last parsed. */
export interface KnownSource {
  source: PipelineSource;
  /** Text of its statement. */
  statementText: string;
}

/** Known sources at their places after an edit. */
export function shiftSources(known: KnownSource[], edit: TextEdit): KnownSource[] {
  return known.map(({ source, statementText }) => ({
    source: {
      ...source,
      range: shiftRange(source.range, edit),
      statement: shiftRange(source.statement, edit),
    },
    statementText,
  }));
}

/**
 * What is known of the sources of a file after an analysis. Where its text does not parse, a source stays
 * as it was last known: half-typed text is no change. So does a source whose own text is the same while
 * something it refers to may be half-typed.
 *
 * @param known sources known before, shifted to where they are in the analysed text
 */
export function keepLastKnown(
  known: KnownSource[],
  file: PipelineFile,
  textOf: (range: TextRange) => string,
): KnownSource[] {
  if (file.syntaxErrors.length === 0) return file.sources.map(asKnown);
  const isBroken = (range: TextRange) => file.syntaxErrors.some((error) => touches(error, range));
  const found = file.sources.filter((source) => !isBroken(source.statement)).map(asKnown);
  const kept = known.filter((one) => {
    const now = found.find((other) => isSame(other.source, one.source));
    const { statement, signature } = one.source;
    if (now)
      return (
        now.statementText === one.statementText && now.source.signature.hash !== signature.hash
      );
    return isBroken(statement) || textOf(statement) === one.statementText;
  });
  const trusted = found.filter(
    ({ source }) => !kept.some((one) => touches(one.source.range, source.range)),
  );
  return [...kept, ...trusted].sort(
    (a, b) =>
      a.source.range.start.line - b.source.range.start.line ||
      a.source.range.start.character - b.source.range.start.character,
  );

  function asKnown(source: PipelineSource): KnownSource {
    return { source, statementText: textOf(source.statement) };
  }
}

function isSame(a: PipelineSource, b: PipelineSource): boolean {
  return a.pipeline === b.pipeline && a.label === b.label;
}
