import { languageOf } from '../language/language.js';
import path from 'node:path';
import { canLaunch } from '../launch/canLaunch.js';
import { launchPython } from '../launch/python.js';
import { launchYaml } from '../launch/yaml.js';
import { beamVersion } from '../launch/interpreter.js';
import { startBackend } from '../beam/backends/backend.js';
import type { JobPlan, RunningJob } from '../beam/jobService/jobService.js';
import { serveJobService } from '../beam/jobService/jobService.js';
import {
  JobMessage_MessageImportance as Importance,
  JobState_Enum as State,
} from '../beam/proto/beam/job_pb.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import { serveExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import type { LaunchOptions, SessionEvent } from './session.js';

/** How much of a program's last output explains its failure, bytes. */
const explanationBytes = 4000;

/** How a program ended, and the jobs it submitted. */
export interface ProgramRun {
  exitCode: number | null;
  /** The end of what it wrote to stderr. */
  lastErrors: string;
  jobs: RunningJob[];
}

/** Decides what becomes of a pipeline that the program submits. */
export type PipelinePlanner = (
  pipeline: Pipeline,
  job: RunningJob,
  workers: ExternalWorkerPool,
) => Promise<JobPlan>;

/**
 * Runs a user's program against a JobService of ours in front of the chosen runner. When the signal
 * aborts, its jobs are cancelled, then the program is stopped; nothing it started outlives this call.
 * @throws Error when the program is in a language that is not run here, or the interpreter, Beam or the runner is missing, saying what to do
 */
export async function runProgram(
  options: LaunchOptions,
  plan: PipelinePlanner,
): Promise<ProgramRun> {
  const step = (text: string): void => {
    options.onEvent({ kind: 'step', text });
  };
  if (!canLaunch(options.file)) {
    throw new Error(
      `Programs like ${path.basename(options.file)} are analysed, and cannot be run from here yet: those in Python, notebooks and Beam YAML can.`,
    );
  }
  const sdkVersion = await beamVersion(options.interpreter);
  const backend = await startBackend(options.backend, {
    sdkVersion,
    ...(options.prismPath && { prismPath: options.prismPath }),
    onStep: step,
  });
  const workers = await serveExternalWorkerPool();
  const service = await serveJobService({
    runnerEndpoint: backend.endpoint,
    ...(options.startTimeoutMs !== undefined && { startTimeoutMs: options.startTimeoutMs }),
    plan: (pipeline, job) => {
      reportMessages(job, options.onEvent);
      return plan(pipeline, job, workers);
    },
  });
  // A function: it may become true at any await.
  const isAborted = (): boolean => options.signal.aborted;
  let lastErrors = Buffer.alloc(0);
  try {
    if (isAborted()) return { exitCode: null, lastErrors: '', jobs: [] };
    step(`Running ${options.file} with apache-beam ${sdkVersion}`);
    const launch = languageOf(options.file) === 'yaml' ? launchYaml : launchPython;
    const program = await launch({
      file: options.file,
      args: options.args,
      interpreter: options.interpreter,
      jobEndpoint: service.endpoint,
      ...(options.cwd && { cwd: options.cwd }),
      onOutput: (stream, data) => {
        if (stream === 'stderr') {
          lastErrors = Buffer.concat([lastErrors, data]).subarray(-explanationBytes);
        }
        options.onEvent({ kind: 'output', stream, data });
      },
    });
    const onAbort = (): void => {
      void cancelAll(service.jobs()).finally(() => program.stop());
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (isAborted()) onAbort();
    const exit = await program.exit;
    options.signal.removeEventListener('abort', onAbort);
    // A program that is gone has left its jobs: no worker of its own answers the runner any more.
    await cancelAll(service.jobs());
    return { exitCode: exit.code, lastErrors: lastErrors.toString(), jobs: service.jobs() };
  } finally {
    service.close();
    workers.close();
    await backend.stop();
  }
}

async function cancelAll(jobs: RunningJob[]): Promise<void> {
  await Promise.all(
    jobs.map(async (running) => {
      // The job service ends a job whose runner does not.
      await running.cancel().catch(() => undefined);
      await running.job.ended();
    }),
  );
}

const severities: Record<Importance, Extract<SessionEvent, { kind: 'message' }>['severity']> = {
  [Importance.MESSAGE_IMPORTANCE_UNSPECIFIED]: 'info',
  [Importance.JOB_MESSAGE_DEBUG]: 'debug',
  [Importance.JOB_MESSAGE_DETAILED]: 'debug',
  [Importance.JOB_MESSAGE_BASIC]: 'info',
  [Importance.JOB_MESSAGE_WARNING]: 'warning',
  [Importance.JOB_MESSAGE_ERROR]: 'error',
};

function reportMessages({ job }: RunningJob, onEvent: (event: SessionEvent) => void): void {
  job.events.on('message', ({ importance, messageText }) => {
    onEvent({ kind: 'message', severity: severities[importance], text: messageText });
  });
  job.events.on('state', ({ state }) => {
    onEvent({ kind: 'jobState', state: State[state] });
  });
}
