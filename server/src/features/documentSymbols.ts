import type { DocumentSymbol } from 'vscode-languageserver';
import { SymbolKind } from 'vscode-languageserver';
import type { AppliedTransform, PipelineSource, TextRange } from '../language/source.js';
import { union } from './shiftRange.js';

/**
 * The outline of a file: its pipelines, in each the transforms as they are labelled.
 * @param transforms absent while a language has no outline: its sources stand in
 */
export function documentSymbols(
  transforms: AppliedTransform[] | undefined,
  sources: PipelineSource[],
): DocumentSymbol[] {
  const listed =
    transforms ?? sources.map((source) => ({ ...source, selectionRange: source.range }));
  const pipelines = new Map<string, AppliedTransform[]>();
  for (const one of listed) {
    const before = pipelines.get(one.pipeline);
    if (before) before.push(one);
    else pipelines.set(one.pipeline, [one]);
  }
  return [...pipelines].map(([name, applied]) => {
    const range = applied.map((one) => one.range).reduce(union);
    const children = applied.map((one) => transformSymbol(one, sources));
    const selectionRange = { start: range.start, end: range.start };
    return { name: name || '(pipeline)', kind: SymbolKind.Module, range, selectionRange, children };
  });
}

function transformSymbol(
  { label, transformName, range, selectionRange }: AppliedTransform,
  sources: PipelineSource[],
): DocumentSymbol {
  const source = sources.find((one) => isSameRange(one.range, range));
  const boundedness = source ? (source.bounded ? ' · bounded source' : ' · unbounded source') : '';
  const detail = `${transformName === label ? '' : transformName}${boundedness}`;
  return {
    name: label || transformName || '(transform)',
    detail: detail.replace(/^ · /, ''),
    kind: source ? SymbolKind.Event : SymbolKind.Function,
    range,
    selectionRange,
  };
}

function isSameRange(a: TextRange, b: TextRange): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character;
}
