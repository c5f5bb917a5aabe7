import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { randomFrom } from '../../../server/src/replay/whatIf/random.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from '../session/session.js';
import { processesMarked, until } from './processes.js';
import { faultRuns, faultSeed } from './runs.js';

setFlagsFromString('--expose_gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What this process holds of the system. */
function held() {
  const resources = process.getActiveResourcesInfo().filter((name) => !name.includes('Immediate'));
  return { resources, files: readdirSync('/proc/self/fd').length };
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

describe('recordings that are started and cancelled again and again in one process', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  it('leave no port, handle, file, process or memory behind', () =>
    withTemporaryFolder(async (folder) => {
      const random = randomFrom(faultSeed());
      const project = await openProject(folder, 'clicks.py');
      const cycle = async (): Promise<void> => {
        const controller = new AbortController();
        let wait = random.below(12);
        const outcome = await project.record(
          {},
          {
            force: true,
            signal: controller.signal,
            onEvent: (event) => {
              // A storm of cancellations, from whatever moment on.
              if (event.kind !== 'output' && wait-- <= 0) controller.abort();
            },
          },
        );
        assert.ok(outcome.kind === 'recorded', JSON.stringify(outcome));
        project.events.length = 0;
      };
      process.env['BEAM_REWIND_TEST_MARK'] = folder;
      // What is made once, and kept: the first one tells.
      await cycle();
      await cycle();
      const before = held();
      const heapBefore = heapBytes();
      const runs = faultRuns(2);
      for (let run = 0; run < runs; run++) await cycle();
      const isLeft = () =>
        held().resources.length > before.resources.length || held().files > before.files;
      await until(
        () => !isLeft(),
        () => `before ${JSON.stringify(before)}, now ${JSON.stringify(held())}`,
      );
      assert.deepEqual(processesMarked(folder), []);
      const grown = heapBytes() - heapBefore;
      console.log(`    (heap: ${Math.round(grown / 1024)} KiB more after ${runs} more)`);
      assert.ok(grown < 8e6, `the heap has grown by ${grown} bytes`);
    }));
});
