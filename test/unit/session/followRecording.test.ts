import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { RunningJob } from '../../../server/src/beam/jobService/jobService.js';
import { JobState_Enum as State } from '../../../server/src/beam/proto/beam/job_pb.js';
import type { RecordingWriter } from '../../../server/src/recording/recordingWriter.js';
import { followRecording } from '../../../server/src/session/followRecording.js';
import type { RecordingSession } from '../../../server/src/session/recordPipeline.js';

/** A recording job whose runner does what the test says. */
function follow() {
  const limits = { durationMs: 60_000, maxBytes: 1e9, maxElements: 10 };
  const writer = {
    recording: { id: 'r', label: 'Clicks', elements: 0, bytes: 0, limits, endReason: '' },
    end(reason: string) {
      this.recording.endReason ||= reason;
      return Promise.resolve();
    },
  };
  const running = {
    job: { state: State.RUNNING, events: new EventEmitter() },
    cancel: () => Promise.resolve(),
  };
  const options = {
    ...{ store: '/nowhere', limits, onEvent: () => undefined, end: () => undefined },
    signal: new AbortController().signal,
  };
  const following = followRecording(
    options as unknown as RecordingSession,
    running as unknown as RunningJob,
    [writer as unknown as RecordingWriter],
    { bytes: (own) => own, look: () => undefined },
  );
  return {
    following,
    writer: writer as unknown as RecordingWriter,
    endReason: () => writer.recording.endReason,
  };
}

describe('a source that seems to have ended', () => {
  it('has not, if the job fails behind it: a runner may take that of a killed program for ended', async () => {
    const { following, writer, endReason } = follow();
    following.sourceEnded(writer);
    assert.equal(endReason(), '', 'not yet known');
    await following.end(State.FAILED, 'the program ended by SIGKILL');
    assert.equal(endReason(), 'failed');
  });

  it('has, if the job is done or cancelled', async () => {
    for (const state of [State.DONE, State.CANCELLED]) {
      const { following, writer, endReason } = follow();
      following.sourceEnded(writer);
      await following.end(state, undefined);
      assert.equal(endReason(), 'source finished');
    }
  });
});
