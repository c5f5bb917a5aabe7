import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ExportFormat } from '../../../server/src/interchange/exportRecording.js';
import { analyzeText } from '../../../server/src/language/language.js';
import type { Recording } from '../../../server/src/recording/recording.js';
import { exportRecording } from '../../../server/src/session/exportRecording.js';
import { importRecording } from '../../../server/src/session/importRecording.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import type { TestProject } from '../session/session.js';
import { openProject, sortedLines } from '../session/session.js';
import { testPython } from '../testPython.js';

const script = fileURLToPath(new URL('interactiveBeam.py', import.meta.url));

/** Lines of JSON that the script writes. */
async function python(...args: string[]): Promise<Record<string, unknown>[]> {
  const options = { maxBuffer: 1 << 26 };
  const { stdout } = await promisify(execFile)(await testPython(), [script, ...args], options);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function latestOf({ store }: TestProject, label: string): Promise<Recording> {
  const found = (await storedRecordings(store)).findLast((recording) => recording.label === label);
  assert.ok(found, `no recording of ${label}`);
  return found;
}

async function exported(
  { store }: TestProject,
  recording: Recording,
  format: ExportFormat,
  file: string,
): Promise<void> {
  await exportRecording({
    store,
    recording,
    format,
    output: { file, mayReplace: false },
    signal: new AbortController().signal,
    onWarning: (text) => assert.fail(text),
  });
}

async function imported({ store, file }: TestProject, label: string, input: string) {
  const text = await readFile(file, 'utf8');
  const source = (await analyzeText(file, text, [])).sources.find((one) => one.label === label);
  assert.ok(source);
  const { signal } = new AbortController();
  return importRecording({ store, input, file, text, source, signal });
}

interface ElementLine {
  kind: string;
  timestampMillis: number;
  value: unknown;
}

async function elementsIn(jsonl: string): Promise<ElementLine[]> {
  const lines = (await readFile(jsonl, 'utf8')).trim().split('\n');
  return lines
    .map((line) => JSON.parse(line) as ElementLine)
    .filter(({ kind }) => kind === 'element');
}

describe('exports and imports', () => {
  it('of what Prism recorded are read by the real Interactive Beam, and come back the same', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      assert.equal((await project.record({ maxElements: 60 })).kind, 'recorded');
      const original = await latestOf(project, 'Clicks');
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const replayed = sortedLines(project.takeOutput());

      const jsonl = path.join(folder, 'clicks.jsonl');
      await exported(project, original, 'jsonl', jsonl);
      const elements = await elementsIn(jsonl);
      assert.equal(elements.length, original.elements);

      const cache = path.join(folder, 'cache', 'full');
      await mkdir(cache, { recursive: true });
      await exported(project, original, 'interactive-beam', path.join(cache, 'clicks-0-0-0'));
      const events = await python('read', path.join(folder, 'cache'), 'clicks-0-0-0');
      const theirs = events.flatMap((event) => (event['elements'] ?? []) as [string, number][]);
      assert.deepEqual(
        theirs.map(([value, micros]) => [Number(value), micros]),
        elements.map(({ value, timestampMillis }) => [value, timestampMillis * 1000]),
      );
      assert.ok(events.every((event) => (event['tag'] ?? 'clicks-0-0-0') === 'clicks-0-0-0'));
      const advanced = events.reduce((sum, event) => sum + Number(event['advance'] ?? 0), 0);
      assert.ok(Math.abs(advanced / 1000 - (original.endedAt ?? 0)) < 60_000, String(advanced));
      assert.ok(events.filter((event) => 'watermark' in event).length > 2);

      for (const input of [jsonl, path.join(cache, 'clicks-0-0-0')]) {
        const copy = await imported(project, 'Clicks', input);
        assert.equal(copy.imported?.file, input);
        assert.equal(copy.elements, original.elements);
        assert.deepEqual(await project.replay({}), { kind: 'replayed', exitCode: 0 });
        assert.deepEqual(sortedLines(project.takeOutput()), replayed, input);
        assert.equal((await latestOf(project, 'Clicks')).id, copy.id);
      }
    }));

  it("of a cache that Interactive Beam's own sink wrote are replayed", () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const cache = path.join(folder, 'cache');
      await python('write', cache, 'floats-0-0-0');
      const copy = await imported(project, 'Clicks', path.join(cache, 'full', 'floats-0-0-0'));
      assert.equal(copy.elements, 41);
      assert.deepEqual([copy.minTimestamp, copy.maxTimestamp], [0, 1950]);
      assert.equal((await project.record()).kind, 'nothing to do', 'it is valid');
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      const sums = sortedLines(project.takeOutput());
      assert.deepEqual(
        sums.map((line) => Number(line.split(' ')[2])).reduce((sum, each) => sum + each, 0),
        41,
      );

      // Pickles among the elements stay what they are, and are not executed.
      await python('write', cache, 'values-0-0-0');
      const values = await imported(project, 'Clicks', path.join(cache, 'full', 'values-0-0-0'));
      const jsonl = path.join(folder, 'values.jsonl');
      await exported(project, values, 'jsonl', jsonl);
      assert.deepEqual(
        (await elementsIn(jsonl)).map(({ value }) => value),
        [
          null,
          1,
          -2.5,
          { bytes: '/wo=' },
          'é',
          [1, 'a'],
          { k: [true] },
          '1970-01-01T00:00:01.500000Z',
        ],
      );
      await exported(project, values, 'interactive-beam', path.join(cache, 'full', 'again-0-0-0'));
      const elementsOf = async (name: string) =>
        (await python('read', cache, name)).flatMap((event) => event['elements'] ?? []);
      assert.deepEqual(await elementsOf('again-0-0-0'), await elementsOf('values-0-0-0'));
    }));

  it('of rows have typed columns that pyarrow reads, and are rows in Interactive Beam', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'orders.py');
      assert.equal((await project.record({ maxElements: 10 })).kind, 'recorded');
      const payments = await latestOf(project, 'Payments');
      const parquet = path.join(folder, 'payments.parquet');
      await exported(project, payments, 'parquet', parquet);
      const [schema, ...rows] = await python('parquet', parquet);
      assert.deepEqual(schema, {
        event_time: 'timestamp[ms, tz=UTC]',
        processing_time: 'timestamp[us, tz=UTC]',
        order: 'int64',
        card: 'string',
        note: 'string',
      });
      assert.equal(rows.length, payments.elements);
      assert.equal(rows[0]?.['card'], '4111 1111 1111 1111');
      const csv = path.join(folder, 'payments.csv');
      await exported(project, payments, 'csv', csv);
      const [head, first] = (await readFile(csv, 'utf8')).split('\n');
      assert.equal(head, 'event_time,processing_time,order,card,note');
      assert.match(first ?? '', /Z,\d+,4111 1111 1111 1111,pay 4111 1111 1111 1111 soon$/);
      const cache = path.join(folder, 'cache', 'full');
      await mkdir(cache, { recursive: true });
      await exported(project, payments, 'interactive-beam', path.join(cache, 'rows-0-0-0'));
      const events = await python('read', path.join(folder, 'cache'), 'rows-0-0-0');
      const theirs = events.flatMap((event) => (event['elements'] ?? []) as [string, number][]);
      assert.equal(theirs.length, payments.elements);
      assert.match(theirs[0]?.[0] ?? '', /^Row\(order=\d+, card='4111 1111 1111 1111', note='pay /);
    }));

  it("go into the source's own coder when they are replayed", () =>
    withTemporaryFolder(async (folder) => {
      // The source emits str, which Beam encodes as UTF-8; the cache has FastPrimitivesCoder.
      const project = await openProject(folder, 'texts.py');
      const cache = path.join(folder, 'cache');
      await python('write', cache, 'texts-0-0-0');
      await imported(project, 'Texts', path.join(cache, 'full', 'texts-0-0-0'));
      assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(
        sortedLines(project.takeOutput()),
        [0, 1, 2].map((id) => String.raw`text {"id": ${id}, "text": "\u00e9%\n"}`),
      );
    }));

  it('leave nothing behind when the input is bad or the file is there', () =>
    withTemporaryFolder(async (folder) => {
      const project = await openProject(folder, 'clicks.py');
      const cache = path.join(folder, 'cache');
      await python('write', cache, 'floats-0-0-0');
      const input = path.join(cache, 'full', 'floats-0-0-0');
      const lines = (await readFile(input, 'utf8')).split('\n');
      await writeFile(input, [...lines.slice(0, -2), 'rubbish', ''].join('\n'));
      await assert.rejects(imported(project, 'Clicks', input), {
        message: `line ${lines.length - 1}: not bytes of Interactive Beam's SafeFastPrimitivesCoder`,
      });
      assert.deepEqual(await storedRecordings(project.store), []);

      await writeFile(input, lines.join('\n'));
      const recording = await imported(project, 'Clicks', input);
      const file = path.join(folder, 'clicks.jsonl');
      await writeFile(file, 'mine');
      await assert.rejects(exported(project, recording, 'jsonl', file), /exists already/);
      assert.equal(await readFile(file, 'utf8'), 'mine');

      const aborted = new AbortController();
      const half = exportRecording({
        store: project.store,
        recording,
        format: 'jsonl',
        output: { file: path.join(folder, 'half.jsonl'), mayReplace: false },
        signal: aborted.signal,
        onWarning: (text) => assert.fail(text),
      });
      aborted.abort(new Error('enough'));
      await assert.rejects(half, /enough/);
      assert.ok((await readdir(folder)).every((name) => !name.includes('half')));
    }));
});
