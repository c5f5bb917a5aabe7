import { create } from '@bufbuild/protobuf';
import type * as grpc from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  addService,
  callServerStream,
  callUnary,
  connect,
  listenLocally,
} from '../../../server/src/beam/grpc.js';
import type { JobPlan, RunningJobService } from '../../../server/src/beam/jobService/jobService.js';
import { serveJobService } from '../../../server/src/beam/jobService/jobService.js';
import type {
  JobMessagesResponse,
  JobStateEvent,
} from '../../../server/src/beam/proto/beam/job_pb.js';
import {
  JobMessage_MessageImportance,
  JobService,
  JobState_Enum as State,
} from '../../../server/src/beam/proto/beam/job_pb.js';
import type { Pipeline } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { PipelineSchema } from '../../../server/src/beam/proto/beam/pipeline_pb.js';
import { clicksPipeline } from '../../pipelines.js';

const { prepare, run, getState, getStateStream, getMessageStream } = JobService.method;

async function withService(
  options: { runnerEndpoint: string; plan(pipeline: Pipeline): Promise<JobPlan> },
  work: (client: grpc.Client, service: RunningJobService) => Promise<void>,
): Promise<void> {
  const service = await serveJobService(options);
  const client = connect(service.endpoint);
  try {
    await work(client, service);
  } finally {
    client.close();
    service.close();
  }
}

/** A port that nothing listens on. */
async function unusedEndpoint(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `127.0.0.1:${port}`;
}

const submitted = { pipeline: clicksPipeline(), jobName: 'clicks' };
const passThrough = (pipeline: Pipeline) => Promise.resolve({ pipeline });

describe('JobService', () => {
  it('refuses an empty pipeline, and one that is not whole, naming the cause', async () => {
    const options = { runnerEndpoint: await unusedEndpoint(), plan: passThrough };
    await withService(options, async (client) => {
      await assert.rejects(callUnary(client, prepare, {}), {
        code: status.INVALID_ARGUMENT,
        details: /empty/,
      });
      const broken = create(PipelineSchema, {
        rootTransformIds: ['missing'],
        components: { transforms: { present: {} } },
      });
      await assert.rejects(callUnary(client, prepare, { pipeline: broken }), {
        code: status.INVALID_ARGUMENT,
        details: /"missing"/,
      });
    });
  });

  it('says that no runner answers, and where', async () => {
    const runnerEndpoint = await unusedEndpoint();
    await withService({ runnerEndpoint, plan: passThrough }, async (client) => {
      await assert.rejects(callUnary(client, prepare, submitted), {
        code: status.UNAVAILABLE,
        details: new RegExp(`No runner answers at ${runnerEndpoint}`),
      });
    });
  });

  it('passes on why a pipeline is refused', async () => {
    const options = {
      runnerEndpoint: await unusedEndpoint(),
      plan: () => Promise.reject(new Error('Nothing is recorded for "Clicks".')),
    };
    await withService(options, async (client) => {
      await assert.rejects(callUnary(client, prepare, submitted), {
        code: status.FAILED_PRECONDITION,
        details: 'Nothing is recorded for "Clicks".',
      });
    });
  });

  it('knows no other jobs than its own', async () => {
    const options = { runnerEndpoint: await unusedEndpoint(), plan: passThrough };
    await withService(options, async (client) => {
      const unknown = { code: status.NOT_FOUND, details: /"other"/ };
      await assert.rejects(callUnary(client, getState, { jobId: 'other' }), unknown);
      const stream = callServerStream(client, getStateStream, { jobId: 'other' });
      stream.resume();
      const [error] = (await once(stream, 'error')) as [grpc.ServiceError];
      assert.equal(error.code, status.NOT_FOUND);
    });
  });

  it('is done at once with a pipeline that needs no run', async () => {
    const options = { runnerEndpoint: await unusedEndpoint(), plan: () => Promise.resolve({}) };
    await withService(options, async (client) => {
      const { preparationId } = await callUnary(client, prepare, submitted);
      const { jobId } = await callUnary(client, run, { preparationId });
      assert.equal((await callUnary(client, getState, { jobId })).state, State.DONE);
    });
  });

  it("tells a failed job's reason before its end, though the runner tells it after", async () => {
    const runner = await listenLocally((server) => {
      serveFailingRunner(server);
    });
    try {
      const options = { runnerEndpoint: runner.endpoint, plan: passThrough };
      await withService(options, async (client) => {
        const { preparationId } = await callUnary(client, prepare, submitted);
        const messages = callServerStream(client, getMessageStream, { jobId: preparationId });
        const seen: string[] = [];
        messages.on('data', ({ response }: JobMessagesResponse) => {
          if (response.case === 'messageResponse') seen.push(response.value.messageText);
          if (response.case === 'stateResponse') seen.push(State[response.value.state]);
        });
        const states: State[] = [];
        const stream = callServerStream(client, getStateStream, { jobId: preparationId });
        stream.on('data', ({ state }: JobStateEvent) => states.push(state));
        await callUnary(client, run, { preparationId });
        await Promise.all([once(messages, 'end'), once(stream, 'end')]);
        assert.deepEqual(seen, ['STOPPED', 'RUNNING', 'the source is on fire', 'FAILED']);
        assert.deepEqual(states, [State.STOPPED, State.RUNNING, State.FAILED]);
      });
    } finally {
      runner.close();
    }
  });
});

/** A runner whose state stream tells of the failure first, and its message stream of the reason later: as Prism may. */
function serveFailingRunner(server: grpc.Server): void {
  let tellReason: () => void = () => undefined;
  const refuse = () => Promise.reject(new Error('not asked for in this test'));
  addService(server, JobService, {
    prepare: () => Promise.resolve({ preparationId: 'backend-1' }),
    run: () => Promise.resolve({ jobId: 'backend-1' }),
    getStateStream: (call) => {
      call.write({ $typeName: getState.output.typeName, state: State.RUNNING });
      call.write({ $typeName: getState.output.typeName, state: State.FAILED });
      call.end();
      tellReason();
    },
    getMessageStream: (call) => {
      tellReason = () => {
        const messageText = 'the source is on fire';
        const value = { importance: JobMessage_MessageImportance.JOB_MESSAGE_ERROR, messageText };
        call.write(
          create(getMessageStream.output, { response: { case: 'messageResponse', value } }),
        );
        call.end();
      };
    },
    getJobs: refuse,
    getState: refuse,
    getPipeline: refuse,
    cancel: refuse,
    getJobMetrics: refuse,
    describePipelineOptions: refuse,
  });
}
