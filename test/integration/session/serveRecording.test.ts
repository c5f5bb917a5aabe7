import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { WebSocket } from 'ws';
import type { Recording } from '../../../server/src/recording/recording.js';
import { processingClock } from '../../../server/src/recording/processingTime.js';
import type { RecordingWriter } from '../../../server/src/recording/recordingWriter.js';
import { openRecording } from '../../../server/src/recording/recordingWriter.js';
import {
  attemptToStopTestStreamService,
  isATestStreamServiceRunning,
} from '../../../server/src/replay/testStream/running.js';
import type { ServedRecording } from '../../../server/src/session/serveRecording.js';
import { serveRecording } from '../../../server/src/session/serveRecording.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { windowedValues } from '../../windowedValues.js';
import { testPython } from '../testPython.js';

const run = promisify(execFile);
const clientTs = path.resolve('examples/testStreamClient.ts');
const clientPy = path.resolve('examples/test_stream_client.py');

/** A store with recordings of sources, each of two elements and a watermark between them, one after the other. */
async function withRecordings(
  labels: string[],
  work: (folder: string, file: string, store: string) => Promise<void>,
): Promise<void> {
  await withTemporaryFolder(async (folder) => {
    const file = path.join(folder, 'clicks.py');
    const store = path.join(folder, '.beam-rewind');
    await writeFile(file, 'import apache_beam as beam\n');
    for (const [index, label] of labels.entries()) {
      const writer = await openRecording(store, aRecording(`r${index}`, file, label), {}, 'coder');
      writer.addElements(windowedValues([[1000, `${label}1`]]));
      writer.addWatermark(1000n);
      writer.addElements(windowedValues([[2000, `${label}2`]]));
      await writer.end('source finished');
    }
    await work(folder, file, store);
  });
}

function aRecording(id: string, file: string, label: string): Recording {
  return {
    formatVersion: 2,
    id,
    file,
    pipeline: 'p',
    label,
    uniqueName: label,
    coder: 'beam:coder:bytes:v1',
    limits: { durationMs: 1e9, maxBytes: 1e9, maxElements: 1e9 },
    startedAt: 1,
    elements: 0,
    bytes: 0,
  };
}

async function serving(
  labels: string[],
  work: (served: ServedRecording, folder: string, file: string) => Promise<void>,
): Promise<void> {
  await withRecordings(labels, async (folder, file, store) => {
    const served = await serveRecording({
      file,
      store,
      sources: [],
      onWarning: (text) => assert.fail(text),
    });
    assert(served);
    try {
      await work(served, folder, file);
    } finally {
      await served.close();
    }
  });
}

/** Lines without those of processing time, which are as the clock was. */
function timeless(stdout: string): string[] {
  return stdout
    .trim()
    .split('\n')
    .filter((line) => !/processing ?time/i.test(line));
}

/** A program for Python's direct runner that prints what the test stream at an endpoint tells of A and B. */
async function directProgram(folder: string): Promise<string> {
  const program = path.join(folder, 'pipeline.py');
  await writeFile(
    program,
    `
import sys
import apache_beam as beam
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.test_stream import TestStream

with beam.Pipeline('BundleBasedDirectRunner', PipelineOptions(streaming=True)) as p:
    outputs = p | TestStream(beam.coders.BytesCoder(), output_tags={'A', 'B'}, endpoint=sys.argv[1])
    for tag in ('A', 'B'):
        def show(element, timestamp=beam.DoFn.TimestampParam, tag=tag):
            print(tag, element, timestamp.micros, flush=True)
        outputs[tag] | f'show {tag}' >> beam.Map(show)
`,
  );
  return program;
}

const maxMicros = '9223372036854775000';

