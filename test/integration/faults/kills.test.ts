import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { randomFrom } from '../../../server/src/replay/whatIf/random.js';
import { storedRecordings } from '../../../server/src/session/recordings.js';
import type { TestProject } from '../session/session.js';
import { openProject } from '../session/session.js';
import { processesMarked, until } from './processes.js';
import type { Recorder } from './recorders.js';
import { recordByCli, recordByLanguageServer } from './recorders.js';
import { faultRuns, faultSeed } from './runs.js';
import { readWitness, recordedTimes, watched } from './witness.js';

/** What is killed, or broken, and in which process that records. */
const victims = [
  { recorder: 'CLI', victim: 'it' },
  { recorder: 'language server', victim: 'it' },
  { recorder: 'CLI', victim: 'it and its supervisors' },
  { recorder: 'language server', victim: 'Prism' },
  { recorder: 'CLI', victim: 'the program' },
  { recorder: 'CLI', victim: "the worker's data stream" },
  { recorder: 'language server', victim: "the worker's control stream" },
  { recorder: 'CLI', victim: "the worker's connection" },
] as const;

const recorders = {
  CLI: (file: string, env: NodeJS.ProcessEnv) => recordByCli(file, ['--force'], env),
  'language server': recordByLanguageServer,
};

type Victim = (typeof victims)[number]['victim'];

const patterns = { Prism: /--job_port/, 'the program': /run_pipeline\.py/ };

/** True once the victim is there to be killed. */
function isThere(victim: Victim, witness: string): boolean {
  if (victim.startsWith('the worker')) return readWitness(witness).delivered.size > 0;
  if (victim !== 'Prism' && victim !== 'the program') return true;
  return processesMarked(witness).some(({ command }) => patterns[victim].test(command));
}

function kill(victim: Victim, { pid }: Recorder, witness: string): void {
  if (victim.startsWith('the worker')) {
    process.kill(pid, 'SIGUSR2');
    return;
  }
  const all = processesMarked(witness);
  const matching = (pattern: RegExp) =>
    all.filter(({ command }) => pattern.test(command)).map((one) => one.pid);
  const pids =
    victim === 'Prism' || victim === 'the program'
      ? matching(patterns[victim])
      : [pid, ...(victim === 'it' ? [] : matching(/supervisor\.mjs/))];
  // Stopped first, none can notice the end of another.
  for (const one of pids) process.kill(one, 'SIGSTOP');
  for (const one of pids) process.kill(one, 'SIGKILL');
}

describe('kill -9 while recording on Prism', () => {
  let folder: string;
  let project: TestProject;
  const random = randomFrom(faultSeed());

  before(async function () {
    if (process.platform !== 'linux') this.skip();
    folder = await mkdtemp(path.join(tmpdir(), 'beam-rewind-test-'));
    project = await openProject(folder, 'clicks.py');
    const text = await readFile(project.file, 'utf8');
    await writeFile(project.file, text.replace('fire_interval=0.05', 'fire_interval=0.01'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  // One store for all: each start finds what the fault before it left behind.
  const runs = faultRuns(victims.length);
  for (let run = 0; run < runs; run++) {
    const { recorder: name, victim } = victims[run % victims.length]!;
    it(`by the ${name}, of ${victim}: nothing is lost or doubled or left running (${run + 1})`, async () => {
      const earlier = (await storedRecordings(project.store)).map(({ id }) => id);
      const witness = path.join(folder, `witness-${run}`);
      const toBreak = victim.replace("the worker's ", '');
      const recorder = await recorders[name](project.file, watched(witness, toBreak));
      // A third of the time while all of it starts, else among elements.
      const isEarly = random.below(3) === 0;
      const elements = isEarly ? 0 : random.below(200);
      const delayMs = random.below(isEarly ? 2500 : 20);
      await until(
        () => isThere(victim, witness) && readWitness(witness).acknowledged.size >= elements,
        () => `${victim} is not there, or nothing arrives`,
      );
      await setTimeout(delayMs);
      kill(victim, recorder, witness);
      const outcome = await recorder.ended;
      const isOver = victim.startsWith('it');
      assert.equal(outcome, isOver ? undefined : 'failed');
      if (!isOver) await recorder.close();
      const left = () => processesMarked(witness);
      await until(
        () => left().length === 0,
        () => `left running: ${JSON.stringify(left())}`,
      );

      const made = (await storedRecordings(project.store)).filter(
        ({ id }) => !earlier.includes(id),
      );
      assert.ok(made.length <= 1, 'one recording');
      const [recording] = made;
      const { delivered, acknowledged } = readWitness(witness);
      const times = recording ? await recordedTimes(project.store, recording.id) : [];
      assert.equal(new Set(times).size, times.length, 'an element is doubled');
      const lost = [...acknowledged].filter((time) => !times.includes(time));
      assert.deepEqual(lost, [], 'acknowledged elements are lost');
      assert.ok(times.every((time) => delivered.has(time)));
      assert.equal(recording?.elements ?? 0, times.length);
      if (recording) assert.equal(recording.endReason, isOver ? 'interrupted' : 'failed');
    });
  }

  it('leaves a store that the next recording and its replay can use', async () => {
    const recorder = await recordByCli(project.file, ['--force', '--max-elements', '5']);
    assert.equal(await recorder.ended, 'recorded');
    assert.deepEqual(await project.replay(), { kind: 'replayed', exitCode: 0 });
  });
});
