import type { CliContext } from './context.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { storeAndFile } from './pipelineFile.js';
import { namedJson } from './recordings.js';
import { recordingsText, writeNote, writeResult } from './report.js';
import { jsonLine } from './sourceJson.js';
import { onOneLine } from './terminal.js';

/** `verify [FILE]`: reads recordings whole and says which are damaged. */
export async function verify(
  context: CliContext,
  argument: string | undefined,
  flags: StoreFlags,
): Promise<ExitCode> {
  const { store, named } = await storeAndFile(context, flags.store, argument);
  const verified = await context.session.verifyRecordings(store, named?.file);
  const damaged = verified.filter(({ damage }) => damage);
  if (flags.json) context.stdout.write(jsonLine({ store, recordings: verified.map(namedJson) }));
  else {
    const lines = damaged.flatMap(({ id, label, damage = [] }) =>
      damage.map((place) => `${id}  ${onOneLine(label)}  damaged ${onOneLine(place)}`),
    );
    writeResult(context, lines);
  }
  if (verified.length === 0) {
    writeNote(context, `No recordings ${named ? `of ${named.name}` : `in ${store}`}.`);
    return exitCode.nothingToDo;
  }
  const whole = verified.length - damaged.length;
  writeNote(context, `${recordingsText(whole)} whole, ${damaged.length} damaged.`);
  return damaged.length > 0 ? exitCode.failed : exitCode.done;
}
