import { formatCount, formatSize } from '../recording/parseLimits.js';
import type { Recording } from '../recording/recording.js';
import type { CliContext } from './context.js';
import { formatAge } from './eventTime.js';
import type { ExitCode } from './exitCode.js';
import { exitCode } from './exitCode.js';
import type { StoreFlags } from './options.js';
import { displayName, storeAndFile, storeOf, workingDirectoryFile } from './pipelineFile.js';
import { recordingsText, writeNote, writeResult } from './report.js';
import { jsonLine, recordingJson } from './sourceJson.js';
import { table } from './table.js';
import { onOneLine, widthOf } from './terminal.js';

/** `recordings [FILE]`: lists the recordings of a file, or of the store. */
export async function recordings(
  context: CliContext,
  argument: string | undefined,
  flags: StoreFlags,
): Promise<ExitCode> {
  const { store, named } = await storeAndFile(context, flags.store, argument);
  const found = await context.session.storedRecordings(store, named?.file);
  if (flags.json) context.stdout.write(jsonLine({ store, recordings: found.map(namedJson) }));
  else if (found.length > 0) writeResult(context, recordingLines(context, found));
  if (found.length > 0) return exitCode.done;
  writeNote(context, `No recordings ${named ? `of ${named.name}` : `in ${store}`}.`);
  return exitCode.nothingToDo;
}

/** What the verbs that change recordings do. */
export interface RecordingChange {
  /** E.g. `Pinned`. */
  done: string;
  change: (store: string, reference: string) => Promise<Recording[]>;
}

/** `pin`, `unpin`, `name`, `note` and `delete`: change the recordings that a name or an id means. */
export async function changeRecordings(
  context: CliContext,
  reference: string,
  flags: StoreFlags,
  { done, change }: RecordingChange,
): Promise<ExitCode> {
  const store = storeOf(context, flags.store, workingDirectoryFile(context));
  const changed = await change(store, reference);
  if (flags.json) context.stdout.write(jsonLine({ store, recordings: changed.map(namedJson) }));
  else {
    const labels = changed.map(({ label }) => onOneLine(label)).join(', ');
    writeResult(context, [`${done} ${recordingsText(changed.length)} of ${labels}.`]);
  }
  return exitCode.done;
}

/** A recording with the source it is of. */
export function namedJson(recording: Recording) {
  const { file, pipeline, label } = recording;
  return { file, pipeline, label, ...recordingJson(recording) };
}

function recordingLines(context: CliContext, found: Recording[]): string[] {
  const files = new Set(found.map(({ file }) => file));
  const rows = found.map((recording) => [
    recording.id,
    ...(files.size > 1 ? [displayName(context, recording.file)] : []),
    onOneLine(recording.label),
    onOneLine(recording.name ?? ''),
    recording.pinned ? 'pinned' : '',
    formatCount(recording.elements),
    formatSize(recording.bytes),
    formatAge(recording.endedAt ?? recording.startedAt, context.now()),
    recording.endReason ?? 'recording',
    onOneLine(recording.note ?? ''),
  ]);
  return table(
    [
      { title: 'ID' },
      ...(files.size > 1 ? [{ title: 'FILE' }] : []),
      { title: 'SOURCE' },
      { title: 'NAME' },
      { title: 'KEPT' },
      { title: 'ELEMENTS', align: 'right' },
      { title: 'SIZE', align: 'right' },
      { title: 'RECORDED' },
      { title: 'ENDED' },
      { title: 'NOTE' },
    ],
    rows,
    widthOf(context.stdout),
  );
}
