import { languageOf } from '../language/language.js';
import path from 'node:path';
import { canLaunch, runsOnPython } from '../launch/canLaunch.js';
import { prepareGo } from '../launch/go.js';
import { prepareJava } from '../launch/java.js';
import type { PrepareProgram, Program } from '../launch/program.js';
import { preparePython } from '../launch/python.js';
import { prepareYaml } from '../launch/yaml.js';
import type { Backend } from '../beam/backends/backend.js';
import { startBackend } from '../beam/backends/backend.js';
import { programRunner, pythonDirect } from '../beam/backends/pythonDirect.js';
import type { JobPlan, RunningJob } from '../beam/jobService/jobService.js';
import { serveJobService } from '../beam/jobService/jobService.js';
import {
  JobMessage_MessageImportance as Importance,
  JobState_Enum as State,
} from '../beam/proto/beam/job_pb.js';
import type { Pipeline } from '../beam/proto/beam/pipeline_pb.js';
import type { ExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import { serveExternalWorkerPool } from '../beam/worker/externalWorkerPool.js';
import type { LaunchOptions, ReplayOptions, SessionEvent } from './session.js';

/** How much of a program's last output explains its failure, bytes. */
const explanationBytes = 4000;

/** A program that has submitted no pipeline by then may never do so, ms. */
const expectedWithinMs = 30_000;

/** The longest time that a timer of Node can have, ms. */
const longestTimerMs = 2 ** 31 - 1;

export type ProgramRunOptions = LaunchOptions & Pick<ReplayOptions, 'debug'>;

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
  runner: Backend['kind'],
) => Promise<JobPlan>;

/** By the language of the file; Python where there is no other. */
const preparations: Partial<Record<string, PrepareProgram>> = {
  yaml: prepareYaml,
  go: prepareGo,
  java: prepareJava,
};

/**
 * Runs a user's program against a JobService of ours in front of the chosen runner. When the signal
 * aborts, its jobs are cancelled, then the program is stopped; nothing it started outlives this call.
 * @throws Error when the program is in a language that is not run here or does not build, or what it needs is missing, saying what to do
 */
export async function runProgram(
  options: ProgramRunOptions,
  plan: PipelinePlanner,
): Promise<ProgramRun> {
  if (!canLaunch(options.file)) {
    throw new Error(
      `${path.basename(options.file)} is analysed, and cannot be run from here: Beam's TypeScript SDK does not get past the staging of its artifacts on Prism, and its unbounded sources are of Java's.`,
    );
  }
  if (options.backend === pythonDirect && !runsOnPython(options.file)) {
    throw new Error(
      `The backend ${pythonDirect} is the direct runner of the Python SDK: it runs Python programs, notebooks and Beam YAML only. Choose another backend.`,
    );
  }
  let lastErrors = Buffer.alloc(0);
  const { debug, ...launch } = options;
  const prepare = preparations[languageOf(options.file) ?? ''] ?? preparePython;
  let program: Program;
  try {
    program = await prepare({
      ...launch,
      ...(debug && {
        debug: {
          ...debug,
          onListening: (debuggee) => {
            options.onEvent({ kind: 'debugger', debuggee });
          },
        },
      }),
      onStep: (text) => {
        options.onEvent({ kind: 'step', text });
      },
      onOutput: (stream, data) => {
        if (stream === 'stderr') {
          lastErrors = Buffer.concat([lastErrors, data]).subarray(-explanationBytes);
        }
        options.onEvent({ kind: 'output', stream, data });
      },
    });
  } catch (error) {
    if (options.signal.aborted) return { exitCode: null, lastErrors: '', jobs: [] };
    throw error;
  }
  try {
    const run = await runPrepared(program, options, plan);
    return { ...run, lastErrors: lastErrors.toString() };
  } finally {
    await program.dispose();
  }
}

async function runPrepared(
  program: Program,
  options: ProgramRunOptions,
  plan: PipelinePlanner,
): Promise<Omit<ProgramRun, 'lastErrors'>> {
  const step = (text: string): void => {
    options.onEvent({ kind: 'step', text });
  };
  const { debug } = options;
  const backend =
    options.backend === pythonDirect
      ? undefined
      : await startBackend(options.backend, {
          sdkVersion: program.sdkVersion,
          ...(options.prismPath && { prismPath: options.prismPath }),
          onStep: step,
        });
  let isSubmitted = false;
  const workers = await serveExternalWorkerPool();
  const service = await serveJobService({
    ...(backend && { runnerEndpoint: backend.endpoint }),
    // While the program is stopped by its debugger, its runner waits for it.
    startTimeoutMs: debug ? longestTimerMs : options.startTimeoutMs,
    plan: async (pipeline, job) => {
      isSubmitted = true;
      reportMessages(job, options.onEvent);
      const runner = backend ? {} : { runnerEndpoint: programRunner(job.job.pipelineOptions) };
      return { ...runner, ...(await plan(pipeline, job, workers, backend?.kind)) };
    },
  });
  // A function: it may become true at any await.
  const isAborted = (): boolean => options.signal.aborted;
  try {
    if (isAborted()) return { exitCode: null, jobs: [] };
    step(`Running ${options.file} with ${program.sdk}`);
    const running = await program.start(service.endpoint);
    const onAbort = (): void => {
      void cancelAll(service.jobs()).finally(() => running.stop());
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    if (isAborted()) onAbort();
    const waiting = setTimeout(() => {
      const text = `The program runs, and has not submitted a pipeline yet. ${program.submission}`;
      if (!isSubmitted && !debug) options.onEvent({ kind: 'message', severity: 'warning', text });
    }, expectedWithinMs);
    const exit = await running.exit;
    clearTimeout(waiting);
    options.signal.removeEventListener('abort', onAbort);
    // A program that is gone has left its jobs: no worker of its own answers the runner any more.
    if (!isAborted() && exit.code !== 0) {
      const how = exit.signal ?? `exit code ${exit.code}`;
      for (const job of service.jobs())
        job.fail(`The program ended by ${how} while its pipeline ran.`);
    }
    await cancelAll(service.jobs());
    return { exitCode: exit.code, jobs: service.jobs() };
  } finally {
    service.close();
    workers.close();
    await backend?.stop();
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