describe('a served recording', () => {
  it('reaches the TypeScript client of the documentation', () =>
    serving(['A', 'B'], async ({ url, token }, folder) => {
      const tokenFile = path.join(folder, 'token');
      await writeFile(tokenFile, token);
      const args = ['--import=tsx', clientTs, url, tokenFile];
      const { stdout } = await run(process.execPath, args);
      const events = timeless(stdout).map(
        (line) => JSON.parse(line.replace(/^\d+ /, '')) as unknown,
      );
      const element = (tag: string, value: string, timestamp: string) => {
        const encodedElement = Buffer.from(value).toString('base64');
        return { elementEvent: { elements: [{ encodedElement, timestamp }], tag } };
      };
      const watermark = (tag: string, newWatermark: string) => ({
        watermarkEvent: { newWatermark, tag },
      });
      assert.deepEqual(events, [
        element('A', 'A1', '1000000'),
        watermark('A', '1000000'),
        element('A', 'A2', '2000000'),
        element('B', 'B1', '1000000'),
        watermark('B', '1000000'),
        element('B', 'B2', '2000000'),
        watermark('A', maxMicros),
        watermark('B', maxMicros),
      ]);
    }));

  it("reaches the Python client of the documentation, by the SDK's own stub", () =>
    serving(['A', 'B'], async ({ endpoint }) => {
      const python = await testPython();
      const ask = async (...outputs: string[]) =>
        timeless((await run(python, [clientPy, endpoint, ...outputs])).stdout);
      assert.deepEqual(await ask(), [
        "element A b'A1' 1000000",
        'watermark A 1000000',
        "element A b'A2' 2000000",
        "element B b'B1' 1000000",
        'watermark B 1000000',
        "element B b'B2' 2000000",
        `watermark A ${maxMicros}`,
        `watermark B ${maxMicros}`,
      ]);
      assert.deepEqual(await ask('B'), [
        "element B b'B1' 1000000",
        'watermark B 1000000',
        "element B b'B2' 2000000",
        `watermark B ${maxMicros}`,
      ]);
      await assert.rejects(
        ask('C'),
        /INVALID_ARGUMENT[^]*The outputs of this test stream are "A", "B"/,
      );
    }));

  it("is read by a TestStream of the Python SDK's direct runner", () =>
    serving(['A', 'B'], async ({ endpoint }, folder) => {
      const program = await directProgram(folder);
      const { stdout } = await run(await testPython(), [program, endpoint]);
      assert.deepEqual(stdout.trim().split('\n').sort(), [
        "A b'A1' 1000000",
        "A b'A2' 2000000",
        "B b'B1' 1000000",
        "B b'B2' 2000000",
      ]);
    }));

  it('is stopped by the name of its file', () =>
    serving(['A'], async (served, _folder, file) => {
      assert.equal(isATestStreamServiceRunning(file), true);
      assert.equal(await attemptToStopTestStreamService(file), 1);
      assert.equal(served.isRunning, false);
      assert.equal(await served.ended, 'stopped');
      assert.equal(isATestStreamServiceRunning(file), false);
      assert.equal(await attemptToStopTestStreamService(file), 0);
    }));

  it('stops when idle', () =>
    withRecordings(['A'], async (_folder, file, store) => {
      const onWarning = (text: string): void => {
        assert.fail(text);
      };
      const served = await serveRecording({
        file,
        store,
        sources: [],
        idleTimeoutMs: 1,
        onWarning,
      });
      assert.equal(await served?.ended, 'idle');
    }));

  it('is nothing without a recording', () =>
    withTemporaryFolder(async (store) => {
      const onWarning = (): void => undefined;
      assert.equal(
        await serveRecording({ file: '/x.py', store, sources: [], onWarning }),
        undefined,
      );
    }));

  it('is served by the CLI until Ctrl-C', () =>
    withRecordings(['A'], async (folder) => {
      const cli = path.resolve('dist/cli.js');
      const child = spawn(process.execPath, [cli, 'serve', 'clicks.py', '--json'], { cwd: folder });
      const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
      const first = (await lines.next()) as { value: string };
      const { url, tokenFile } = JSON.parse(first.value) as { url: string; tokenFile: string };
      assert.equal((await stat(tokenFile)).mode & 0o777, 0o600);
      const { stdout } = await run(process.execPath, ['--import=tsx', clientTs, url, tokenFile]);
      assert.equal(timeless(stdout).length, 4);
      const exit = once(child, 'exit');
      child.kill('SIGINT');
      assert.deepEqual(await exit, [0, null]);
      assert.equal(existsSync(tokenFile), false);
    }));
});

