import type { JsonObject } from '@bufbuild/protobuf';
import { create } from '@bufbuild/protobuf';
import * as grpc from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import { withoutProgramRunner } from '../backends/pythonDirect.js';
import type { LocalServer } from '../grpc.js';
import { addService, connect, listenLocally, statusError } from '../grpc.js';
import type { GetJobMetricsResponse, JobMessage, JobStateEvent } from '../proto/beam/job_pb.js';
import {
  GetJobMetricsResponseSchema,
  JobMessage_MessageImportance as Importance,
  JobMessagesResponseSchema,
  JobService,
  JobState_Enum as State,
  PrepareJobResponseSchema,
} from '../proto/beam/job_pb.js';
import type { Pipeline } from '../proto/beam/pipeline_pb.js';
import type { BackendJob } from './backendJob.js';
import { prepareBackendJob } from './backendJob.js';
import { withDeadline } from './deadline.js';
import { isTerminal, Job } from './job.js';

/** What is to become of a submitted pipeline. */
export interface JobPlan {
  /** What the runner gets. Absent: there is nothing to run, and the job is done at once. */
  pipeline?: Pipeline;
  /** `host:port` of another runner's job endpoint: this job goes there. */
  runnerEndpoint?: string;
  /** What the runner gets besides, or instead of, the client's pipeline options: `beam:option:NAME:v1`. */
  pipelineOptions?: JsonObject;
  /** The state a client is told for a state at the runner; a job cancelled at a limit is done, say. */
  stateForClient?(state: State): State;
  /** The job left the runner, or was never run there: before the client hears of it. */
  onEnd?(state: State, job: Job): Promise<void>;
}

/** A job with the means to end it. */
export interface RunningJob {
  job: Job;
  cancel(): Promise<void>;
  /** Ends it as FAILED, with words for the user, unless it has ended or is told to end. */
  fail(message: string): void;
}

export interface JobServiceOptions {
  /** `host:port` of the runner's job endpoint. Absent: every plan names its own. */
  runnerEndpoint?: string;
  /** Milliseconds a runner may take until it runs a job; default {@link defaultStartTimeoutMs}. */
  startTimeoutMs?: number | undefined;
  /** Decides, for each submitted pipeline. What it throws is the client's error. */
  plan(pipeline: Pipeline, job: RunningJob): Promise<JobPlan>;
}

/** How long a runner may take to prepare a job, to accept it, and to say that it runs, ms each. */
const defaultStartTimeoutMs = 120_000;

/** How long a runner may take to end a job that it was told to cancel, ms. */
const cancelTimeoutMs = 20_000;

/** Beam's JobService on 127.0.0.1, in front of a runner. */
export interface RunningJobService {
  /** `127.0.0.1:port`, for `--job_endpoint`. */
  endpoint: string;
  jobs(): RunningJob[];
  /** Ends the service; jobs are to be cancelled before. */
  close(): void;
}

interface PreparedJob extends RunningJob {
  plan: JobPlan;
  backend?: BackendJob;
  startTimeoutMs: number;
  ending?: Promise<void>;
  cancelling?: Promise<void>;
}

