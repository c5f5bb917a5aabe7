import type { Limiter } from './limiters/limiter.js';
import type { WrittenEndReason } from './recording.js';

/** States of a Beam job, as `beam_job_api.proto` names them. */
export type JobStateName =
  | 'UNSPECIFIED'
  | 'STOPPED'
  | 'RUNNING'
  | 'DONE'
  | 'FAILED'
  | 'CANCELLED'
  | 'UPDATED'
  | 'DRAINING'
  | 'DRAINED'
  | 'STARTING'
  | 'CANCELLING'
  | 'UPDATING';

/** A job at a runner; Beam's `PipelineResult`. */
export interface PipelineResult {
  readonly state: JobStateName;
  cancel(): Promise<void>;
}

/**
 * A background source recording job, limited in time and space. It is done successfully when its sources
 * ended (DONE), or when a limit was reached and it was cancelled for that (CANCELLED, or CANCELLING
 * meanwhile).
 */
export class BackgroundCachingJob {
  private reason: WrittenEndReason | undefined;

  constructor(
    private readonly pipelineResult: PipelineResult,
    private readonly limiters: Limiter[],
  ) {}

  get state(): JobStateName {
    return this.pipelineResult.state;
  }

  /** Why the job was told to end; undefined while it was not. */
  get endReason(): WrittenEndReason | undefined {
    return this.reason;
  }

  /** Done as wanted: everything the limits allow is recorded. */
  get isDone(): boolean {
    const isCancelled = this.state === 'CANCELLED' || this.state === 'CANCELLING';
    return this.state === 'DONE' || (isCancelled && this.reason !== 'cancelled');
  }

  get isRunning(): boolean {
    return this.state === 'RUNNING' || this.state === 'STARTING' || this.state === 'STOPPED';
  }

  /** Cancels the job if a limit is reached. */
  async checkLimits(): Promise<void> {
    const reached = this.limiters.find((limiter) => limiter.isTriggered());
    if (reached) await this.cancel(reached.endReason);
  }

  /** Tells the runner to cancel the job, once. */
  async cancel(reason: WrittenEndReason = 'cancelled'): Promise<void> {
    if (this.reason || !this.isRunning) return;
    this.reason = reason;
    await this.pipelineResult.cancel();
  }
}
