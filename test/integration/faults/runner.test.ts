import assert from 'node:assert/strict';
import type { LocalServer } from '../../../server/src/beam/grpc.js';
import { addService, listenLocally } from '../../../server/src/beam/grpc.js';
import { JobService, JobState_Enum as State } from '../../../server/src/beam/proto/beam/job_pb.js';
import { withTemporaryFolder } from '../../temporaryFolder.js';
import { openProject } from '../session/session.js';

type Never = 'prepare' | 'run' | 'running';

/** A runner that takes jobs and does not do one of the things it should. */
function brokenRunner(never: Never): Promise<LocalServer> {
  const forever = new Promise<never>(() => undefined);
  return listenLocally((server) => {
    addService(server, JobService, {
      prepare: () =>
        never === 'prepare'
          ? forever
          : Promise.resolve({ preparationId: 'p', stagingSessionToken: 's' }),
      run: () => (never === 'run' ? forever : Promise.resolve({ jobId: 'j' })),
      getJobs: () => Promise.resolve({}),
      getState: () => Promise.resolve({ state: State.STARTING }),
      getPipeline: () => Promise.resolve({}),
      cancel: () => Promise.resolve({ state: State.CANCELLING }),
      getStateStream: (call) => {
        call.write({
          $typeName: 'org.apache.beam.model.job_management.v1.JobStateEvent',
          state: State.STARTING,
        });
      },
      getMessageStream: () => undefined,
      getJobMetrics: () => Promise.resolve({}),
      describePipelineOptions: () => Promise.resolve({}),
    });
  });
}

describe('a runner', () => {
  for (const [never, message] of [
    ['prepare', /did not prepare the job within 1 s/],
    ['run', /did not accept the job within 1 s/],
    ['running', /did not run the job within 1 s/],
  ] as const) {
    it(`that never comes to "${never}" fails the recording with words`, () =>
      withTemporaryFolder(async (folder) => {
        const runner = await brokenRunner(never);
        try {
          const project = await openProject(folder, 'clicks.py');
          const options = { backend: runner.endpoint, startTimeoutMs: 1000 };
          const outcome = await project.record({}, options);
          assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
          assert.match(outcome.message, message);
          assert.equal(outcome.sources[0]?.state, 'failed');
        } finally {
          runner.close();
        }
      }));
  }
});