/** Serves Beam's JobService: pipelines are rewritten as planned and handed to the runner. */
export async function serveJobService(options: JobServiceOptions): Promise<RunningJobService> {
  const { startTimeoutMs = defaultStartTimeoutMs } = options;
  const runners = new Map<string, grpc.Client>();
  const runnerAt = (endpoint: string): grpc.Client => {
    const runner = runners.get(endpoint) ?? connect(endpoint);
    runners.set(endpoint, runner);
    return runner;
  };
  const jobs = new Map<string, PreparedJob>();
  const jobOf = (id: string): PreparedJob => {
    const job = jobs.get(id);
    if (!job) throw statusError(grpc.status.NOT_FOUND, `Beam Rewind knows no job "${id}".`);
    return job;
  };

  const prepare = async (
    pipeline: Pipeline | undefined,
    name: string,
    pipelineOptions: JsonObject | undefined,
  ) => {
    checkPipeline(pipeline);
    const job = new Job(
      `${name || 'job'}-${randomUUID().slice(0, 8)}`,
      name,
      pipeline,
      pipelineOptions,
    );
    const prepared: PreparedJob = {
      job,
      plan: {},
      startTimeoutMs,
      cancel: () => (prepared.cancelling ??= cancelJob(prepared)),
      fail(message) {
        if (!prepared.ending && !prepared.cancelling) failJob(prepared, message);
      },
    };
    prepared.plan = await failedPrecondition(options.plan(pipeline, prepared));
    if (prepared.plan.pipeline) {
      const runnerEndpoint = prepared.plan.runnerEndpoint ?? options.runnerEndpoint ?? '';
      const isProgram = prepared.plan.runnerEndpoint !== undefined;
      try {
        prepared.backend = await withDeadline(
          prepareBackendJob(runnerAt(runnerEndpoint), name, prepared.plan.pipeline, {
            ...(isProgram ? pipelineOptions : withoutProgramRunner(pipelineOptions)),
            ...prepared.plan.pipelineOptions,
          }),
          startTimeoutMs,
          () => tooSlow('did not prepare the job', startTimeoutMs),
        );
      } catch (error) {
        const refusal = refusalOf(error as grpc.ServiceError, runnerEndpoint);
        job.addMessage(Importance.JOB_MESSAGE_ERROR, refusal.message);
        await endJob(prepared, State.FAILED);
        throw refusal;
      }
    }
    jobs.set(job.id, prepared);
    // Artifacts go from the client straight to the runner: its endpoint and token are passed through.
    const response = prepared.backend?.prepared ?? create(PrepareJobResponseSchema);
    response.preparationId = job.id;
    return response;
  };

  const server: LocalServer = await listenLocally((grpcServer) => {
    addService(grpcServer, JobService, {
      prepare: (request) => prepare(request.pipeline, request.jobName, request.pipelineOptions),
      run: async ({ preparationId, retrievalToken }) => {
        await runJob(jobOf(preparationId), retrievalToken);
        return { jobId: preparationId };
      },
      getJobs: () =>
        Promise.resolve({
          jobInfo: [...jobs.values()].map(({ job }) => ({
            jobId: job.id,
            jobName: job.name,
            state: job.state,
            ...(job.pipelineOptions && { pipelineOptions: job.pipelineOptions }),
          })),
        }),
      getState: async ({ jobId }) => Promise.resolve(jobOf(jobId).job.lastStateEvent),
      getPipeline: async ({ jobId }) => Promise.resolve({ pipeline: jobOf(jobId).job.pipeline }),
      cancel: async ({ jobId }) => {
        await jobOf(jobId).cancel();
        return { state: jobOf(jobId).job.state };
      },
      getStateStream: (call) => {
        const entry = jobs.get(call.request.jobId);
        if (entry) streamStates(entry.job, call);
        else
          call.emit('error', statusError(grpc.status.NOT_FOUND, `No job "${call.request.jobId}".`));
      },
      getMessageStream: (call) => {
        const entry = jobs.get(call.request.jobId);
        if (entry) streamMessages(entry.job, call);
        else
          call.emit('error', statusError(grpc.status.NOT_FOUND, `No job "${call.request.jobId}".`));
      },
      getJobMetrics: async ({ jobId }): Promise<GetJobMetricsResponse> => {
        const { backend } = jobOf(jobId);
        return backend
          ? await backend.metrics()
          : create(GetJobMetricsResponseSchema, { metrics: {} });
      },
      describePipelineOptions: () => Promise.resolve({}),
    });
  });
  return {
    endpoint: server.endpoint,
    jobs: () => [...jobs.values()],
    close() {
      server.close();
      for (const runner of runners.values()) runner.close();
    },
  };
}

function checkPipeline(pipeline: Pipeline | undefined): asserts pipeline is Pipeline {
  const transforms = Object.keys(pipeline?.components?.transforms ?? {});
  if (!pipeline || transforms.length === 0 || pipeline.rootTransformIds.length === 0) {
    throw statusError(
      grpc.status.INVALID_ARGUMENT,
      'The submitted pipeline is empty: it has no transforms. Apply at least one transform before run().',
    );
  }
  const missing = pipeline.rootTransformIds.find((id) => !transforms.includes(id));
  if (missing !== undefined) {
    throw statusError(
      grpc.status.INVALID_ARGUMENT,
      `The submitted pipeline names "${missing}" as a root, but does not contain that transform.`,
    );
  }
}

async function failedPrecondition<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && 'details' in error) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw statusError(grpc.status.FAILED_PRECONDITION, message);
  }
}

/** The runner's own words, and what to do where there is no runner. */
function refusalOf(error: grpc.ServiceError, endpoint: string): Error {
  if (error.code !== grpc.status.UNAVAILABLE) return statusError(error.code, error.details);
  const details = `No runner answers at ${endpoint} (${error.details}). Start it, or choose another backend.`;
  return statusError(grpc.status.UNAVAILABLE, details);
}

