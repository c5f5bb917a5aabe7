import { isNamed } from '../language/recordable.js';
import { parseCount, parseDuration, parseSize } from './parseLimits.js';
import type { RecordingLimits } from './recording.js';

/** Limits that some sources have instead of the common ones. */
export interface SourceLimits {
  /** A label, in which `*` stands for anything. */
  pattern: string;
  limits: Partial<RecordingLimits>;
}

/** Which limit a name in a setting or a flag means, and how its value is read. */
const readers: Record<string, (text: string) => Partial<RecordingLimits>> = {
  duration: (text) => ({ durationMs: parseDuration(text) }),
  size: (text) => ({ maxBytes: parseSize(text) }),
  elements: (text) => ({ maxElements: parseCount(text) }),
};

/** The limits of a source: the common ones, then those of each pattern that its label matches, in order. */
export function limitsOfSource(
  common: RecordingLimits,
  overrides: SourceLimits[],
  label: string,
): RecordingLimits {
  const own = overrides.filter(({ pattern }) => isNamed([label], [pattern]));
  return Object.assign({}, common, ...own.map(({ limits }) => limits)) as RecordingLimits;
}

/**
 * Reads the limits of a label pattern, `{ elements: '10k', duration: '5m' }`.
 * @throws Error whose message says what is wrong and what is possible
 */
export function sourceLimits(pattern: string, values: Record<string, unknown>): SourceLimits {
  if (pattern === '') throw new Error('The label of a source is empty; * stands for every label.');
  const limits = Object.entries(values).map(([name, value]) => {
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) {
      const known = Object.keys(readers).join(', ');
      throw new Error(`"${name}" is not a limit of a source. Limits: ${known}.`);
    }
    if (typeof value !== 'string' && typeof value !== 'number')
      throw new Error(`The limit "${name}" of "${pattern}" is neither text nor a number.`);
    return read(String(value));
  });
  return { pattern, limits: Object.assign({}, ...limits) as Partial<RecordingLimits> };
}

/**
 * Reads `LABEL:LIMIT=VALUE[,LIMIT=VALUE]`, e.g. `Clicks:elements=10k,duration=5m`. A label may contain colons.
 * @throws Error whose message says what is wrong and shows an example
 */
export function parseSourceLimits(text: string): SourceLimits {
  const example = 'Example: Clicks:elements=10k,duration=5m.';
  const colon = text.lastIndexOf(':');
  if (colon < 1) throw new Error(`"${text}" names no source and its limit. ${example}`);
  const values = text
    .slice(colon + 1)
    .split(',')
    .map((part): [string, string] => {
      const [, name, value] = /^\s*(\w+)\s*=(.*)$/.exec(part) ?? [];
      if (name === undefined || value === undefined)
        throw new Error(`"${part}" is not LIMIT=VALUE. ${example}`);
      return [name, value];
    });
  const names = values.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`The limit "${twice}" is given twice in "${text}".`);
  return sourceLimits(text.slice(0, colon), Object.fromEntries(values));
}
