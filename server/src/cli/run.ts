import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { launchOptionsOf, runSession } from './launch.js';
import type { RunFlags } from './options.js';
import { readPipelineFile } from './pipelineFile.js';
import { recordOptionsOf } from './record.js';
import { reportReplay } from './replay.js';
import { viewOf } from './runView.js';

/** `run FILE`: records what needs it, then runs the user's program on the recordings. */
export async function run(
  context: CliContext,
  argument: string,
  flags: RunFlags,
  args: string[],
): Promise<ExitCode> {
  const named = await readPipelineFile(context, argument);
  const launch = await launchOptionsOf(context, named, flags, args);
  const settings = await recordOptionsOf(context, flags);
  const view = viewOf(context, flags, 'stdout');
  const stopping = 'Stopping. What was recorded stays. Ctrl-C again exits at once.';
  const outcome = await runSession(context, view, stopping, (listeners) =>
    context.session.runFile({
      ...launch,
      ...listeners,
      ...settings,
      force: false,
      enableRecordingReplay: flags.recordingReplay,
    }),
  );
  return reportReplay(context, flags, outcome);
}