function tooSlow(what: string, timeoutMs: number): Error {
  const details = `The runner ${what} within ${timeoutMs / 1000} s. See its log, or choose another backend.`;
  return statusError(grpc.status.DEADLINE_EXCEEDED, details);
}

async function runJob(prepared: PreparedJob, retrievalToken: string): Promise<void> {
  const { job, backend, startTimeoutMs } = prepared;
  if (isTerminal(job.state)) return;
  if (!backend) return endJob(prepared, State.DONE);
  const fail = ({ message }: Error): void => {
    failJob(prepared, message);
  };
  const running = backend.run(retrievalToken, {
    onMessage: ({ importance, messageText }: JobMessage) => {
      job.addMessage(importance, messageText);
    },
    onState: (state) => {
      if (isTerminal(state)) void endJob(prepared, state);
      else job.setState(state);
    },
  });
  await withDeadline(running, startTimeoutMs, () => {
    const error = tooSlow('did not accept the job', startTimeoutMs);
    fail(error);
    return error;
  });
  // It was cancelled before the runner had given it an id.
  if (isTerminal(job.state)) return backend.cancel();
  if (job.state !== State.STOPPED && job.state !== State.STARTING) return;
  const starting = setTimeout(fail, startTimeoutMs, tooSlow('did not run the job', startTimeoutMs));
  job.events.on('state', ({ state }) => {
    if (state !== State.STARTING) clearTimeout(starting);
  });
}

/** Ends a job, once: a runner may tell more than one last state, or none in time. */
function endJob(prepared: PreparedJob, state: State): Promise<void> {
  const { plan, job } = prepared;
  const end = async (): Promise<void> => {
    try {
      await plan.onEnd?.(state, job);
      job.setState(plan.stateForClient?.(state) ?? state);
    } catch (error) {
      job.addMessage(
        Importance.JOB_MESSAGE_ERROR,
        error instanceof Error ? error.message : String(error),
      );
      job.setState(State.FAILED);
    }
  };
  return (prepared.ending ??= end());
}

function failJob(prepared: PreparedJob, message: string): void {
  prepared.job.addMessage(Importance.JOB_MESSAGE_ERROR, message);
  void endJob(prepared, State.FAILED);
  prepared.backend?.cancel().catch(() => undefined); // it may still run, or start
}

async function cancelJob(prepared: PreparedJob): Promise<void> {
  const { job, backend } = prepared;
  if (isTerminal(job.state)) return;
  if (!backend) return endJob(prepared, State.CANCELLED);
  if (job.state === State.STOPPED) {
    // The runner may have been told to run it, and not have answered yet.
    await endJob(prepared, State.CANCELLED);
    await backend.cancel();
    return;
  }
  job.setState(State.CANCELLING);
  const giveUp = setTimeout(() => {
    const seconds = cancelTimeoutMs / 1000;
    const text = `The runner did not end the job within ${seconds} s of being told to cancel it. It may still run there.`;
    job.addMessage(Importance.JOB_MESSAGE_WARNING, text);
    void endJob(prepared, State.CANCELLED);
  }, cancelTimeoutMs);
  void job.ended().then(() => {
    clearTimeout(giveUp);
  });
  try {
    await withDeadline(backend.cancel(), cancelTimeoutMs, () =>
      tooSlow('did not answer the cancellation of the job', cancelTimeoutMs),
    );
  } catch (error) {
    // A job that has ended meanwhile cannot be cancelled, and need not be.
    if (!prepared.ending) throw error;
  }
}

function streamStates(job: Job, call: grpc.ServerWritableStream<unknown, JobStateEvent>): void {
  const onState = (event: JobStateEvent): void => {
    call.write(event);
    if (isTerminal(event.state)) call.end();
  };
  onState(job.lastStateEvent);
  job.events.on('state', onState);
  call.on('close', () => job.events.off('state', onState));
}

function streamMessages(job: Job, call: grpc.ServerWritableStream<unknown, unknown>): void {
  const onMessage = (value: JobMessage): void => {
    call.write(create(JobMessagesResponseSchema, { response: { case: 'messageResponse', value } }));
  };
  const onState = (value: JobStateEvent): void => {
    call.write(create(JobMessagesResponseSchema, { response: { case: 'stateResponse', value } }));
    if (isTerminal(value.state)) call.end();
  };
  job.messages.forEach(onMessage);
  job.events.on('message', onMessage);
  job.events.on('state', onState);
  call.on('close', () => {
    job.events.off('message', onMessage);
    job.events.off('state', onState);
  });
  onState(job.lastStateEvent);
}
