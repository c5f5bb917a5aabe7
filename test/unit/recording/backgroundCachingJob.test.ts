import assert from 'node:assert/strict';
import type { JobStateName } from '../../../server/src/recording/backgroundCachingJob.js';
import { BackgroundCachingJob } from '../../../server/src/recording/backgroundCachingJob.js';
import { bytesLimiter } from '../../../server/src/recording/limiters/bytesLimiter.js';
import { durationLimiter } from '../../../server/src/recording/limiters/durationLimiter.js';
import { elementsLimiter } from '../../../server/src/recording/limiters/elementsLimiter.js';
import { recordingsLimiter } from '../../../server/src/recording/limiters/recordingsLimiter.js';
import { storeLimiter } from '../../../server/src/recording/limiters/storeLimiter.js';
import type { EndReason, Recording } from '../../../server/src/recording/recording.js';

function runningJob() {
  const result = {
    state: 'RUNNING' as JobStateName,
    cancels: 0,
    cancel() {
      this.cancels++;
      this.state = 'CANCELLING';
      return Promise.resolve();
    },
  };
  const counts = { elapsedMs: 999, bytes: 499, elements: 9, storeBytes: 4999 };
  const limiters = [
    durationLimiter(1000, () => counts.elapsedMs),
    bytesLimiter(500, () => counts.bytes),
    elementsLimiter(10, () => counts.elements),
    storeLimiter(5000, () => counts.storeBytes),
  ];
  return { result, counts, job: new BackgroundCachingJob(result, limiters) };
}

describe('BackgroundCachingJob', () => {
  for (const [reason, reached] of [
    ['duration limit', { elapsedMs: 1000 }],
    ['bytes limit', { bytes: 500 }],
    ['elements limit', { elements: 10 }],
    ['store limit', { storeBytes: 5000 }],
  ] as const) {
    it(`is cancelled once at its ${reason}, and is done then`, async () => {
      const { result, counts, job } = runningJob();
      await job.checkLimits();
      assert.equal(job.isDone, false);
      assert.equal(job.isRunning, true);
      Object.assign(counts, reached);
      await job.checkLimits();
      await job.checkLimits();
      assert.equal(result.cancels, 1);
      assert.equal(job.endReason, reason);
      assert.equal(job.isDone, true);
      assert.equal(job.isRunning, false);
      result.state = 'CANCELLED';
      assert.equal(job.isDone, true);
    });
  }

  it('is not done when the user cancelled it', async () => {
    const { result, job } = runningJob();
    await job.cancel();
    result.state = 'CANCELLED';
    assert.equal(job.isDone, false);
    assert.equal(job.endReason, 'cancelled');
  });

  it('is cancelled once however often the user says so', async () => {
    const { result, job } = runningJob();
    await Promise.all(Array.from({ length: 100 }, () => job.cancel()));
    assert.equal(result.cancels, 1);
  });

  it('is done when its sources ended, not when it failed', () => {
    const { result, job } = runningJob();
    result.state = 'FAILED';
    assert.equal(job.isDone, false);
    result.state = 'DONE';
    assert.equal(job.isDone, true);
  });
});

describe('recordingsLimiter', () => {
  const limiterOf = (together: boolean, ...reasons: (EndReason | undefined)[]) =>
    recordingsLimiter(
      () => reasons.map((endReason) => ({ endReason }) as unknown as Recording),
      together,
    );

  it('waits for every recording to end', () => {
    assert.equal(limiterOf(false, 'elements limit', undefined).isTriggered(), false);
    assert.equal(limiterOf(false, 'elements limit', 'source finished').isTriggered(), true);
    assert.equal(limiterOf(false, 'source finished', 'elements limit').endReason, 'elements limit');
  });

  it('leaves a job alone whose sources have all finished', () => {
    assert.equal(limiterOf(false, 'source finished', 'source finished').isTriggered(), false);
  });

  it('ends recordings that are made together at the first limit', () => {
    assert.equal(limiterOf(true, 'source finished', undefined).isTriggered(), false);
    assert.equal(limiterOf(true, 'bytes limit', undefined).isTriggered(), true);
    assert.equal(limiterOf(true, 'bytes limit', undefined).endReason, 'bytes limit');
  });
});
