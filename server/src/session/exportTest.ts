import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LogRecord, LogRecord_Header } from '../beam/proto/beam_rewind/recording_pb.js';
import type { RecordedTest } from '../exportedTests/recordedTest.js';
import {
  maxReadableCharacters,
  maxReadableElements,
  maxTestCharacters,
  testEvents,
  testOutput,
  tooMuch,
} from '../exportedTests/recordedTest.js';
import type { Selection } from '../exportedTests/selection.js';
import { selected } from '../exportedTests/selection.js';
import type { TestFormat } from '../exportedTests/testFormats.js';
import { testDataFiles, testSources } from '../exportedTests/testFormats.js';
import type { Write } from '../interchange/outputFile.js';
import { writeWholeFile } from '../interchange/outputFile.js';
import { damageText } from '../recording/readFrames.js';
import { readLog } from '../recording/readLog.js';
import type { Recording } from '../recording/recording.js';
import { logPath } from '../recording/store.js';
import { mergeLogs } from '../replay/testStream/mergeLogs.js';

/** A test that was written. */
export interface WrittenTest {
  elements: number;
  /** Where they are, if they are too many to be read in the test. */
  dataFile?: string;
}

export interface ExportTestOptions {
  store: string;
  /** Ones that have ended, in the order of their sources. */
  recordings: Recording[];
  format: TestFormat;
  selection: Selection;
  /** Where it goes: a file, which is there as a whole or not at all, or whatever takes its text. */
  output: { file: string; mayReplace: boolean } | { write: Write };
  signal: AbortSignal;
  onWarning: (text: string) => void;
}

/**
 * Writes recordings as a test of the author's own suite.
 * With many elements it has a data file beside it.
 * @throws Error if nothing, or too much for a test, is chosen, or the format has no test for it
 */
export async function exportTest(options: ExportTestOptions): Promise<WrittenTest> {
  const test = await recordedTest(options);
  const elements = test.events.reduce(
    (sum, event) => (event.kind === 'elements' ? sum + event.elements.length : sum),
    0,
  );
  const { output, format } = options;
  const file = 'file' in output ? output.file : undefined;
  const goPackage = file === undefined ? undefined : await goPackageOf(path.dirname(file));
  const target = { ...(file !== undefined && { file }), ...(goPackage && { goPackage }) };
  const source = testSources[format];
  const readable = elements > maxReadableElements ? undefined : source(test, target);
  if (readable && readable.text.length <= maxReadableCharacters) {
    await writeTest(output, readable.text);
    return { elements };
  }
  if (file === undefined) {
    throw new Error(
      `A test of more than ${maxReadableElements} elements, or ${maxReadableCharacters} characters, has a data file beside it: name its own file with -o FILE.`,
    );
  }
  const data = testDataFiles[format](file);
  const { text, data: dataText = '' } = source(test, { ...target, data });
  if (dataText.length > maxTestCharacters)
    throw new Error(tooMuch(`${maxTestCharacters} characters`));
  const { mayReplace } = output as { mayReplace: boolean };
  await writeWholeFile(data, mayReplace, (write) => write(dataText));
  await writeTest(output, text);
  return { elements, dataFile: data };
}

async function writeTest(output: ExportTestOptions['output'], text: string): Promise<void> {
  if ('write' in output) return output.write(text);
  await writeWholeFile(output.file, output.mayReplace, (write) => write(text));
}

async function recordedTest(options: ExportTestOptions): Promise<RecordedTest> {
  const { store, recordings, selection, signal, onWarning } = options;
  const outputs = [];
  for (const recording of recordings) {
    const { coderId, coders } = await headerOf(store, recording);
    const { label, output } = recording;
    outputs.push(testOutput(output === undefined ? label : `${label}.${output}`, coderId, coders));
  }
  const logs = recordings.map((recording) =>
    untilAborted(
      readLog(logPath(store, recording.id), (damage) => {
        onWarning(`The recording of "${recording.label}" is damaged ${damageText(damage)}.`);
      }),
      signal,
    ),
  );
  const startedAt = recordings.map((recording) => recording.startedAt);
  const events = await testEvents(selected(mergeLogs(logs, startedAt), selection), outputs);
  return { file: recordings[0]?.file ?? '', startedAt: Math.max(...startedAt), outputs, events };
}

/** What a log says of its coder. */
async function headerOf(store: string, { id, label }: Recording): Promise<LogRecord_Header> {
  for await (const { record } of readLog(logPath(store, id), () => undefined)) {
    if (record.case === 'header') return record.value;
    break;
  }
  throw new Error(`The recording of "${label}" does not begin with its header.`);
}

async function* untilAborted(
  log: AsyncIterable<LogRecord>,
  signal: AbortSignal,
): AsyncGenerator<LogRecord> {
  for await (const record of log) {
    signal.throwIfAborted();
    yield record;
  }
}

/** The package of the Go files in a folder; undefined if there are none. */
async function goPackageOf(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => one.endsWith('.go')).sort()) {
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
    const found = /^package\s+(\w+)/m.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return undefined;
}
