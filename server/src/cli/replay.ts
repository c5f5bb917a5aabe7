import { randomInt } from 'node:crypto';
import { collectLines } from '../session/printedLines.js';
import type { ReplayOutcome } from '../session/session.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode, usageError } from './exitCode.js';
import { meetsExpectation } from './expectedLines.js';
import { launchOptionsOf, runSession } from './launch.js';
import type { OutputFlags, ReplayFlags } from './options.js';
import { maxSeed } from './options.js';
import { readPipelineFile } from './pipelineFile.js';
import { writeError, writeNote } from './report.js';
import { viewOf } from './runView.js';
import { jsonLine } from './sourceJson.js';

/** `replay FILE`: runs the user's program on the recording. Its output passes through. */
export async function replay(
  context: CliContext,
  argument: string,
  flags: ReplayFlags,
  args: string[],
): Promise<ExitCode> {
  const named = await readPipelineFile(context, argument);
  const launch = await launchOptionsOf(context, named, flags, args);
  const view = viewOf(context, flags, 'stdout');
  const { whatIf: whatIfs, recording: recordings } = flags;
  const seed = flags.seed ?? randomInt(maxSeed);
  // Whoever sees something strange wants to see it again.
  if (whatIfs.length > 0) view.onEvent({ kind: 'step', text: `Seed ${seed}` });
  const { expect, update } = flags;
  if (update && expect === undefined) throw usageError('--update needs --expect FILE');
  if (flags.output.length > 0 && expect === undefined)
    throw usageError('--output needs --expect FILE', 'the file to compare the PCollections with');
  const printed = collectLines(flags.output);
  const outcome = await runSession(
    context,
    view,
    'Stopping. Ctrl-C again exits at once.',
    (listeners) =>
      context.session.replayFile({
        ...launch,
        ...listeners,
        ...printed.options,
        recordings,
        whatIfs,
        seed,
        ...((flags.debug ?? flags.debugPort !== undefined) && {
          debug: { port: flags.debugPort ?? 0 },
        }),
        onEvent: (event) => {
          if (expect !== undefined) printed.add(event);
          listeners.onEvent(event);
        },
      }),
  );
  const code = reportReplay(context, flags, outcome);
  if (expect === undefined || code !== exitCode.done) return code;
  const expectation = { expect, ...(update && { update }) };
  return (await meetsExpectation(context, expectation, printed.sorted())) ? code : exitCode.failed;
}

/** Says how a replay ended. */
export function reportReplay(
  context: CliContext,
  flags: OutputFlags,
  outcome: ReplayOutcome,
): ExitCode {
  if (flags.json) writeJson(context, outcome);
  else writeReadable(context, outcome);
  return exitCodeOf(outcome);
}

function exitCodeOf(outcome: ReplayOutcome): ExitCode {
  switch (outcome.kind) {
    case 'replayed':
      return outcome.exitCode === 0 ? exitCode.done : exitCode.failed;
    case 'cancelled':
      return exitCode.cancelled;
    case 'failed':
      return exitCode.failed;
  }
}

function writeJson(context: CliContext, { kind, ...rest }: ReplayOutcome): void {
  context.stdout.write(jsonLine({ kind: 'end', outcome: kind, ...rest }));
}

function writeReadable(context: CliContext, outcome: ReplayOutcome): void {
  switch (outcome.kind) {
    case 'replayed':
      if (outcome.exitCode === 0) writeNote(context, 'Replayed.');
      else writeError(context, `your program ended with exit code ${outcome.exitCode}`);
      break;
    case 'cancelled':
      writeNote(context, 'Cancelled.');
      break;
    case 'failed':
      writeError(context, outcome.message);
      break;
  }
}
