import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { logPath } from '../recording/store.js';
import type { ExportFormat } from '../interchange/exportRecording.js';
import { exportRecording as writeExport } from '../interchange/exportRecording.js';
import type { LogContent } from '../interchange/logRecords.js';
import type { Write } from '../interchange/outputFile.js';
import { writeWholeFile } from '../interchange/outputFile.js';
import path from 'node:path';

export interface ExportOptions {
  store: string;
  /** One that has ended. */
  recording: Recording;
  format: ExportFormat;
  /** Where it goes: a file, which is there as a whole or not at all, or whatever takes its pieces. */
  output: { file: string; mayReplace: boolean } | { write: Write };
  /** Ends the export; a file that was begun is removed. */
  signal: AbortSignal;
  onWarning: (text: string) => void;
}

/**
 * Exports a recording. What its log says of damage is told as a warning, and all that is whole is exported.
 * @throws Error for elements that have no form in the format, or the reason of the signal
 */
export async function exportRecording(options: ExportOptions): Promise<void> {
  const { recording, format, output } = options;
  const content = contentOf(options);
  if ('write' in output) {
    await writeExport(recording, content, format, recording.label, output.write);
    return;
  }
  const name = path.basename(output.file);
  await writeWholeFile(output.file, output.mayReplace, (write) =>
    writeExport(recording, content, format, name, write),
  );
}

async function* contentOf({ store, recording, signal, onWarning }: ExportOptions): LogContent {
  const log = readLog(logPath(store, recording.id), (damage) => {
    onWarning(`The recording of "${recording.label}" is damaged ${damageText(damage)}.`);
  });
  for await (const { record } of log) {
    signal.throwIfAborted();
    yield record;
  }
}
