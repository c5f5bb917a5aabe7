import { csv } from './csv.js';
import { cacheLines } from './interactiveBeam/write.js';
import { jsonLines } from './jsonLines/write.js';
import type { LogContent } from './logRecords.js';
import type { Write } from './outputFile.js';
import { writeParquet } from './parquet.js';
import type { Recording } from '../recording/recording.js';

/** What a recording can be exported as. */
export const exportFormats = ['jsonl', 'csv', 'parquet', 'interactive-beam'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Writes a recording in a format. Memory does not depend on its length.
 * @param name of the file, which Interactive Beam knows a cache by
 * @throws Error for elements that have no form in the format
 */
export async function exportRecording(
  recording: Recording,
  content: LogContent,
  format: ExportFormat,
  name: string,
  write: Write,
): Promise<void> {
  switch (format) {
    case 'jsonl':
      for await (const text of jsonLines(recording, content)) await write(text);
      break;
    case 'csv':
      for await (const text of csv(content)) await write(text);
      break;
    case 'parquet':
      await writeParquet(content, write);
      break;
    case 'interactive-beam':
      for await (const line of cacheLines(content, name)) await write(line);
  }
}
