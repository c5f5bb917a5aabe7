import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { importRecording as writeImport } from '../interchange/importRecording.js';
import { readCacheLines } from '../interchange/interactiveBeam/read.js';
import { readJsonLines } from '../interchange/jsonLines/read.js';
import { linesOf } from '../interchange/lines.js';
import type { LogContent } from '../interchange/logRecords.js';
import type { PipelineSource } from '../language/source.js';
import { defaultLimits } from '../recording/parseLimits.js';
import type { ImportOrigin, Recording } from '../recording/recording.js';
import { formatVersion } from '../recording/recording.js';
import { newRecordingId } from '../recording/store.js';
import { sourceTextOf } from './sourceText.js';

export interface ImportOptions {
  store: string;
  /** Absolute path of the file to read. */
  input: string;
  /** What it is; told by its first byte if absent. */
  format?: ImportOrigin['format'];
  /** Absolute path of the pipeline file. */
  file: string;
  text: string;
  /** The source that a replay of the recording stands for. */
  source: PipelineSource;
  signal: AbortSignal;
}

/**
 * Imports a file as a recording of a source as it is now.
 * @throws ImportError that names the line, Error if the file cannot be read, or the reason of the signal. Then
 * nothing is left in the store.
 */
export async function importRecording(options: ImportOptions): Promise<Recording> {
  const { store, input, file, text, source, signal } = options;
  const format = options.format ?? (await formatOf(input));
  const facts: Parameters<typeof writeImport>[1] = {
    formatVersion,
    id: newRecordingId(new Date()),
    file,
    pipeline: source.pipeline,
    label: source.label,
    uniqueName: source.label,
    signature: source.signature,
    sourceText: sourceTextOf(file, text, source),
    limits: defaultLimits,
    imported: { format, file: path.resolve(input) },
  };
  return writeImport(store, facts, contentOf(input, format, facts), signal);
}

/** The content of a file; what its header tells is added to the facts before the header is yielded. */
function contentOf(
  input: string,
  format: ImportOrigin['format'],
  facts: Pick<Recording, 'uniqueName' | 'output'>,
): LogContent {
  const chunks = createReadStream(input) as AsyncIterable<Buffer>;
  if (format === 'interactive-beam') return readCacheLines(linesOf(chunks, 'latin1'));
  return readJsonLines(linesOf(chunks, 'utf-8'), ({ uniqueName, output }) => {
    if (uniqueName !== undefined) facts.uniqueName = uniqueName;
    if (output !== undefined) facts.output = output;
  });
}

/** Lines of JSON begin with a brace, lines of a cache with a percent sign. */
async function formatOf(input: string): Promise<ImportOrigin['format']> {
  const file = await open(input);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(1), 0, 1, 0);
    if (bytesRead === 1 && buffer[0] === 0x7b) return 'jsonl';
    if (bytesRead === 1 && buffer[0] === 0x25) return 'interactive-beam';
  } finally {
    await file.close();
  }
  throw new Error(
    `${input} is neither JSON Lines of Beam Rewind nor a cache file of Interactive Beam.`,
  );
}
