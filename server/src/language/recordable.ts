import type { PipelineSource } from './source.js';

/** Whether a source is offered to be recorded: it is unbounded, or the author's patterns name it. */
export function isRecordable({ bounded, recordable }: PipelineSource): boolean {
  return !bounded || recordable === true;
}

/** The sources, those bounded ones marked that the patterns name. */
export function markRecordable(
  sources: PipelineSource[],
  patterns: readonly string[],
): PipelineSource[] {
  if (patterns.length === 0) return sources;
  return sources.map((source) =>
    source.bounded && isNamed([source.transformName, source.signature.transform], patterns)
      ? { ...source, recordable: true }
      : source,
  );
}

/** True if one of the names fits one of the patterns, in which `*` stands for any text. */
export function isNamed(names: readonly string[], patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.trim().split('*').map(escapeRegExp);
    const expression = new RegExp(`^${parts.join('.*')}$`, 's');
    return names.some((name) => expression.test(name));
  });
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
