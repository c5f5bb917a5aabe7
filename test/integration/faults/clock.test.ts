import assert from 'node:assert/strict';
import { readLog } from '../../../server/src/recording/readLog.js';
import { logPath } from '../../../server/src/recording/store.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from '../session/session.js';

const hourMs = 3_600_000;
const SystemDate = Date;

/** Sets the clock that this process sees. @param byMs against the system's */
function setClock(byMs: number): void {
  globalThis.Date = class extends SystemDate {
    constructor(value?: number | string) {
      super(value ?? SystemDate.now() + byMs);
    }

    static override now(): number {
      return SystemDate.now() + byMs;
    }
  } as DateConstructor;
}

describe('a clock that is set while a recording runs', () => {
  afterEach(() => {
    globalThis.Date = SystemDate;
  });

  for (const [name, byMs] of [
    ['back', -hourMs],
    ['forward', hourMs],
  ] as const) {
    it(`${name} changes neither its times nor which recording is the latest`, () =>
      withTemporaryFolder(async (folder) => {
        const project = await openProject(folder, 'clicks.py');
        const limits = { durationMs: 2000 };
        const outcome = await project.record(limits, {
          onEvent: (event) => {
            if (event.kind === 'progress' && event.progress.elements > 5) setClock(byMs);
          },
        });
        assert.equal(outcome.kind, 'recorded', JSON.stringify(outcome));
        const [recording] = await storedRecordings(project.store);
        assert.ok(recording?.endReason === 'duration limit', recording?.endReason);
        assert.ok(recording.endedAt! - recording.startedAt < hourMs / 2);
        assert.ok(recording.endedAt! > recording.startedAt);

        const arrivals: number[] = [];
        for await (const { record } of readLog(logPath(project.store, recording.id), () =>
          assert.fail('damaged'),
        ))
          if (record.case === 'elements') arrivals.push(Number(record.value.arrivalMicros) / 1000);
        assert.ok(arrivals.length > 5);
        assert.ok(arrivals.every((time, i) => i === 0 || time > arrivals[i - 1]!));
        // Elements come from a process whose clock nobody sets.
        const { minTimestamp = 0, maxTimestamp = 0 } = recording;
        const drift = arrivals.at(-1)! - arrivals[0]! - (maxTimestamp - minTimestamp);
        assert.ok(Math.abs(drift) < hourMs / 2, `${drift} ms`);

        await project.record({ maxElements: 5 }, { force: true });
        const [first, second] = await storedRecordings(project.store);
        assert.equal(first?.id, recording.id);
        assert.ok(second && second.startedAt > first.startedAt);
        assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
        const sums = project.takeOutput().matchAll(/^sum \S+ (\d+)/gm);
        const replayed = [...sums].reduce((total, [, sum]) => total + Number(sum), 0);
        assert.equal(replayed, second.elements);
      }));
  }
});
