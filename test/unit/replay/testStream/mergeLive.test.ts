import assert from 'node:assert/strict';
import type { FollowedLog } from '../../../../server/src/recording/followLog.js';
import type { MergedRecord } from '../../../../server/src/replay/testStream/mergeLogs.js';
import { mergeLive } from '../../../../server/src/replay/testStream/mergeLive.js';
import type { Record } from './logs.js';
import { elements, end, watermark } from './logs.js';

const second = 1_000_000;

/** Logs that get more at certain times of a clock that moves only while somebody waits. */
class Written {
  nowMicros = 0;
  closed = 0;
  readonly clock = {
    nowMicros: () => BigInt(this.nowMicros),
    wait: (ms: number) => {
      this.nowMicros += ms * 1000;
      return Promise.resolve();
    },
  };

  /** @param writes each is there from a time of the clock on, µs; after the last one the log has ended */
  log(writes: [at: number, record: Record][]): FollowedLog {
    const left = [...writes];
    return {
      next: () => {
        const [first] = left;
        if (!first) return Promise.resolve('ended');
        if (first[0] > this.nowMicros) return Promise.resolve('pending');
        left.shift();
        return Promise.resolve(first[1]);
      },
      close: () => {
        this.closed++;
        return Promise.resolve();
      },
    };
  }

  merge(logs: FollowedLog[], isWanted = () => true): AsyncGenerator<MergedRecord> {
    const startedAt = logs.map(() => 0);
    return mergeLive(logs, startedAt, isWanted, this.clock);
  }
}

/** `0 elements@1000`; the passing of time as `time@1000`. */
async function linesOf(merged: AsyncIterable<MergedRecord>): Promise<string[]> {
  const lines: string[] = [];
  for await (const { output, arrivalMicros, record } of merged) {
    lines.push(
      record.case === undefined
        ? `time@${arrivalMicros}`
        : `${output} ${record.case}@${arrivalMicros}`,
    );
  }
  return lines;
}

const a = (at: number): Record => elements(at, [1, 'a']);

describe('logs that are still written', () => {
  it('come in the order of arrival when the other is written less than a second later', async () => {
    const written = new Written();
    const merged = written.merge([
      written.log([
        [0, a(10)],
        [0, a(40)],
        [0, end(50)],
      ]),
      written.log([[0.9 * second, watermark(20, 1)]]),
    ]);
    assert.deepEqual(await linesOf(merged), [
      '0 elements@10',
      '1 watermark@20',
      '0 elements@40',
      '0 end@50',
    ]);
    assert.equal(written.closed, 2);
  });

  it('do not wait for one that is silent', async () => {
    const written = new Written();
    const silent = written.log([[60 * second, end(60 * second)]]);
    const merged = written.merge([silent, written.log([[0, a(10)]])]);
    assert.deepEqual((await linesOf(merged)).slice(0, 1), ['1 elements@10']);
    // It was told a second after it arrived, not after a minute.
    const again = written.merge([written.log([[3600 * second, a(1)]]), written.log([[0, a(10)]])]);
    await again.next();
    assert(written.nowMicros < 62 * second, String(written.nowMicros));
  });

  it('tell the passing of time while nothing arrives', async () => {
    const written = new Written();
    const merged = written.merge([written.log([[4.5 * second, end(4.4 * second)]])]);
    const lines = await linesOf(merged);
    assert.deepEqual(lines, [
      'time@1000000',
      'time@2000000',
      'time@3000000',
      `0 end@${4.4 * second}`,
    ]);
  });

  it('end for a reader who left, and are closed', async () => {
    const written = new Written();
    const never = written.log([[Infinity, end(0)]]);
    const merged = written.merge([never], () => written.nowMicros < 10 * second);
    await linesOf(merged);
    assert(written.nowMicros < 11 * second);
    assert.equal(written.closed, 1);
  });
});
