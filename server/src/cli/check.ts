import type { CheckOutcome } from '../session/checkFile.js';
import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import { launchOptionsOf, runSession } from './launch.js';
import { differenceLines } from './lineDifference.js';
import type { CheckFlags } from './options.js';
import { readPipelineFile } from './pipelineFile.js';
import { writeError, writeHint, writeNote, writeResult } from './report.js';
import { viewOf } from './runView.js';
import { jsonLine } from './sourceJson.js';

/** `check FILE`: finds out whether what a program prints depends on the order of its elements. */
export async function check(
  context: CliContext,
  argument: string,
  flags: CheckFlags,
  args: string[],
): Promise<ExitCode> {
  const named = await readPipelineFile(context, argument);
  const launch = await launchOptionsOf(context, named, flags, args);
  const view = viewOf(context, flags, 'stderr');
  const { recording: recordings, seeds, output: comparedOutputs } = flags;
  const outcome = await runSession(context, view, 'Stopping.', (listeners) =>
    context.session.checkFile({ ...launch, ...listeners, recordings, seeds, comparedOutputs }),
  );
  if (flags.json) {
    const { kind, ...rest } = outcome;
    context.stdout.write(jsonLine({ kind: 'end', outcome: kind, ...rest }));
  } else writeReadable(context, named.name, outcome);
  if (outcome.kind === 'cancelled') return exitCode.cancelled;
  return outcome.kind === 'same' ? exitCode.done : exitCode.failed;
}

function writeReadable(context: CliContext, name: string, outcome: CheckOutcome): void {
  switch (outcome.kind) {
    case 'same':
      writeNote(context, `The same ${outcome.lines} lines in ${outcome.seeds} other orders.`);
      break;
    case 'different':
      writeError(context, `what the program puts out depends on the order (seed ${outcome.seed})`);
      writeResult(context, differenceLines(outcome));
      writeHint(
        context,
        `see it again with beam-rewind replay ${name} --what-if shuffle --seed ${outcome.seed}`,
      );
      break;
    case 'cancelled':
      writeNote(context, 'Cancelled.');
      break;
    case 'failed':
      writeError(context, outcome.message);
      break;
  }
}
