import { parseDuration } from '../../recording/parseLimits.js';
import { isNamed } from '../../language/recordable.js';
import { burst } from './burst.js';
import { cutEventTime, cutProcessingTime } from './cut.js';
import { delay } from './delay.js';
import type { Disturbance } from './disturbance.js';
import { drop } from './drop.js';
import { duplicate } from './duplicate.js';
import { holdWatermark } from './holdWatermark.js';
import { parseEventTimeSpan, parseProcessingTimeSpan } from './parseSpan.js';
import type { Random } from './random.js';
import { shuffle } from './shuffle.js';

/** A disturbance as its user wrote it; it becomes one when the outputs of the replay are known. */
export interface WhatIf {
  /** As it was written. */
  text: string;
  /** @param labels of the replayed outputs, by their number */
  disturb(labels: readonly string[], random: Random): Disturbance;
}

const forms = [
  'shuffle',
  'delay:20%,30s',
  'drop:5%',
  'duplicate:5%',
  'hold-watermark:30s[,LABEL]',
  'burst[:10]',
  'event-time:2025-03-01T12:00Z..',
  'processing-time:10s..40s',
];

/** What is written for a disturbance, by its name. What they throw says what is wrong, not where. */
const readers: Record<string, (argument: string) => WhatIf['disturb']> = {
  shuffle(argument) {
    if (argument) throw new Error('it takes nothing');
    return (_labels, random) => shuffle(random);
  },
  delay(argument) {
    const [share, by = ''] = halves(argument, ',');
    const [shareOf, byMs] = [parseShare(share), parseDuration(by)];
    return (_labels, random) => delay(shareOf, byMs, random);
  },
  drop(argument) {
    const share = parseShare(argument);
    return (_labels, random) => drop(share, random);
  },
  duplicate(argument) {
    const share = parseShare(argument);
    return (_labels, random) => duplicate(share, random);
  },
  'hold-watermark'(argument) {
    const [by, pattern] = halves(argument, ',');
    const byMs = parseDuration(by);
    if (pattern === undefined) return () => holdWatermark(byMs);
    return (labels) => {
      const outputs = labels.flatMap((label, output) =>
        isNamed([label], [pattern]) ? [output] : [],
      );
      if (outputs.length > 0) return holdWatermark(byMs, outputs);
      throw new Error(`no source is called "${pattern}"; there are ${labels.join(', ')}`);
    };
  },
  burst(argument) {
    const factor = argument ? Number(argument) : Infinity;
    if (Number.isNaN(factor) || factor < 1) throw new Error('its factor is not 1 or more');
    return () => burst(factor);
  },
  'event-time'(argument) {
    const span = parseEventTimeSpan(argument);
    return () => cutEventTime(span);
  },
  'processing-time'(argument) {
    const span = parseProcessingTimeSpan(argument);
    return () => cutProcessingTime(span);
  },
};

/**
 * Reads a disturbance of a replay, `delay:20%,30s` say.
 * @throws Error whose message says what is wrong and which there are
 */
export function parseWhatIf(text: string): WhatIf {
  const [name, argument = ''] = halves(text, ':');
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  const possible = `Possible are: ${forms.join(' ')}`;
  if (!read) throw new Error(`"${text}" is no disturbance of a replay. ${possible}`);
  try {
    return { text, disturb: read(argument) };
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new Error(`"${text}" is no disturbance of a replay: ${why}. ${possible}`);
  }
}

/** The text before and behind the first separator; one text if there is none. */
function halves(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

function parseShare(text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text.trim());
  const percent = Number(match?.[1]);
  if (match && percent > 0 && percent <= 100) return percent / 100;
  throw new Error(`"${text}" is not a share above 0% and up to 100%`);
}
