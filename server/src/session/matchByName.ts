import type { UnboundedSource } from '../beam/pipeline/unboundedSources.js';
import type { PipelineSource, Sdk } from '../language/source.js';
import type { MatchedSource } from './matchSources.js';

/**
 * SDKs whose pipelines say nothing of lines: a source is found in the text by the name of its transform. What they add
 * to a name that is taken, and how an author names a transform.
 */
const namingSdks: Partial<Record<Sdk, { counter: RegExp; hint: string; name: string }>> = {
  java: { counter: /(?<=[^\d/])\d+(?=\/|$)/g, hint: 'apply("Orders", …)', name: 'Java' },
  go: { counter: /'\d+(?=\/|$)/g, hint: 's.Scope("Orders")', name: 'Go' },
};

/** Whether the sources of a text are found by their names. */
export function areMatchedByName(texts: PipelineSource[]): boolean {
  return texts.some(({ signature }) => signature.sdk in namingSdks);
}

/** Whether a transform, by its unique name, is one of the sources of a text. */
export function isNamedInText(texts: PipelineSource[], uniqueName: string): boolean {
  return fitting(texts, uniqueName, '').length > 0;
}

/**
 * Finds the submitted sources in the text by their names: a source has the name that the text gives its transform, or
 * is in that transform. The text may not show the scope that it is all in.
 * @throws Error that says what to do, where two can be meant: a recording of the one must not be replayed as the other
 */
export function matchByName(
  submitted: UnboundedSource[],
  texts: PipelineSource[],
): MatchedSource[] {
  const fits = new Map(
    submitted.map((source) => [source, fitting(texts, source.uniqueName, '(?:/.*)?')]),
  );
  return submitted.map((source) => {
    const [text, ...others] = fits.get(source) ?? [];
    if (text === undefined) return { submitted: source, text };
    if (others.length > 0) throw ambiguous([text, ...others]);
    const namesakes = submitted.filter((other) => fits.get(other)?.[0] === text);
    if (namesakes.length > 1 && !text.repeated) throw appliedOften(text, namesakes.length);
    return { submitted: source, text };
  });
}

/** Those sources of a text whose label fits a name best: as it is, without what the SDK added, in an unknown scope. */
function fitting(texts: PipelineSource[], uniqueName: string, deeper: string): PipelineSource[] {
  for (const scope of ['', '(?:.*/)?']) {
    for (const isCounted of [false, true]) {
      const found = texts.filter(({ label, signature }) => {
        const counter = namingSdks[signature.sdk]?.counter;
        const name = isCounted && counter ? uniqueName.replace(counter, '') : uniqueName;
        return new RegExp(`^${scope}${labelPattern(label)}${deeper}$`, 's').test(name);
      });
      if (found.length > 0) return found;
    }
  }
  return [];
}

/** Each `{}` of a label is something that only running the program tells. */
function labelPattern(label: string): string {
  const parts = label.split('{}').map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'));
  return parts.join('.*');
}

function ambiguous(texts: PipelineSource[]): Error {
  const lines = texts.map(({ range }) => range.start.line + 1).join(' and ');
  const label = texts[0]?.label ?? '';
  return new Error(
    `${texts.length} sources of this file are named "${label}" (lines ${lines}), and ${whichIsWhich(texts[0])}`,
  );
}

function appliedOften(text: PipelineSource, times: number): Error {
  const { label, range } = text;
  return new Error(
    `The program applies "${label}" (line ${range.start.line + 1}) ${times} times, and ${whichIsWhich(text)}`,
  );
}

function whichIsWhich(text: PipelineSource | undefined): string {
  const { name = 'this', hint = '' } = (text && namingSdks[text.signature.sdk]) ?? {};
  return `a ${name} program does not tell which is which. Give each a name of its own: ${hint}.`;
}
