import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { analyze, readPipelineFile, storeOf } from './pipelineFile.js';
import { writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';
import { onOneLine } from './terminal.js';

/** `accept-rename FILE`: lets recordings serve sources that differ from theirs in the label alone. */
export async function acceptRename(
  context: CliContext,
  argument: string,
  flags: StoreFlags,
  args: string[],
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, argument);
  const named = await readPipelineFile(context, argument);
  const { sources } = await analyze(context, named, args);
  const renamed = await context.session.acceptRenames(store, named.file, sources);
  if (flags.json) context.stdout.write(jsonLine({ store, file: named.file, renamed }));
  else
    writeResult(
      context,
      renamed.map(
        ({ from, to }) => `The recording of ${onOneLine(from)} is now of ${onOneLine(to)}.`,
      ),
    );
  if (renamed.length > 0) return exitCode.done;
  writeNote(context, `No source of ${named.name} differs from a recorded one in its label alone.`);
  return exitCode.nothingToDo;
}
