import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { readRecordedFile, storeOf } from './pipelineFile.js';
import { recordingsText, writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';

/** `cancel FILE`: ends the file's running recordings, whatever process they run in. */
export async function cancel(
  context: CliContext,
  argument: string,
  flags: StoreFlags,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument);
  const { file, name } = await readRecordedFile(context, store, argument);
  const cancelled = await context.session.cancelRecording(store, file);
  if (flags.json) context.stdout.write(jsonLine({ store, file, cancelled }));
  else if (cancelled > 0)
    writeResult(context, [
      `Cancelled ${recordingsText(cancelled)} of ${name}. What was recorded stays.`,
    ]);
  if (cancelled > 0) return exitCode.done;
  writeNote(context, `Nothing to cancel: ${name} is not being recorded.`);
  return exitCode.nothingToDo;
}
