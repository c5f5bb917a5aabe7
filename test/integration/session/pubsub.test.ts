import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { pythonDirect } from '../../../server/src/beam/backends/pythonDirect.js';
import { analyzeText } from '../../../server/src/language/language.js';
import { runToEnd } from '../../../server/src/processes/runToEnd.js';
import type { SupervisedProcess } from '../../../server/src/processes/supervise.js';
import { sourceStatuses } from '../../../server/src/session/statusOfFile.js';
import { pubsubEmulator, pubsubPython, startPubsubEmulator } from '../../toolchains/pubsub.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { testPython } from '../testPython.js';
import type { TestProject } from './session.js';
import { openProject, sortedLines } from './session.js';

describe('ReadFromPubSub', function () {
  // Its emulator may have to be built first.
  this.timeout(600_000);

  let interpreter: string;
  let emulator: SupervisedProcess | undefined;
  before(async () => {
    interpreter = await pubsubPython(await testPython(), () => undefined);
    const started = await startPubsubEmulator(await pubsubEmulator(() => undefined));
    emulator = started.emulator;
    process.env['PUBSUB_EMULATOR_HOST'] = started.address;
  });
  after(async () => {
    delete process.env['PUBSUB_EMULATOR_HOST'];
    await emulator?.stop();
  });

  /** An hour from now, s: no order is late, since the watermark that the runner gives Pub/Sub is the time of the day. */
  const inAnHour = Math.ceil(Date.now() / 60_000) * 60 + 3600;
  const publish = () =>
    runToEnd(interpreter, ['test/pubsub/publish.py', String(inAnHour)], process.env);

  async function recordingOf({ file, store }: TestProject, label: string) {
    const { sources } = await analyzeText(file, await readFile(file, 'utf8'));
    const statuses = await sourceStatuses(store, file, sources);
    return statuses.find((status) => status.label === label)?.recording;
  }

  it('is recorded by the direct runner, though the backend is Prism, and replayed by both', () =>
    withTemporaryFolder(async (folder) => {
      await publish();
      const project = await openProject(folder, 'pubsub_orders.py');
      const sourceLimits = [
        { pattern: 'Orders', limits: { maxElements: 30 } },
        { pattern: 'Notes', limits: { maxElements: 12 } },
      ];
      const recorded = await project.record({}, { interpreter, settings: { sourceLimits } });
      assert.ok(recorded.kind === 'recorded' && !recorded.cancelled, JSON.stringify(recorded));
      assert.ok(
        project.events.some(
          (event) => event.kind === 'message' && event.text.includes(pythonDirect),
        ),
        'the user is told which runner records',
      );
      const orders = await recordingOf(project, 'Orders');
      const notes = await recordingOf(project, 'Notes');
      assert.deepEqual(
        [orders?.elements, orders?.endReason, orders?.minTimestamp, orders?.maxTimestamp],
        [30, 'elements limit', inAnHour * 1000, (inAnHour + 290) * 1000],
      );
      assert.deepEqual([notes?.elements, notes?.endReason], [12, 'elements limit']);

      const sums = [0, 1, 2, 3, 4].map((minute) => {
        return `sum ${inAnHour + 60 * minute} ${36 * minute + 15}`;
      });
      let first: string[] = [];
      for (const backend of ['prism', pythonDirect, 'prism', pythonDirect]) {
        project.takeOutput();
        const replayed = await project.replay({ interpreter, backend });
        assert.deepEqual(replayed, { kind: 'replayed', exitCode: 0 }, backend);
        const lines = sortedLines(project.takeOutput());
        if (first.length === 0) first = lines;
        assert.deepEqual(lines, first, backend);
      }
      assert.deepEqual(
        first.filter((line) => line.startsWith('sum')),
        sums,
      );
      const told = first.filter((line) => line.startsWith('note'));
      assert.deepEqual(
        new Set(told.map((line) => line.split(' ').slice(0, 4).join(' '))),
        new Set(Array.from({ length: 12 }, (_, n) => `note note ${n} sender-${n % 3}`)),
      );
      assert.ok(
        told.every((line) => /^note note \d+ sender-\d \S+$/.test(line)),
        told.join('\n'),
      );
    }));

  it('is recorded by a run whose main job follows it, on python-direct; a replay tells the same', () =>
    withTemporaryFolder(async (folder) => {
      await publish();
      const project = await openProject(folder, 'pubsub_orders.py');
      const variant = { interpreter, backend: pythonDirect };
      const sourceLimits = [
        { pattern: 'Orders', limits: { maxElements: 60 } },
        { pattern: 'Notes', limits: { maxElements: 24 } },
      ];
      let isFollowed = false;
      const run = await project.run(
        {},
        {
          ...variant,
          settings: { sourceLimits },
          onEvent(event) {
            if (event.kind !== 'message' || !event.text.includes('follows it to its end')) return;
            isFollowed = true;
            void publish();
          },
        },
      );
      assert.deepEqual(run, { kind: 'replayed', exitCode: 0 });
      assert.ok(isFollowed, 'the recording was still being made');
      const lines = sortedLines(project.takeOutput());
      assert.equal(lines.filter((line) => line.startsWith('sum')).length, 5);
      assert.equal(lines.filter((line) => line.startsWith('note')).length, 24);
      assert.deepEqual(await project.replay(variant), { kind: 'replayed', exitCode: 0 });
      assert.deepEqual(sortedLines(project.takeOutput()), lines);
    }));

  it('ends, with what follows it, when the run is cancelled', () =>
    withTemporaryFolder(async (folder) => {
      await publish();
      const project = await openProject(folder, 'pubsub_orders.py');
      const cancelling = new AbortController();
      const run = await project.run(
        {},
        {
          interpreter,
          backend: pythonDirect,
          signal: cancelling.signal,
          onEvent(event) {
            // The main job has told what is recorded, and waits for more.
            if (event.kind === 'output' && Buffer.from(event.data).includes('note 11'))
              cancelling.abort();
          },
        },
      );
      assert.deepEqual(run, { kind: 'cancelled' });
      const notes = await recordingOf(project, 'Notes');
      assert.deepEqual([notes?.elements, notes?.endReason], [12, 'cancelled']);
    }));

  it('has the watermark that the runner saw, and ends when it is cancelled', () =>
    withTemporaryFolder(async (folder) => {
      await publish();
      const project = await openProject(folder, 'pubsub_orders.py');
      const cancelling = new AbortController();
      const recorded = await project.record(
        {},
        {
          interpreter,
          backend: pythonDirect,
          signal: cancelling.signal,
          onEvent(event) {
            if (event.kind === 'progress' && event.progress.elements === 42) cancelling.abort();
          },
        },
      );
      assert.ok(recorded.kind === 'recorded' && recorded.cancelled, JSON.stringify(recorded));
      const orders = await recordingOf(project, 'Orders');
      assert.deepEqual([orders?.elements, orders?.endReason], [30, 'cancelled']);
      assert.ok(orders?.watermark !== undefined && orders.endedAt !== undefined);
      assert.ok(
        orders.watermark <= orders.endedAt && orders.watermark > orders.startedAt - 60_000,
        `${orders.watermark} is the time of the day, not that of the orders`,
      );
    }));
});
