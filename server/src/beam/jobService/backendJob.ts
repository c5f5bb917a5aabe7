import type { JsonObject } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import type * as grpc from '@grpc/grpc-js';
import { setTimeout } from 'node:timers/promises';
import { callServerStream, callUnary } from '../grpc.js';
import type {
  GetJobMetricsResponse,
  JobMessage,
  JobMessagesResponse,
  JobStateEvent,
  PrepareJobResponse,
} from '../proto/beam/job_pb.js';
import {
  JobMessage_MessageImportance as Importance,
  JobMessageSchema,
  JobService,
  JobState_Enum as State,
} from '../proto/beam/job_pb.js';
import type { Pipeline } from '../proto/beam/pipeline_pb.js';
import { isTerminal } from './job.js';

/** What a job at a runner tells while it runs. */
export interface BackendJobListener {
  onState(state: State): void;
  onMessage(message: JobMessage): void;
}

/** A job at the runner behind us. */
export interface BackendJob {
  /** The runner's answer to Prepare: where the client stages its artifacts. */
  prepared: PrepareJobResponse;
  run(retrievalToken: string, listener: BackendJobListener): Promise<void>;
  cancel(): Promise<void>;
  metrics(): Promise<GetJobMetricsResponse>;
}

/** Prepares a pipeline at a runner. @throws the runner's refusal, in its own words. */
export async function prepareBackendJob(
  runner: grpc.Client,
  jobName: string,
  pipeline: Pipeline,
  pipelineOptions: JsonObject,
): Promise<BackendJob> {
  const prepared = await callUnary(runner, JobService.method.prepare, {
    jobName,
    pipeline,
    pipelineOptions,
  });
  const { preparationId } = prepared;
  let jobId = '';
  return {
    prepared,
    async run(retrievalToken, listener) {
      ({ jobId } = await callUnary(runner, JobService.method.run, {
        preparationId,
        retrievalToken,
      }));
      follow(runner, jobId, listener);
    },
    async cancel() {
      if (jobId) await callUnary(runner, JobService.method.cancel, { jobId });
    },
    metrics: () => callUnary(runner, JobService.method.getJobMetrics, { jobId }),
  };
}

/** How long the last messages of a job may come after its last state, ms. */
const lastMessagesMs = 2000;

/**
 * Follows a job to its end. Its last state is told after its last messages, since the reason of a failure
 * may come behind the failure. A stream may end before the job's last state: then the runner is asked.
 */
function follow(runner: grpc.Client, jobId: string, listener: BackendJobListener): void {
  const messages = callServerStream(runner, JobService.method.getMessageStream, { jobId });
  messages.on('data', ({ response }: JobMessagesResponse) => {
    if (response.case === 'messageResponse') listener.onMessage(response.value);
  });
  const messagesEnded = new Promise<void>((resolve) => {
    messages.on('end', resolve);
    messages.on('error', () => {
      resolve(); // the state stream tells of a lost runner
    });
  });
  let hasEnded = false;
  const end = async (state: State): Promise<void> => {
    if (hasEnded) return;
    hasEnded = true;
    await Promise.race([messagesEnded, setTimeout(lastMessagesMs, undefined, { ref: false })]);
    messages.cancel();
    listener.onState(state);
  };
  const states = callServerStream(runner, JobService.method.getStateStream, { jobId });
  states.on('data', ({ state }: JobStateEvent) => {
    if (isTerminal(state)) void end(state);
    else if (!hasEnded) listener.onState(state);
  });
  const ask = async (lost: string): Promise<void> => {
    if (hasEnded) return;
    const answer = await callUnary(runner, JobService.method.getState, { jobId }).catch(
      () => undefined,
    );
    if (answer && isTerminal(answer.state)) return end(answer.state);
    const messageText = lost || 'The runner stopped telling the state of the job.';
    listener.onMessage(
      create(JobMessageSchema, { messageText, importance: Importance.JOB_MESSAGE_ERROR }),
    );
    return end(State.FAILED);
  };
  states.on('error', (error: grpc.ServiceError) => {
    void ask(`The runner is gone: ${error.details}`);
  });
  states.on('end', () => {
    void ask('');
  });
}
