import { create } from '@bufbuild/protobuf';
import type { JsonObject } from '@bufbuild/protobuf';
import { timestampNow } from '@bufbuild/protobuf/wkt';
import { EventEmitter } from 'node:events';
import type { JobMessage, JobStateEvent } from '../proto/beam/job_pb.js';
import {
  JobMessage_MessageImportance as Importance,
  JobMessageSchema,
  JobState_Enum as State,
  JobStateEventSchema,
} from '../proto/beam/job_pb.js';
import type { Pipeline } from '../proto/beam/pipeline_pb.js';

const terminalStates: readonly State[] = [
  State.DONE,
  State.FAILED,
  State.CANCELLED,
  State.UPDATED,
  State.DRAINED,
];

/** True for a state that a job never leaves. */
export function isTerminal(state: State): boolean {
  return terminalStates.includes(state);
}

interface JobEvents {
  state: [JobStateEvent];
  message: [JobMessage];
}

/** A job of our JobService: what its client sees of it. */
export class Job {
  readonly messages: JobMessage[] = [];
  readonly events = new EventEmitter<JobEvents>();
  private stateEvent = create(JobStateEventSchema, {
    state: State.STOPPED,
    timestamp: timestampNow(),
  });

  constructor(
    readonly id: string,
    readonly name: string,
    /** As it was submitted. */
    readonly pipeline: Pipeline,
    readonly pipelineOptions: JsonObject | undefined,
  ) {
    this.events.setMaxListeners(0);
  }

  get state(): State {
    return this.stateEvent.state;
  }

  /** The state with the time of its change. */
  get lastStateEvent(): JobStateEvent {
    return this.stateEvent;
  }

  /** Changes the state, unless it is the same or the job has ended. */
  setState(state: State): void {
    if (state === this.state || isTerminal(this.state)) return;
    this.stateEvent = create(JobStateEventSchema, { state, timestamp: timestampNow() });
    this.events.emit('state', this.stateEvent);
  }

  addMessage(importance: Importance, messageText: string): void {
    const messageId = String(this.messages.length);
    const time = new Date().toISOString();
    const message = create(JobMessageSchema, { messageId, time, importance, messageText });
    this.messages.push(message);
    this.events.emit('message', message);
  }

  /** Resolves with the state in which the job ended. */
  ended(): Promise<State> {
    if (isTerminal(this.state)) return Promise.resolve(this.state);
    return new Promise((resolve) => {
      const onState = ({ state }: JobStateEvent): void => {
        if (!isTerminal(state)) return;
        this.events.off('state', onState);
        resolve(state);
      };
      this.events.on('state', onState);
    });
  }
}