describe('a recording that is served while it is made', () => {
  /** A and B, each with one element so far. */
  const servingLive = (
    work: (served: ServedRecording, writers: RecordingWriter[], folder: string) => Promise<void>,
  ): Promise<void> =>
    withTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'clicks.py');
      const store = path.join(folder, '.beam-rewind');
      const clock = processingClock();
      const writers: RecordingWriter[] = [];
      for (const label of ['A', 'B']) {
        const recording = aRecording(label, file, label);
        const writer = await openRecording(store, recording, {}, 'coder', { clock });
        writer.addElements(windowedValues([[1000, `${label}1`]]));
        await writer.flush();
        writers.push(writer);
      }
      const onWarning = (text: string) => assert.fail(text);
      const served = await serveRecording({ file, store, sources: [], onWarning });
      assert(served);
      try {
        await work(served, writers, folder);
      } finally {
        for (const writer of writers) await writer.end('cancelled');
        await served.close();
      }
    });

  /** The lines of a program that say something of elements, as they come. */
  async function* elementLines(stdout: Readable): AsyncGenerator<string> {
    for await (const line of createInterface(stdout)) {
      if (/element|^[AB] b'/.test(line)) yield line;
    }
  }

  const follow = async (
    command: string,
    args: string[],
    [a, b]: RecordingWriter[],
  ): Promise<string[]> => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exit = once(child, 'exit');
    const seen: string[] = [];
    for await (const line of elementLines(child.stdout)) {
      seen.push(line);
      // Only a reader who follows has seen these two, and gets to see what is written now.
      if (seen.length === 2) {
        a?.addElements(windowedValues([[2000, 'A2']]));
        await a?.flush();
      } else if (seen.length === 3) {
        b?.addElements(windowedValues([[3000, 'B2']]));
        await a?.end('source finished');
        await b?.end('source finished');
      }
    }
    assert.deepEqual(await exit, [0, null]);
    return seen;
  };

  it('is followed to its end by WebSocket', () =>
    servingLive(async ({ url, token, outputs }, writers, folder) => {
      assert.deepEqual(
        outputs.map(({ isLive }) => isLive),
        [true, true],
      );
      const tokenFile = path.join(folder, 'token');
      await writeFile(tokenFile, token);
      const args = ['--import=tsx', clientTs, url, tokenFile];
      const told = await follow(process.execPath, args, writers);
      const values = told.map((line) => {
        const encoded = /"encodedElement":"(\S+?)"/.exec(line)?.[1] ?? '';
        return Buffer.from(encoded, 'base64').toString();
      });
      assert.deepEqual(values, ['A1', 'B1', 'A2', 'B2']);
    }));

  it("is followed to its end by Python's direct runner", () =>
    servingLive(async ({ endpoint }, writers, folder) => {
      const program = await directProgram(folder);
      const told = await follow(await testPython(), [program, endpoint], writers);
      assert.deepEqual(told.sort(), [
        "A b'A1' 1000000",
        "A b'A2' 2000000",
        "B b'B1' 1000000",
        "B b'B2' 3000000",
      ]);
    }));

  it('lets go of a client that leaves while nothing arrives', () =>
    servingLive(async ({ url, token, close }) => {
      const headers = { authorization: `Bearer ${token}` };
      const socket = new WebSocket(url, 'beam-rewind.json.v1', { headers });
      socket.on('open', () => {
        socket.send('{"type":"start"}');
      });
      for await (const [data] of on(socket, 'message') as AsyncIterable<[Buffer]>) {
        if (data.toString().includes('"elementEvent"')) break;
      }
      socket.close();
      await once(socket, 'close');
      await close();
    }));
});

describe('docs/test-stream.md', () => {
  it('shows the clients that the tests run', () => {
    const text = readFileSync('docs/test-stream.md', 'utf8');
    for (const client of [clientTs, clientPy])
      assert(text.includes(readFileSync(client, 'utf8')), client);
  });
});
