import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { storeAndFile } from './pipelineFile.js';
import { recordingsText, writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';

/** `clear [FILE]`: deletes the recordings of a file, or of the whole store. */
export async function clear(
  context: CliContext,
  argument: string | undefined,
  flags: StoreFlags,
): Promise<ExitCode> {
  const { store, named } = await storeAndFile(context, flags.store, argument);
  const cleared = await context.session.clearRecordings(store, named?.file);
  const what = named?.name ?? store;
  if (flags.json) context.stdout.write(jsonLine({ store, file: named?.file, cleared }));
  else if (cleared > 0)
    writeResult(context, [`Deleted ${recordingsText(cleared)} ${named ? 'of' : 'in'} ${what}.`]);
  if (cleared > 0) return exitCode.done;
  writeNote(context, `Nothing to clear: no ended recordings ${named ? 'of' : 'in'} ${what}.`);
  return exitCode.nothingToDo;
}
