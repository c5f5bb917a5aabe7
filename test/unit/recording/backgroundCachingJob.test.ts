import assert from 'node:assert/strict';
import type { JobStateName } from '../../../server/src/recording/backgroundCachingJob.js';
import { BackgroundCachingJob } from '../../../server/src/recording/backgroundCachingJob.js';
import { bytesLimiter } from '../../../server/src/recording/limiters/bytesLimiter.js';
import { durationLimiter } from '../../../server/src/recording/limiters/durationLimiter.js';
import { elementsLimiter } from '../../../server/src/recording/limiters/elementsLimiter.js';

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
  const limiters = [durationLimiter(1000), bytesLimiter(500), elementsLimiter(10)];
  return { result, job: new BackgroundCachingJob(result, limiters) };
}

describe('BackgroundCachingJob', () => {
  for (const [reason, counts] of [
    ['duration limit', { elapsedMs: 1000, bytes: 0, elements: 0 }],
    ['bytes limit', { elapsedMs: 0, bytes: 500, elements: 0 }],
    ['elements limit', { elapsedMs: 0, bytes: 0, elements: 10 }],
  ] as const) {
    it(`is cancelled once at its ${reason}, and is done then`, async () => {
      const { result, job } = runningJob();
      await job.checkLimits([{ elapsedMs: 999, bytes: 499, elements: 9 }]);
      assert.equal(job.isDone, false);
      await job.checkLimits([{ elapsedMs: 0, bytes: 0, elements: 0 }, counts]);
      await job.checkLimits([counts]);
      assert.equal(result.cancels, 1);
      assert.equal(job.endReason, reason);
      assert.equal(job.isDone, true);
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

  it('is done when its sources ended, not when it failed', () => {
    const { result, job } = runningJob();
    result.state = 'FAILED';
    assert.equal(job.isDone, false);
    result.state = 'DONE';
    assert.equal(job.isDone, true);
  });
});
