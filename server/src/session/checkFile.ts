import { parseWhatIf } from '../replay/whatIf/parseWhatIf.js';
import type { LineDifference } from './printedLines.js';
import { collectLines, compareLines } from './printedLines.js';
import { replayFile } from './replayFile.js';
import type { ReplayOptions, ReplayOutcome } from './session.js';

export interface CheckOptions extends ReplayOptions {
  /** Seeds of the disorders to try, from 1. */
  seeds: number;
  /** Labels of the PCollections that are compared; what the program prints, if there is none. */
  comparedOutputs?: string[];
}

export type CheckOutcome =
  /** The program printed the same lines in every order. */
  | { kind: 'same'; lines: number; seeds: number }
  /** It did not; `seed` repeats it. */
  | ({ kind: 'different'; seed: number } & LineDifference)
  | { kind: 'cancelled' }
  | { kind: 'failed'; message: string };

/**
 * Finds out whether what a program prints depends on the order of its elements: replays its recording as it is,
 * then in other orders in which no element becomes late. Stops at the first that makes a difference.
 */
export async function checkFile(options: CheckOptions): Promise<CheckOutcome> {
  const replay = async (text: string, changed: Partial<ReplayOptions>) => {
    options.onEvent({ kind: 'step', text });
    const printed = collectLines(options.comparedOutputs ?? []);
    const onEvent: ReplayOptions['onEvent'] = (event) => {
      printed.add(event);
      const isOwn = event.kind === 'output' && event.stream === 'stdout';
      if (!isOwn && event.kind !== 'step') options.onEvent(event);
    };
    const outcome = await replayFile({ ...options, ...changed, ...printed.options, onEvent });
    return { lines: printed.sorted(), end: endOf(outcome) };
  };
  const recorded = await replay('Replaying in the recorded order', {});
  if (recorded.end) return recorded.end;
  const repeated = await replay('Replaying it once more', {});
  if (repeated.end) return repeated.end;
  if (compareLines(recorded.lines, repeated.lines)) {
    const message =
      'The program tells something else each time it is replayed in the same order (a time, a random number?): ' +
      'what depends on the order cannot be told.';
    return { kind: 'failed', message };
  }
  const whatIfs = [parseWhatIf('shuffle')];
  for (let seed = 1; seed <= options.seeds; seed++) {
    const { lines, end } = await replay(`Replaying in another order, seed ${seed}`, {
      whatIfs,
      seed,
    });
    if (end) return end;
    const difference = compareLines(recorded.lines, lines);
    if (difference) return { kind: 'different', seed, ...difference };
  }
  return { kind: 'same', lines: recorded.lines.length, seeds: options.seeds };
}

/** How a check ends by a replay that did not come to its own end. */
function endOf(outcome: ReplayOutcome): CheckOutcome | undefined {
  if (outcome.kind !== 'replayed') return outcome;
  if (outcome.exitCode === 0) return undefined;
  return { kind: 'failed', message: `The program ended with exit code ${outcome.exitCode}.` };
}
