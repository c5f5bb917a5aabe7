import assert from 'node:assert/strict';
import type { Clock } from '../../../../server/src/replay/testStream/clock.js';
import type { TestStreamOutput } from '../../../../server/src/replay/testStream/openTestStream.js';
import { openTestStream } from '../../../../server/src/replay/testStream/openTestStream.js';
import { createPlayback } from '../../../../server/src/replay/testStream/playback.js';
import { withTemporaryFolder } from '../../../temporaryFolder.js';
import { anOutput, elements, end, failOnDamage, lineOf, watermark } from './logs.js';

/** A clock that stands still until a wait is begun, which passes at once, and is noted. */
class LeapingClock implements Clock {
  time = 0;
  waits: number[] = [];
  now = () => this.time;
  after(ms: number, callback: () => void): () => void {
    this.waits.push(ms);
    this.time += ms;
    const immediate = setImmediate(callback);
    return () => {
      clearImmediate(immediate);
    };
  }
}

/** A playback of outputs and what it told, in lines. */
function aPlayback(outputs: TestStreamOutput[], clock: Clock = new LeapingClock()) {
  const told: string[] = [];
  const waiting: { line: string; resolve: () => void }[] = [];
  const sink = { isFull: false, reads: 0 };
  const tell = (line: string): void => {
    told.push(line);
    for (const each of waiting) if (line.startsWith(each.line)) each.resolve();
  };
  const playback = createPlayback(
    async (place, isWanted) => {
      const stream = await openTestStream(outputs, place, failOnDamage, isWanted);
      const next = () => {
        sink.reads++;
        return stream.next();
      };
      return { ...stream, next };
    },
    {
      isFull: () => sink.isFull,
      event: (event) => {
        tell(lineOf(event, []));
      },
      at: ({ ordinal }) => {
        tell(`at ${ordinal}`);
      },
      paused: (ordinal) => {
        tell(`paused ${ordinal}`);
      },
      ended: (ordinal) => {
        tell(`end ${ordinal}`);
      },
      failed: (error) => {
        tell(`failed ${String(error)}`);
      },
    },
    clock,
  );
  /** Resolves when a line that begins so is told from now on. */
  const until = (line: string): Promise<void> =>
    new Promise((resolve) => waiting.push({ line, resolve }));
  return { playback, told, until, sink };
}

const records = [
  elements(0, [1, 'a']),
  elements(100_000, [2, 'b']),
  watermark(100_000, 2),
  elements(300_000, [3, 'c']),
  watermark(300_000, 3),
  end(300_000),
];
const lines = [
  '0 a@1000',
  '1 +100000us',
  '2 b@2000',
  '3 w2000',
  '4 +200000us',
  '5 c@3000',
  '6 w3000',
  '7 w9223372036854775000',
];

function withPlayback(
  work: (parts: ReturnType<typeof aPlayback> & { clock: LeapingClock }) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder(async (folder) => {
    const clock = new LeapingClock();
    const parts = aPlayback([await anOutput(folder, 'A', records)], clock);
    await work({ ...parts, clock });
    await parts.playback.close();
  });
}

describe('a playback', () => {
  it('plays all as fast as it can, without waiting', () =>
    withPlayback(async ({ playback, told, until, clock }) => {
      const ended = until('end');
      playback.start({ ordinal: 0 }, 'max');
      await ended;
      assert.deepEqual(told, ['at 0', ...lines, 'end 8']);
      assert.deepEqual(clock.waits, []);
    }));

  it('keeps the pace of the recording, times a factor', () =>
    withPlayback(async ({ playback, until, clock }) => {
      const ended = until('end');
      playback.start({ ordinal: 0 }, 2);
      await ended;
      assert.deepEqual(clock.waits, [50, 100]);
    }));

  it('keeps the pace from the place where it starts', () =>
    withPlayback(async ({ playback, told, until, clock }) => {
      const ended = until('end');
      playback.start({ ordinal: 4 }, 1);
      await ended;
      assert.deepEqual(told, ['at 4', ...lines.slice(4), 'end 8']);
      assert.deepEqual(clock.waits, [200]);
    }));

  it('steps by events and to watermarks, from the start without being started', () =>
    withPlayback(async ({ playback, told, until }) => {
      let paused = until('paused');
      playback.step();
      await paused;
      paused = until('paused');
      playback.step();
      playback.step();
      await paused;
      assert.deepEqual(told, ['at 0', lines[0], 'paused 1', lines[1], lines[2], 'paused 3']);
      paused = until('paused 4');
      playback.stepToWatermark();
      await paused;
      paused = until('paused 7');
      playback.stepToWatermark();
      await paused;
      assert.deepEqual(told.slice(6), [lines[3], 'paused 4', ...lines.slice(4, 7), 'paused 7']);
    }));

  it('pauses in the middle of a wait, loses nothing, and resumes', () =>
    withTemporaryFolder(async (folder) => {
      let waiting: (() => void) | undefined;
      let cancelled = 0;
      const isWaiting = new Promise<void>((resolve) => (waiting = resolve));
      const clock: Clock = {
        now: () => 0,
        after: () => {
          waiting?.();
          return () => cancelled++;
        },
      };
      const outputs = [await anOutput(folder, 'A', records)];
      const { playback, told, until } = aPlayback(outputs, clock);
      playback.start({ ordinal: 0 }, 1);
      await isWaiting;
      playback.pause();
      assert.deepEqual(told, ['at 0', lines[0], 'paused 1']);
      const stepped = until('paused 2');
      playback.step();
      await stepped;
      assert.equal(told.at(-2), lines[1]);
      assert.equal(cancelled, 1);
      const ended = until('end');
      playback.start({ ordinal: 2 }, 'max');
      await ended;
      assert.deepEqual(told.slice(-8), ['at 2', ...lines.slice(2), 'end 8']);
      await playback.close();
    }));

  it('seeks while paused, while playing, and after the end', () =>
    withPlayback(async ({ playback, told, until }) => {
      let at = until('at 5');
      playback.seek({ ordinal: 5 });
      await at;
      assert.deepEqual(told, ['at 5']);
      let ended = until('end');
      playback.resume();
      await ended;
      assert.deepEqual(told, ['at 5', ...lines.slice(5), 'end 8']);
      at = until('at 7');
      playback.seek({ eventTime: 3001n });
      await at;
      ended = until('end');
      playback.resume();
      await ended;
      assert.deepEqual(told.slice(5), ['at 7', lines[7], 'end 8']);
    }));

  it('reads nothing while its reader takes nothing', () =>
    withPlayback(async ({ playback, told, until, sink }) => {
      sink.isFull = true;
      const at = until('at');
      playback.start({ ordinal: 0 }, 'max');
      await at;
      for (let turn = 0; turn < 20; turn++) {
        playback.wake();
        await new Promise(setImmediate);
      }
      assert.deepEqual(told, ['at 0']);
      assert.equal(sink.reads, 1);
      sink.isFull = false;
      const ended = until('end');
      playback.wake();
      await ended;
      assert.deepEqual(told, ['at 0', ...lines, 'end 8']);
    }));

  it('says when the recording cannot be read', () =>
    withTemporaryFolder(async (folder) => {
      const gone = { tag: 'A', log: `${folder}/gone`, isComplete: true };
      const { playback, told, until } = aPlayback([gone]);
      const failed = until('failed');
      playback.step();
      await failed;
      assert.match(told.join(), /ENOENT/);
    }));
});
